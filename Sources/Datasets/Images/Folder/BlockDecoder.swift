import Dispatch
import Synchronization

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
