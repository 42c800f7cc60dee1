import CVips
import Dispatch
import Files
import Synchronization

/// Turns files into pixels.
struct PictureDecoder: Sendable {
    private let root: String
    private let preparation: ImagePreparation

    init(root: String, preparation: ImagePreparation) {
        self.root = root
        self.preparation = preparation
    }

    /// Decodes a file into room for one image.
    ///
    /// - Returns: Nil, or why it cannot be used.
    func decode(_ file: ListedFile, into pixels: UnsafeMutableBufferPointer<UInt8>) -> String? {
        withBytes(of: file) { decode($0, into: pixels) }
    }

    /// Calls `body` with a whole file.
    ///
    /// - Returns: What `body` says, or why the file cannot be read.
    func withBytes(
        of file: ListedFile, _ body: (UnsafeRawBufferPointer) -> String?
    ) -> String? {
        if file.stamp.size == 0 { return "it is empty" }
        if file.stamp.size > preparation.decodedBytes {
            return "it is longer than \(preparation.decodedBytes >> 20) MiB"
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: file.stamp.size, alignment: 16)
        defer { bytes.deallocate() }
        return read(file, into: bytes) ?? body(UnsafeRawBufferPointer(bytes))
    }

    /// Height and width before rows and columns are exchanged.
    private var size: (height: Int, width: Int) {
        preparation.isTransposed
            ? (preparation.width, preparation.height) : (preparation.height, preparation.width)
    }

    /// The colours and the size of the preparation, in C.
    private var shape: cvips_shape {
        let background = preparation.background
        let (height, width) = size
        return cvips_shape(
            width: Int32(width), height: Int32(height),
            channels: Int32(preparation.channels), letterbox: preparation.fit == .letterbox,
            background: (background.red, background.green, background.blue))
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>
    ) -> String? {
        var shape = shape
        let message = cvips_picture_decode(
            bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &shape,
            preparation.decodedBytes, pixels.baseAddress)
        guard let message else {
            if preparation.isTransposed {
                transpose(
                    Array(pixels)[...], height: size.height, width: size.width,
                    channels: preparation.channels, into: pixels)
            }
            return nil
        }
        defer { cvips_free(message) }
        return String(cString: message)
    }

    private func read(_ file: ListedFile, into bytes: UnsafeMutableRawBufferPointer) -> String? {
        do throws(FileFailure) {
            let path = String(decoding: file.path, as: UTF8.self)
            let opened = try ReadableFile(systemPath: systemPath(root, file.path), path: path)
            let filled = try opened.read(into: bytes, at: 0)
            let status = try opened.status()
            return filled == bytes.count && FileStamp(status) == file.stamp
                ? nil : "it was changed while the folder was read"
        } catch { return error.cause }
    }
}

/// Decodes files a block at a time, the files of a block side by side.
///
/// What comes out does not depend on the number of workers: every file has its place in the block.
struct BlockDecoder: ~Copyable {
    /// How many files a block has at most.
    let capacity: Int
    private let decoder: PictureDecoder
    private let workers: Int
    private let places: Places

    /// - Parameters:
    ///   - decoder: Turns a file into pixels.
    ///   - imageSize: Bytes of an image, 1 or more.
    ///   - workers: How many threads decode, 1 or more.
    init(_ decoder: PictureDecoder, imageSize: Int, workers: Int) {
        self.decoder = decoder
        self.workers = max(1, workers)
        // Enough that waiting for a block's last file costs little, in bounded memory.
        capacity = max(self.workers, min(32 * self.workers, (32 << 20) / imageSize))
        places = Places(count: capacity, imageSize: imageSize)
    }

    deinit { places.deallocate() }

    /// Decodes up to ``capacity`` files.
    ///
    /// - Parameters:
    ///   - files: The files of this block.
    ///   - body: Called for each file in order, with its pixels or the reason why it has none.
    func decode(
        _ files: ArraySlice<ListedFile>,
        _ body: (ListedFile, Result<UnsafeRawBufferPointer, Unusable>) throws -> Void
    ) throws {
        decodeAll(files)
        for (place, file) in files.enumerated() {
            let pixels = UnsafeRawBufferPointer(places.pixels(place))
            let failure = places.reasons[place].map { Unusable(reason: $0) }
            try body(file, failure.map { .failure($0) } ?? .success(pixels))
        }
    }

    /// A file without pixels.
    struct Unusable: Error {
        let reason: String
    }

    private func decodeAll(_ files: ArraySlice<ListedFile>) {
        let next = Atomic(0)
        let (decoder, places) = (decoder, places)
        DispatchQueue.concurrentPerform(iterations: min(workers, files.count)) { _ in
            while true {
                let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard place < files.count else { return }
                places.reasons[place] = decoder.decode(
                    files[files.startIndex + place], into: places.pixels(place))
            }
        }
    }

    /// Room for what becomes of each file.
    ///
    /// `@unchecked Sendable`: a place is written by the one worker that took its number, and read
    /// after all workers have ended.
    private struct Places: @unchecked Sendable {
        let reasons: UnsafeMutableBufferPointer<String?>
        private let bytes: UnsafeMutableBufferPointer<UInt8>
        private let imageSize: Int

        init(count: Int, imageSize: Int) {
            self.imageSize = imageSize
            bytes = .allocate(capacity: count * imageSize)
            reasons = .allocate(capacity: count)
            reasons.initialize(repeating: nil)
        }

        func pixels(_ place: Int) -> UnsafeMutableBufferPointer<UInt8> {
            bytes.extracting(place * imageSize..<(place + 1) * imageSize)
        }

        func deallocate() {
            reasons.deinitialize()
            reasons.deallocate()
            bytes.deallocate()
        }
    }
}
