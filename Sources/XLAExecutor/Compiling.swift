import CPJRT
import Foundation
import TensorGraph

extension XLADevice {
    /// A program of StableHLO, ready to run: from the cache where it is there, else compiled and
    /// kept.
    ///
    /// - Throws: ``ExecutionError`` where the plugin refuses it, as for lack of memory.
    func compiled(_ text: String) throws -> UnsafeMutableRawPointer {
        guard let cache else { return try plugin.compile(text, options) }
        let key = cacheKey(of: text)
        if let kept = cache.value(for: key), let loaded = plugin.load(kept) { return loaded }
        let loaded = try plugin.compile(text, options)
        if let bytes = plugin.serialized(loaded) { cache.keep(bytes, for: key) }
        return loaded
    }

    /// What a compiled program is a function of.
    func cacheKey(of text: String) -> [UInt8] {
        Array("\(plugin.build), \(name)\n".utf8) + options + Array(text.utf8)
    }

    private var options: [UInt8] {
        CompileOptions(devices: Array(numbers), flags: plugin.flags).bytes
    }
}

extension Plugin {
    /// What compiled programs depend on beside their text: the library, and the instructions of a
    /// processor that it may have compiled for.
    fileprivate var build: String {
        let file = try? FileManager.default.attributesOfItem(atPath: path)
        let (size, date) = (file?[.size] as? Int ?? 0, file?[.modificationDate] as? Date)
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let flags = processor.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        return "\(path), \(size) bytes of \(date?.timeIntervalSince1970 ?? 0), \(version), \(flags)"
    }

    /// Has the plugin compile a program.
    fileprivate func compile(
        _ text: String, _ options: [UInt8]
    ) throws -> UnsafeMutableRawPointer {
        let format = Array("mlir".utf8CString.dropLast())
        var block = pjrt_compile()
        try text.utf8CString.withUnsafeBufferPointer { code in
            try format.withUnsafeBufferPointer { format in
                let program = pjrt_program(
                    struct_size: MemoryLayout<pjrt_program>.stride, extensions: nil,
                    code: code.baseAddress, code_size: code.count - 1,
                    format: format.baseAddress, format_size: format.count)
                try withUnsafePointer(to: program) { program in
                    try options.withUnsafeBytes { options in
                        block.client = client
                        block.program = program
                        block.options = options.bindMemory(to: CChar.self).baseAddress
                        block.options_size = options.count
                        try call(PJRT_CLIENT_COMPILE, &block)
                    }
                }
            }
        }
        guard let loaded = block.loaded else {
            throw ExecutionError("XLA: a program was compiled to nothing")
        }
        return loaded
    }

    /// A compiled program as bytes; nil where the plugin has no such form.
    fileprivate func serialized(_ loaded: UnsafeMutableRawPointer) -> [UInt8]? {
        guard let executable = try? part(PJRT_LOADED_EXECUTABLE, of: loaded) else { return nil }
        defer { destroy(executable, PJRT_EXECUTABLE_DESTROY) }
        var block = pjrt_serialize()
        block.executable = executable
        guard (try? call(PJRT_EXECUTABLE_SERIALIZE, &block)) != nil, let bytes = block.bytes else {
            return nil
        }
        defer { block.release?(block.holder) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: block.count))
    }

    /// A compiled program from its bytes; nil where the plugin does not take them.
    fileprivate func load(_ bytes: [UInt8]) -> UnsafeMutableRawPointer? {
        var block = pjrt_deserialize()
        bytes.withUnsafeBytes { bytes in
            block.client = client
            block.bytes = bytes.bindMemory(to: CChar.self).baseAddress
            block.count = bytes.count
            try? call(PJRT_DESERIALIZE, &block)
        }
        return block.loaded
    }
}
