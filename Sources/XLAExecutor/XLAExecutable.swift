import CPJRT
import Foundation
import TensorGraph

/// A program compiled by XLA. Its variables stay on the device, where a new value may take the
/// memory of the old one; inputs go there at each run, and outputs come back.
final class XLAExecutable: Executable {
    private typealias Numbers = UnsafeMutableBufferPointer<Float>

    private let device: XLADevice
    private let module: Lowering.Module
    private let loaded: UnsafeMutableRawPointer
    private let inputs: [Numbers]
    private let scalars: Numbers
    private let arrays: [Numbers]

    init(_ program: Program, on device: XLADevice) throws {
        self.device = device
        module = try Lowering.module(program)
        loaded = try device.compiled(module.text)
        inputs = module.inputs.map { Self.numbers($0.shape.count) }
        scalars = Self.numbers(module.scalars.count)
        arrays = module.arrays.map { Self.numbers($0.shape.count) }
    }

    deinit {
        device.plugin.destroy(loaded, PJRT_LOADED_DESTROY)
        for memory in inputs + [scalars] + arrays { memory.deallocate() }
    }

    private static func numbers(_ count: Int) -> Numbers {
        let numbers = Numbers.allocate(capacity: count)
        numbers.initialize(repeating: 0)
        return numbers
    }

    func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
        guard let index = module.inputs.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the program has no input '\(name)'")
        }
        return inputs[index]
    }

    func output(_ name: String) -> UnsafeBufferPointer<Float> {
        if let index = module.scalars.firstIndex(of: name) {
            return UnsafeBufferPointer(rebasing: scalars[index...index])
        }
        guard let index = module.arrays.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the program has no output '\(name)'")
        }
        return UnsafeBufferPointer(arrays[index])
    }

    func run(_ clock: RandomClock) throws {
        var arguments = try module.variables.map { try device.buffer(of: $0) }
        for (numbers, input) in zip(inputs, module.inputs) {
            arguments.append(
                try device.buffer(UnsafeRawBufferPointer(numbers), PJRT_F32, input.shape))
        }
        if module.readsClock { arguments.append(try buffer(of: clock)) }
        // The buffers must live until the program has run.
        var results = try withExtendedLifetime(arguments) { try execute(arguments)[...] }
        if !module.scalars.isEmpty {
            try results.removeFirst().copy(to: scalars, [scalars.count])
        }
        for (numbers, array) in zip(arrays, module.arrays) {
            try results.removeFirst().copy(to: numbers, array.shape)
        }
        for variable in module.assigned { device.keep(results.removeFirst(), as: variable) }
    }

    /// The clock's words, seed first, low before high.
    private func buffer(of clock: RandomClock) throws -> DeviceBuffer {
        let words = [clock.seed, clock.step].flatMap {
            [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)]
        }
        return try words.withUnsafeBytes { try device.buffer($0, PJRT_U32, [words.count]) }
    }

    /// Runs the program to its end; gives all its results.
    private func execute(_ arguments: [DeviceBuffer]) throws -> [DeviceBuffer] {
        let count =
            (module.scalars.isEmpty ? 0 : 1) + module.arrays.count + module.assigned.count
        var outputs = [UnsafeMutableRawPointer?](repeating: nil, count: count)
        var done: UnsafeMutableRawPointer?
        let handles = arguments.map { Optional($0.handle) }
        try handles.withUnsafeBufferPointer { handles in
            try outputs.withUnsafeMutableBufferPointer { outputs in
                var options = pjrt_execute_options()
                options.struct_size = MemoryLayout<pjrt_execute_options>.stride
                var argumentRow = handles.baseAddress
                var outputRow = outputs.baseAddress
                try withUnsafePointer(to: options) { options in
                    try withUnsafePointer(to: &argumentRow) { argumentRow in
                        try withUnsafePointer(to: &outputRow) { outputRow in
                            var block = pjrt_execute()
                            block.loaded = loaded
                            block.options = options
                            block.arguments = argumentRow
                            block.devices = 1
                            block.argument_count = handles.count
                            block.outputs = outputRow
                            try withUnsafeMutablePointer(to: &done) { done in
                                block.events = done
                                try device.plugin.call(PJRT_LOADED_EXECUTE, &block)
                            }
                        }
                    }
                }
            }
        }
        try device.plugin.await(done)
        return try outputs.map { handle in
            guard let handle else { throw ExecutionError("XLA: a result is missing") }
            return DeviceBuffer(handle, of: device.plugin)
        }
    }
}
