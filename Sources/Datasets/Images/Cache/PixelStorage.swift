import Files
import Foundation

/// The bytes of images of one size: in memory, or in a file that is mapped into it.
struct PixelStorage: Sendable {
    private enum Place: Sendable {
        case memory([UInt8])
        case mapped(MappedFile)
    }

    private let place: Place
    /// Where each image is in the file, counted in images; nil where all are there in their order.
    private let selection: [Int]?

    /// All images one after the other.
    init(_ bytes: [UInt8]) {
        place = .memory(bytes)
        selection = nil
    }

    /// All images one after the other at the front of a file.
    init(_ file: MappedFile) {
        place = .mapped(file)
        selection = nil
    }

    private init(_ place: Place, selection: [Int]) {
        self.place = place
        self.selection = selection
    }

    /// Calls `body` with the bytes of all images that were stored; ``position(of:)`` says which.
    func withBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        switch place {
        case .memory(let bytes): try bytes.withUnsafeBufferPointer(body)
        case .mapped(let file): try withExtendedLifetime(file) { try body(file.bytes) }
        }
    }

    /// Where an image is among those that were stored.
    func position(of index: Int) -> Int { selection?[index] ?? index }

    /// All bytes in the images' order: a copy, unless they are in memory already.
    func array(imageSize: Int, count: Int) -> [UInt8] {
        if case .memory(let bytes) = place { return bytes }
        return withBytes { bytes in
            var array: [UInt8] = []
            array.reserveCapacity(count * imageSize)
            for index in 0..<count {
                let start = position(of: index) * imageSize
                array += bytes.extracting(start..<start + imageSize)
            }
            return array
        }
    }

    /// Some of the images: copied where they are in memory, else only noted.
    func selecting(_ indices: [Int], imageSize: Int) -> PixelStorage {
        switch place {
        case .mapped: return PixelStorage(place, selection: indices.map(position(of:)))
        case .memory(let bytes):
            var chosen: [UInt8] = []
            chosen.reserveCapacity(indices.count * imageSize)
            for index in indices { chosen += bytes[index * imageSize..<(index + 1) * imageSize] }
            return PixelStorage(chosen)
        }
    }
}

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
