public import Foundation

extension ConfigurationDocument {
    /// Reads a YAML file.
    ///
    /// - Parameters:
    ///   - url: A file of UTF-8 text, at most 1 MiB. Errors name it as it was written.
    ///   - taggedKeys: As in `init(yaml:file:taggedKeys:)`.
    /// - Throws: A `ConfigurationError` where the file is missing, a directory, not readable, too
    ///   large or not UTF-8, and for anything but one well-formed mapping.
    public convenience init(
        contentsOf url: URL, taggedKeys: Set<String> = []
    ) throws(ConfigurationError) {
        let file = url.isFileURL ? url.relativePath : url.absoluteString
        let bytes = try Self.read(url, file: file)
        try self.init(bytes: bytes, file: file, taggedKeys: taggedKeys)
    }

    convenience init(
        bytes: Data, file: String, taggedKeys: Set<String>
    ) throws(ConfigurationError) {
        guard bytes.count <= DocumentParser.maximumSize else {
            throw ConfigurationError(location: .file(file), message: DocumentParser.tooLarge)
        }
        guard let yaml = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                location: YAMLSource.file(file)
                    .location(ofByte: Self.firstInvalidByte(of: bytes), in: bytes),
                message: "the text is not UTF-8 from here on; save the file as UTF-8")
        }
        try self.init(yaml: yaml, file: file, taggedKeys: taggedKeys)
    }

    private static func read(_ url: URL, file: String) throws(ConfigurationError) -> Data {
        var isDirectory: ObjCBool = false
        guard url.isFileURL,
            FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
        else {
            throw ConfigurationError(
                location: .file(file), message: "there is no such file; check the path")
        }
        guard !isDirectory.boolValue else {
            throw ConfigurationError(
                location: .file(file), message: "this is a directory; name a YAML file in it")
        }
        do {
            // One byte over the limit is enough to see that a file, or a device, has too many.
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            return try handle.read(upToCount: DocumentParser.maximumSize + 1) ?? Data()
        } catch {
            throw ConfigurationError(
                location: .file(file),
                message: "the file cannot be read; check that it is a text file and that its "
                    + "permissions let you read it")
        }
    }

    private static func firstInvalidByte(of bytes: Data) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            offset += scalar.count
        }
        return offset
    }
}
