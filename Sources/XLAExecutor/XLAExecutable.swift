import CPJRT
import Foundation
import TensorGraph

typealias Numbers = UnsafeMutableBufferPointer<Float>

/// A program compiled by XLA. Its variables stay on the device, where a new value may take the
/// memory of the old one; inputs go there at each run, and outputs come back.
final class XLAExecutable: Executable {
    private let device: XLADevice
    private let signature: Lowering.Signature
    private let program: LoadedProgram
    private let inputs: [Numbers]
    private let scalars: Numbers
    private let arrays: [Numbers]

    init(_ program: Program, on device: XLADevice) throws {
        self.device = device
        signature = Lowering.Signature(program)
        self.program = try LoadedProgram(
            Lowering.module(program, devices: device.count),
            results: signature.results.count, on: device)
        inputs = signature.inputs.map { .zeros($0.shape.count) }
        scalars = .zeros(signature.scalars.count)
        arrays = signature.arrays.map { .zeros($0.shape.count) }
    }

    deinit { for memory in inputs + [scalars] + arrays { memory.deallocate() } }

    func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
        guard let index = signature.inputs.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the program has no input '\(name)'")
        }
        return inputs[index]
    }

    func output(_ name: String) -> UnsafeBufferPointer<Float> {
        if let index = signature.scalars.firstIndex(of: name) {
            return UnsafeBufferPointer(rebasing: scalars[index...index])
        }
        guard let index = signature.arrays.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the program has no output '\(name)'")
        }
        return UnsafeBufferPointer(arrays[index])
    }

    func run(_ clock: RandomClock) throws {
        var arguments = try signature.variables.map { try device.array(of: $0) }
        for (numbers, input) in zip(inputs, signature.inputs) {
            let sharding = Sharding(input.shape, axis: 0, over: device.count)
            arguments.append(
                try DeviceArray(
                    UnsafeRawBufferPointer(numbers), PJRT_F32, input.shape, sharding, on: device))
        }
        if signature.readsClock {
            arguments.append(
                try clock.words.withUnsafeBytes {
                    try DeviceArray($0, PJRT_U32, [clock.words.count], on: device)
                })
        }
        var results = try program.run(arguments)[...]
        if !signature.scalars.isEmpty {
            try results.removeFirst().copy(to: scalars, [scalars.count])
        }
        for (numbers, array) in zip(arrays, signature.arrays) {
            try results.removeFirst().copy(to: numbers, array.shape)
        }
        for variable in signature.assigned { device.keep(results.removeFirst(), as: variable) }
    }
}

extension RandomClock {
    /// The seed and the step, low before high.
    var words: [UInt32] {
        [seed, step].flatMap {
            [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)]
        }
    }
}

extension UnsafeMutableBufferPointer where Element: ExpressibleByIntegerLiteral {
    static func zeros(_ count: Int) -> Self {
        let numbers = Self.allocate(capacity: count)
        numbers.initialize(repeating: 0)
        return numbers
    }
}
