import CPJRT
import TensorGraph

/// A module that a plugin has compiled for some devices.
final class LoadedProgram {
    private let device: XLADevice
    private let loaded: UnsafeMutableRawPointer
    private let resultCount: Int

    /// - Parameter results: How many results the module gives.
    init(_ text: String, results: Int, on device: XLADevice) throws {
        self.device = device
        loaded = try device.compiled(text)
        resultCount = results
    }

    deinit { device.plugin.destroy(loaded, PJRT_LOADED_DESTROY) }

    /// Runs the program to its end; gives all its results.
    func run(_ arguments: [DeviceArray]) throws -> [DeviceArray] {
        let count = device.count
        // The buffers must live until the program has run.
        return try withExtendedLifetime(arguments) {
            var taken = (0..<count).flatMap { number in
                arguments.map { Optional($0.parts[number].handle) }
            }
            var given = [UnsafeMutableRawPointer?](repeating: nil, count: count * resultCount)
            var done = [UnsafeMutableRawPointer?](repeating: nil, count: count)
            try taken.withUnsafeMutableBufferPointer { taken in
                try given.withUnsafeMutableBufferPointer { given in
                    let rows = (0..<count).map {
                        (
                            UnsafePointer(taken.baseAddress?.advanced(by: $0 * arguments.count)),
                            given.baseAddress?.advanced(by: $0 * resultCount)
                        )
                    }
                    try start(rows.map(\.0), rows.map(\.1), arguments.count, &done)
                }
            }
            for event in done { try device.plugin.await(event) }
            return try (0..<resultCount).map { result in
                DeviceArray(
                    try (0..<count).map { number in
                        guard let handle = given[number * resultCount + result] else {
                            throw ExecutionError("XLA: a result is missing")
                        }
                        return DeviceBuffer(handle, of: device.plugin)
                    })
            }
        }
    }

    /// Starts the program on all devices.
    private func start(
        _ arguments: [UnsafePointer<UnsafeMutableRawPointer?>?],
        _ results: [UnsafeMutablePointer<UnsafeMutableRawPointer?>?], _ argumentCount: Int,
        _ done: inout [UnsafeMutableRawPointer?]
    ) throws {
        var options = pjrt_execute_options()
        options.struct_size = MemoryLayout<pjrt_execute_options>.stride
        try withUnsafePointer(to: options) { options in
            try arguments.withUnsafeBufferPointer { arguments in
                try results.withUnsafeBufferPointer { results in
                    try done.withUnsafeMutableBufferPointer { done in
                        var block = pjrt_execute()
                        block.loaded = loaded
                        block.options = options
                        block.arguments = arguments.baseAddress
                        block.devices = arguments.count
                        block.argument_count = argumentCount
                        block.outputs = results.baseAddress
                        block.events = done.baseAddress
                        try device.plugin.call(PJRT_LOADED_EXECUTE, &block)
                    }
                }
            }
        }
    }
}
