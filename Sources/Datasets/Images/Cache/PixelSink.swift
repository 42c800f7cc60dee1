import Files
import Foundation

/// Takes images one after the other: into memory as long as the limit allows, then into a file.
struct PixelSink {
    private let limit: Int
    private let cache: ImageCache
    private var memory: [UInt8] = []
    private var file: (writer: AtomicFileWriter, checksum: CRC32)?

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
        if file == nil {
            guard memory.count > limit - bytes.count else {
                memory.append(contentsOf: bytes)
                return
            }
            file = (try explaining { try cache.writer() }, CRC32())
            try memory.withUnsafeBytes { try write($0) }
            memory = []
        }
        try write(bytes)
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        try explaining { try file?.writer.append(bytes) }
        file?.checksum.add(bytes)
    }

    /// All that was added, in the place where it will stay.
    ///
    /// - Throws: ``ImageFolderError/cache(path:reason:)``.
    mutating func finish(_ index: ImageFolderIndex) throws -> PixelStorage {
        guard let file else { return PixelStorage(memory) }
        let trailer = try cache.trailer(index, pixelChecksum: file.checksum.value)
        try explaining {
            try file.writer.append(trailer)
            try file.writer.commit()
        }
        guard case .found(let pixels, _) = cache.open() else {
            throw ImageFolderError.cache(path: cache.path, reason: "it was changed meanwhile")
        }
        return pixels
    }

    private func explaining<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let failure as FileFailure {
            throw ImageFolderError.cache(path: cache.path, reason: failure.cause)
        }
    }
}
