import CPJRT
import Foundation
import TensorGraph

/// A library that offers XLA's C interface, PJRT, opened for good, and its client.
///
/// `@unchecked Sendable`: the interface's functions may be called from any thread.
package final class Plugin: @unchecked Sendable {
    /// The library's file.
    package let path: String
    /// The name of the platform, such as `cpu` or `cuda`, and what the plugin says of its version.
    package private(set) var platform = "", version = ""
    /// The plugin's devices that this process can use, in its order.
    private(set) var devices: [OpaquePointer] = []
    private(set) var client: UnsafeMutableRawPointer?
    private let api: UnsafePointer<pjrt_api>

    /// Opens a plugin and finds its devices.
    ///
    /// - Throws: ``ExecutionError`` where the file is no plugin, is of a version that is not
    ///   understood, or finds no device.
    package init(path: String) throws {
        self.path = path
        var reason: UnsafeMutablePointer<CChar>?
        guard let api = cpjrt_open(path, &reason) else {
            defer { free(reason) }
            let words = reason.map { String(cString: $0) } ?? "no reason is given"
            throw ExecutionError("the plugin \(path) cannot be opened: \(words)")
        }
        self.api = api
        guard api.pointee.major == 0, api.pointee.struct_size >= Int(PJRT_SMALLEST_TABLE) else {
            throw ExecutionError(
                "the plugin \(path) has version \(api.pointee.major).\(api.pointee.minor) of its "
                    + "interface, and 0.81 or a later 0 is needed; install another")
        }
        var head = pjrt_head()
        try call(PJRT_PLUGIN_INITIALIZE, &head)
        client = try created()
        platform = try text(PJRT_CLIENT_PLATFORM_NAME, of: client)
        version = try text(PJRT_CLIENT_PLATFORM_VERSION, of: client)
        var list = pjrt_list(struct_size: 0, extensions: nil, object: client, items: nil, count: 0)
        try call(PJRT_CLIENT_ADDRESSABLE_DEVICES, &list)
        devices = (0..<list.count).compactMap { list.items[$0].map(OpaquePointer.init) }
        guard !devices.isEmpty else {
            throw ExecutionError("the plugin \(path) finds no device that this process can use")
        }
    }

    /// A client that takes memory as it is needed, where the plugin lets that be set: otherwise
    /// most of a GPU's memory is taken at once.
    private func created() throws -> UnsafeMutableRawPointer? {
        var create = pjrt_client_create()
        let name = Array("preallocate".utf8CString.dropLast())
        try? name.withUnsafeBufferPointer { name in
            var setting = pjrt_setting()
            (setting.struct_size, setting.kind) = (MemoryLayout<pjrt_setting>.stride, 4)
            (setting.name, setting.name_count, setting.count) = (name.baseAddress, name.count, 1)
            setting.value.truth = false
            try withUnsafePointer(to: setting) { setting in
                (create.options, create.option_count) = (setting, 1)
                try call(PJRT_CLIENT_CREATE, &create)
            }
        }
        if create.client == nil {
            create = pjrt_client_create()
            try call(PJRT_CLIENT_CREATE, &create)
        }
        return create.client
    }

    /// The most memory that a device has had in use, in bytes; nil where the plugin does not count.
    func peakBytes(ofDevice device: OpaquePointer) -> Int? {
        var block = pjrt_memory()
        block.device = UnsafeMutableRawPointer(device)
        guard (try? call(PJRT_DEVICE_MEMORY, &block)) != nil, block.has_peak else { return nil }
        return Int(block.peak)
    }

    /// XLA's own settings for programs.
    ///
    /// Version 0.0.1 of the plugin for processors has matrix products by XNNPACK, which keeps a
    /// rearranged copy of a matrix for the next run and knows it by its address. A variable whose
    /// new value takes the memory of the old one is then multiplied with its former value.
    var flags: [String: Bool] { platform == "cpu" ? ["xla_cpu_use_xnnpack": false] : [:] }

    /// The version of the interface, such as `0.81`.
    package var interfaceVersion: String { "\(api.pointee.major).\(api.pointee.minor)" }

    /// What a device is, such as `NVIDIA H200`.
    package func kind(ofDevice number: Int) throws -> String {
        let device = UnsafeMutableRawPointer(devices[number])
        return try text(PJRT_DESCRIPTION_KIND, of: part(PJRT_DEVICE_DESCRIPTION, of: device))
    }

    /// Calls one of the interface's functions, whose block is filled in.
    ///
    /// - Throws: ``ExecutionError`` with the plugin's own words.
    func call<Block: BitwiseCopyable>(_ function: pjrt_function, _ block: inout Block) throws {
        // Blocks that are too small are refused, larger ones are taken: room for later versions.
        let size = MemoryLayout<Block>.size + 64
        let failure = withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            withUnsafeBytes(of: &block) { memory.copyMemory(from: $0) }
            memory.storeBytes(of: size, as: Int.self)
            let failure = cpjrt_call(api, function, memory.baseAddress)
            block = memory.load(as: Block.self)
            return failure
        }
        if let failure { throw error(failure) }
    }

    /// Ends the life of something that the plugin made; nothing can be done where that fails.
    func destroy(_ object: UnsafeMutableRawPointer?, _ function: pjrt_function) {
        guard let object else { return }
        var block = pjrt_object(struct_size: 0, extensions: nil, object: object)
        try? call(function, &block)
    }

    /// Waits for an event and ends its life.
    func await(_ event: UnsafeMutableRawPointer?) throws {
        guard let event else { return }
        defer { destroy(event, PJRT_EVENT_DESTROY) }
        var block = pjrt_object(struct_size: 0, extensions: nil, object: event)
        try call(PJRT_EVENT_AWAIT, &block)
    }

    /// Something that belongs to an object of the plugin.
    func part(
        _ function: pjrt_function, of object: UnsafeMutableRawPointer?
    ) throws -> UnsafeMutableRawPointer? {
        var block = pjrt_part(struct_size: 0, extensions: nil, object: object, result: nil)
        try call(function, &block)
        return block.result
    }

    private func text(
        _ function: pjrt_function, of object: UnsafeMutableRawPointer?
    ) throws -> String {
        var block = pjrt_text(
            struct_size: 0, extensions: nil, object: object, text: nil, count: 0)
        try call(function, &block)
        return Self.string(block)
    }

    private static func string(_ block: pjrt_text) -> String {
        guard let text = block.text else { return "" }
        return String(
            decoding: UnsafeRawBufferPointer(start: text, count: block.count), as: UTF8.self)
    }

    /// The plugin's error in words; ends the error's life.
    private func error(_ failure: UnsafeMutableRawPointer) -> ExecutionError {
        var message = pjrt_text(
            struct_size: MemoryLayout<pjrt_text>.size, extensions: nil, object: failure, text: nil,
            count: 0)
        cpjrt_call_void(api, PJRT_ERROR_MESSAGE, &message)
        let words = Self.string(message).split(whereSeparator: \.isNewline).first.map(String.init)
        var code = pjrt_code(struct_size: 0, extensions: nil, object: failure, code: 0)
        try? call(PJRT_ERROR_CODE, &code)
        var block = pjrt_object(
            struct_size: MemoryLayout<pjrt_object>.size, extensions: nil, object: failure)
        cpjrt_call_void(api, PJRT_ERROR_DESTROY, &block)
        let remedy =
            code.code == PJRT_RESOURCE_EXHAUSTED
            ? "; the device has too little memory: use smaller batches or layers" : ""
        return ExecutionError("XLA: \(words ?? "an error without words")\(remedy)")
    }
}
