import TensorGraph
import Testing

@testable import XLAExecutor

@Suite(
    "Many runs by one call",
    .enabled(if: TestPlugin.isInstalled, TestPlugin.absence))
struct RunListTests {
    private static let (w, v) = (Variable("w", [3, 2]), Variable("v", [2]))

    /// One program reads samples and moves both variables; another has no input, other numbers and
    /// one variable.
    private static func programs() throws -> [Program] {
        let x = Tensor.input("x", [4, 3])
        let factor = Tensor.input("factor", [])
        let noise = Tensor.randomNormal([4, 2], stream: 5)
        let y = x.matmul(w.tensor) + noise
        let first = try Program(
            outputs: [("sum", y.sum()), ("most", x.max(along: [0, 1]))],
            updates: [
                (w, w.tensor + factor * x.matmul(y, transposeFirst: true)),
                (v, v.tensor + y.sum(along: [0])),
            ])
        let second = try Program(
            outputs: [("v", v.tensor.sum())], updates: [(v, v.tensor * 0.5)])
        return [first, second]
    }

    private static let order = [0, 0, 1, 0, 1, 1, 0, 0, 0, 1]

    private static func sample(_ run: Int) -> [Float] {
        (0..<12).map { Float(($0 * 7 + run * 5) % 11) / 8 - 0.5 }
    }

    private static func start(_ device: any Device) throws {
        try device.set(w, to: [1, -1, 0.5, 2, 0, 1])
        try device.set(v, to: [0.25, -3])
    }

    /// The numbers that runs give, one call a run.
    private func oneByOne() throws -> (numbers: [[Float]], values: [[Float]?]) {
        let device = try TestPlugin.device()
        try Self.start(device)
        let executables = try Self.programs().map { try device.compile($0) }
        let numbers = try Self.order.enumerated().map { run, program in
            let executable = executables[program]
            if program == 0 {
                _ = executable.input("x").update(from: Self.sample(run))
                executable.input("factor")[0] = 0.01 * Float(run)
            }
            try executable.run(RandomClock(seed: 3, step: UInt64(run)))
            return (program == 0 ? ["sum", "most"] : ["v"]).map { executable.scalar($0) }
        }
        return (numbers, [Self.w, Self.v].map { device.value(of: $0) })
    }

    @Test(
        "gives the numbers of single runs, however they are cut into calls", arguments: [1, 3, 10])
    func agreement(length: Int) throws {
        let expected = try oneByOne()
        let device = try TestPlugin.device()
        try Self.start(device)
        let list = try #require(try device.compile(Self.programs(), tables: [:]))
        #expect(list.capacity == 128)
        var numbers: [[Float]] = []
        for start in stride(from: 0, to: Self.order.count, by: length) {
            let runs = Array(start..<min(start + length, Self.order.count))
            for (place, run) in runs.enumerated() where Self.order[run] == 0 {
                _ = list.input("x", ofRun: place).update(from: Self.sample(run))
                list.input("factor", ofRun: place)[0] = 0.01 * Float(run)
            }
            try list.run(
                runs.map { (Self.order[$0], RandomClock(seed: 3, step: UInt64($0))) })
            numbers += runs.indices.map { place in
                (Self.order[runs[place]] == 0 ? ["sum", "most"] : ["v"]).map {
                    list.scalar($0, ofRun: place)
                }
            }
        }
        let close = { (a: [Float], b: [Float]) in
            a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($0)) }
        }
        #expect(zip(expected.numbers, numbers).allSatisfy(close), "\(numbers)")
        for (variable, value) in zip([Self.w, Self.v], expected.values) {
            #expect(close(try #require(value), try #require(device.value(of: variable))))
        }
    }

    @Test("takes samples from a table of bytes, mirrored or not")
    func tables() throws {
        let (shape, count): (Shape, Int) = ([2, 3, 1], 5)
        let table = ByteTable((0..<30).map { UInt8($0 * 8) }, rowShape: shape)
        let x = Tensor.input("x", [2, 2, 3, 1])
        let weights = Tensor.constant((0..<12).map { Double($0) }, [2, 2, 3, 1])
        let program = try Program(outputs: [("y", (x * weights).sum())])
        let device = try TestPlugin.device()
        let list = try #require(try device.compile([program], tables: ["x": table]))
        let rows: [[Int32]] = [[0, 1], [4, 4], [-1, 2], [-5, -4]]
        for (run, rows) in rows.enumerated() { _ = list.rows("x", ofRun: run).update(from: rows) }
        try list.run(rows.indices.map { _ in (0, RandomClock()) })
        for (run, rows) in rows.enumerated() {
            let pixels = rows.flatMap { row -> [Float] in
                let index = Int(row < 0 ? -1 - row : row)
                #expect(index < count)
                return (0..<6).map { place in
                    let column = row < 0 ? 2 - place % 3 : place % 3
                    return Float(table.bytes[6 * index + place / 3 * 3 + column]) / 127.5 - 1
                }
            }
            let expected = zip(pixels, 0..<12).map { $0 * Float($1) }.reduce(0, +)
            #expect(abs(list.scalar("y", ofRun: run) - expected) <= 1e-4, "run \(run)")
        }
    }

    @Test("is not made of convolutions on processors, which are slow in loops")
    func convolutions() throws {
        let image = Tensor.input("x", [1, 4, 4, 1])
        let result = image.convolved(.input("w", [1, 1, 2, 2]), ConvolutionGeometry())
        let program = try Program(outputs: [("y", result.sum())])
        let device = try TestPlugin.device(loopsConvolutions: nil)
        #expect(try device.compile([program], tables: [:]) == nil)
        #expect(try TestPlugin.device().compile([program], tables: [:]) != nil)
    }

    @Test("takes fewer runs where their inputs are large, and refuses names of several shapes")
    func limits() throws {
        let device = try TestPlugin.device()
        let large = try Program(outputs: [("y", Tensor.input("x", [1 << 20]).sum())])
        #expect(try device.compile([large], tables: [:])?.capacity == 4)
        let other = try Program(outputs: [("y", Tensor.input("x", [2]).sum())])
        #expect(throws: ExecutionError.self) { try device.compile([large, other], tables: [:]) }
    }
}
