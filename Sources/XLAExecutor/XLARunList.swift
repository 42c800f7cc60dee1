import CPJRT
import Foundation
import TensorGraph

/// A list of runs that XLA carries out by one call: see ``RunLoop``.
final class XLARunList: RunList {
    /// The most runs of a call, and the most bytes of their inputs.
    private static let limits = (runs: 128, bytes: 16 << 20)

    /// How many runs fit whose inputs take so many bytes each.
    static func capacity(_ bytes: Int) -> Int {
        max(1, min(limits.runs, limits.bytes / max(1, bytes)))
    }

    private let device: XLADevice
    private let loop: RunLoop
    private let program: LoadedProgram
    private let inputs: [Numbers]
    private let rows: [UnsafeMutableBufferPointer<Int32>]
    private let tables: [DeviceArray]
    private let numbers: Numbers
    /// The programs of the last call's runs.
    private var last: [Int] = []

    init(_ programs: [Program], _ tables: [String: ByteTable], on device: XLADevice) throws {
        self.device = device
        let loop = try RunLoop(
            programs, tables: tables.mapValues(\.shape), devices: device.count,
            capacity: Self.capacity)
        self.loop = loop
        program = try LoadedProgram(
            loop.text(), results: 1 + loop.variables.count, on: device)
        self.tables = try loop.rows.map { input in
            try tables[input.name]!.bytes.withUnsafeBytes {
                try DeviceArray($0, PJRT_U8, loop.flat(input.name), on: device)
            }
        }
        inputs = loop.inputs.map { .zeros(loop.capacity * $0.shape.count) }
        rows = loop.rows.map { .zeros(loop.capacity * $0.shape[0]) }
        numbers = .zeros(loop.capacity * loop.width)
    }

    deinit {
        for memory in inputs + [numbers] { memory.deallocate() }
        for memory in rows { memory.deallocate() }
    }

    var capacity: Int { loop.capacity }

    func input(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Float> {
        guard let index = loop.inputs.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no program has an input '\(name)'")
        }
        let count = loop.inputs[index].shape.count
        return inputs[index].extracting(run * count..<(run + 1) * count)
    }

    func rows(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Int32> {
        guard let index = loop.rows.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("there is no table '\(name)'")
        }
        let count = loop.rows[index].shape[0]
        return rows[index].extracting(run * count..<(run + 1) * count)
    }

    func run(_ runs: [(program: Int, clock: RandomClock)]) throws {
        precondition(runs.count <= capacity, "the list holds \(capacity) runs")
        var arguments = try loop.variables.map { try device.array(of: $0) }
        for (memory, input) in zip(inputs, loop.inputs) {
            arguments.append(
                try DeviceArray(
                    UnsafeRawBufferPointer(memory), PJRT_F32, loop.column(input.shape),
                    loop.sharding(input.shape), on: device))
        }
        for (memory, input) in zip(rows, loop.rows) {
            let shape: Shape = [input.shape[0]]
            arguments.append(
                try DeviceArray(
                    UnsafeRawBufferPointer(memory), PJRT_S32, loop.column(shape),
                    loop.sharding(shape), on: device))
        }
        let rest = capacity - runs.count
        let clocks = runs.flatMap(\.clock.words) + [UInt32](repeating: 0, count: 4 * rest)
        let kinds = runs.map { Int32($0.program) } + [Int32](repeating: 0, count: rest)
        arguments += tables
        arguments.append(
            try clocks.withUnsafeBytes {
                try DeviceArray($0, PJRT_U32, [capacity, 4], on: device)
            })
        arguments.append(
            try kinds.withUnsafeBytes {
                try DeviceArray($0, PJRT_S32, [capacity], on: device)
            })
        arguments.append(
            try withUnsafeBytes(of: Int32(runs.count)) {
                try DeviceArray($0, PJRT_S32, [], on: device)
            })
        let results = try program.run(arguments)
        try results[0].copy(to: numbers, [capacity, loop.width])
        for (variable, value) in zip(loop.variables, results.dropFirst()) {
            device.keep(value, as: variable)
        }
        last = runs.map(\.program)
    }

    func scalar(_ name: String, ofRun run: Int) -> Float {
        let names = loop.signatures[last[run]].scalars
        guard let index = names.firstIndex(of: name) else {
            preconditionFailure("the program has no output '\(name)'")
        }
        return numbers[run * loop.width + index]
    }
}
