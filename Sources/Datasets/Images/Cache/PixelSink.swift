/// Takes images one after the other: into memory as long as the limit allows, then into a file.
struct PixelSink {
    private let limit: Int
    private let cache: ImageCache
    private var memory: [UInt8] = []
    private var writer: ImageCacheWriter?

    /// - Parameters:
    ///   - limit: The most bytes to keep in memory.
    ///   - cache: Where the file is to be.
    init(limit: Int, cache: ImageCache) {
        self.limit = limit
        self.cache = cache
    }

    /// Adds an image.
    ///
    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        if let writer { return try writer.append(bytes) }
        guard memory.count > limit - bytes.count else {
            memory.append(contentsOf: bytes)
            return
        }
        let writer = try cache.writer()
        try memory.withUnsafeBytes { try writer.append($0) }
        try writer.append(bytes)
        memory = []
        self.writer = writer
    }

    /// All that was added, in the place where it will stay.
    ///
    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    mutating func finish(_ index: ImageFolderIndex) throws -> PixelStorage {
        guard let writer else { return PixelStorage(memory) }
        try writer.commit(cache.trailer(index, pixelChecksum: writer.checksum))
        guard case .found(let pixels, _) = cache.open() else {
            throw ImageFolderError.cache(path: cache.path, reason: "it was changed meanwhile")
        }
        return pixels
    }
}
