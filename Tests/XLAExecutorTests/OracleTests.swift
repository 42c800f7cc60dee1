import GoldenSupport
import GraphTestSupport
import TensorGraph
import Testing
import XLAExecutor

@Suite(
    "XLA against the reference",
    .enabled(if: TestPlugin.isInstalled, TestPlugin.absence))
struct OracleTests {
    @Test(
        "agrees on random graphs",
        arguments: stride(from: 0, to: 200, by: 20).map { UInt64($0)..<UInt64($0 + 20) })
    func randomGraphs(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let deviation = try RandomGraph(seed: seed).deviation(on: TestPlugin.device())
            #expect(deviation <= 1e-4, "seed \(seed): off by \(deviation)")
        }
    }

    @Test(
        "agrees on the first and second derivatives of every primitive",
        arguments: PrimitiveCatalogue.names)
    func primitives(name: String) throws {
        for test in try #require(PrimitiveCases.table[name]) {
            let program = try test.program
            let device = try TestPlugin.device()
            let reference = ReferenceExecutor(
                variables: test.readsVariables ? test.point : [:])
            let clock = RandomClock(seed: 3, step: 1 << 33)
            let expected = try reference.run(
                program, inputs: test.readsVariables ? [:] : test.point, clock: clock)
            for variable in program.variables {
                let values = test.point[variable.name]!.values
                try device.set(variable, to: values.map(Float.init))
            }
            let executable = try device.compile(program)
            for (name, _) in program.inputs {
                _ = executable.input(name).update(from: test.point[name]!.values.map(Float.init))
            }
            try executable.run(clock)
            for (name, value) in expected {
                let found = ReferenceTensor(
                    shape: value.shape, values: executable.output(name).map(Double.init))
                #expect(found.deviation(from: value) <= 1e-4, "\(test), \(name)")
            }
        }
    }

    @Test("multiplies with a matrix's present value, where the former one was in its place")
    func matricesInPlace() throws {
        let (size, device) = (512, try TestPlugin.device())
        let matrix = Variable("w", [size, size])
        try device.set(matrix, to: [Float](repeating: 1, count: size * size))
        let update = try device.compile(Program(updates: [(matrix, matrix.tensor + 1)]))
        let x = Tensor.input("x", [size, size])
        let product = try device.compile(
            Program(outputs: [
                ("first", x.matmul(matrix.tensor)),
                ("second", x.matmul(matrix.tensor, transposeSecond: true)),
            ]))
        product.input("x").update(repeating: 1)
        for value in 1...4 {
            try product.run(RandomClock())
            for name in ["first", "second"] {
                #expect(product.output(name).allSatisfy { $0 == Float(value * size) })
            }
            try update.run(RandomClock())
        }
    }

    @Test(
        "reproduces every golden case to rounding error in single precision",
        .enabled(if: GoldenFiles.exist, "the folder ../shared/reference/golden is absent"),
        arguments: try GoldenFiles.trainingFiles)
    func golden(file: String) throws {
        let report = try GoldenTraining.reproduce(file, .single, runner { try TestPlugin.device() })
        #expect(report.comparisons > 10)
        #expect(report.mismatches.isEmpty, "\(report.mismatches.joined(separator: "\n"))")
    }

    @Test("draws the bits of the reference", arguments: [1, 3, 4, 5, 4096, 10_007])
    func bits(count: Int) throws {
        for (seed, step, stream) in [
            (0, 0, 0), (1, 2, 3), (.max, 1 << 40, .max), (1 << 33, .max, 1 << 16),
        ] as [(UInt64, UInt64, UInt32)] {
            let clock = RandomClock(seed: seed, step: step)
            let program = try Program(outputs: [
                ("uniform", .randomUniform([count, 1, 2], stream: stream))
            ])
            let executable = try TestPlugin.device().compile(program)
            try executable.run(clock)
            let expected = try ReferenceExecutor().run(program, inputs: [:], clock: clock)
            #expect(executable.output("uniform").map(Double.init) == expected["uniform"]!.values)
        }
    }
}
