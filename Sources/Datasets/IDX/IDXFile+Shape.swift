extension IDXFile {
    /// The lengths of the axes that a file's header names, slowest first, without its numbers.
    ///
    /// - Throws: ``IDXError`` when there is no such file or its header makes no sense.
    public static func shape(ofFileAt path: String) throws -> [Int] {
        let file = try FileBytes(path: path)
        let source: any ByteSource = try file.startsLikeGzip() ? GzipReader(file) : file
        return try IDXHeader(from: source, path: path).shape
    }
}
