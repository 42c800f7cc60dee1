/// Images of one size, kept as bytes in memory or in a mapped file, with or without labels.
///
/// The order of the numbers is image, row, column, channel: `[N, H, W, C]`.
public struct ImageSet: Sendable {
    /// The most classes that labels can tell apart: 65 536, numbered from 0.
    public static let mostClasses = Int(UInt16.max) + 1

    /// N, at least one.
    public let count: Int
    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int
    /// The class of each image, `[N]`, where it is known; see ``mostClasses``.
    public let labels: [UInt16]?
    private let storage: PixelStorage

    /// How many numbers an image has: H·W·C.
    public var imageSize: Int { height * width * channels }
    /// The pixels as they were read, 0…255, row-major `[N, H, W, C]`: a copy of all of them where
    /// they are in a mapped file.
    public var pixels: [UInt8] { storage.array(imageSize: imageSize, count: count) }

    /// Images from an array in memory.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1 or more.
    ///   - width: In pixels, 1 or more.
    ///   - channels: 1 for grey, 3 for colour.
    ///   - pixels: Row-major `[N, H, W, C]`, at least one image.
    ///   - labels: One for each image, or nil.
    /// - Throws: ``ImageSetError`` when the numbers do not fit together.
    public init(
        height: Int, width: Int, channels: Int, pixels: [UInt8], labels: [UInt16]? = nil
    ) throws {
        let shape = [height, width, channels]
        let (area, tooTall) = height.multipliedReportingOverflow(by: width)
        let (size, tooDeep) = area.multipliedReportingOverflow(by: channels)
        guard height > 0, width > 0, [1, 3].contains(channels), !tooTall, !tooDeep,
            pixels.count.isMultiple(of: size)
        else {
            throw ImageSetError.pixelsDoNotFit(values: pixels.count, imageShape: shape)
        }
        guard !pixels.isEmpty else { throw ImageSetError.noImages(source: "the pixels") }
        count = pixels.count / size
        if let labels, labels.count != count {
            throw ImageSetError.countMismatch(
                images: count, imageSource: "the pixels", labels: labels.count,
                labelSource: "the list of labels")
        }
        self.height = height
        self.width = width
        self.channels = channels
        storage = PixelStorage(pixels)
        self.labels = labels
    }

    /// Images whose numbers are known to fit together, at least one.
    init(
        height: Int, width: Int, channels: Int, storage: PixelStorage, count: Int, labels: [UInt16]?
    ) {
        self.height = height
        self.width = width
        self.channels = channels
        self.storage = storage
        self.count = count
        self.labels = labels
    }

    /// One image: bytes `[H, W, C]`, and its class where it is known.
    public subscript(_ index: Int) -> (pixels: [UInt8], label: Int?) {
        precondition(index >= 0 && index < count, "image \(index) of \(count)")
        let pixels = withPixels(of: index) { Array($0) }
        return (pixels, labels.map { Int($0[index]) })
    }

    /// Some of the images, in the order of `indices`; where they are in a mapped file, they stay.
    func selecting(_ indices: [Int]) -> ImageSet {
        ImageSet(
            height: height, width: width, channels: channels,
            storage: storage.selecting(indices, imageSize: imageSize), count: indices.count,
            labels: labels.map { labels in indices.map { labels[$0] } })
    }

    /// Calls `body` with the bytes of one image, `[H, W, C]`.
    func withPixels<Result>(
        of index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let start = storage.position(of: index) * imageSize
        return try storage.withBytes { try body($0.extracting(start..<start + imageSize)) }
    }

    /// Writes images as numbers in −1…1, without allocating.
    ///
    /// - Parameters:
    ///   - indices: Which images, each 0..<``count``; an image may be named more than once.
    ///   - output: Room for `[indices.count, H, W, C]` numbers: each is byte / 127.5 − 1.
    ///   - isMirrored: Whether an image, by its index, is mirrored left to right.
    public func fill(
        batch indices: UnsafeBufferPointer<Int>, into output: UnsafeMutableBufferPointer<Float>,
        mirroring isMirrored: (_ index: Int) -> Bool = { _ in false }
    ) {
        let size = imageSize
        precondition(output.count == indices.count * size, "the batch must fit the buffer")
        for (position, index) in indices.enumerated() {
            precondition(index >= 0 && index < count, "image \(index) of \(count)")
            let target = output.extracting(position * size..<(position + 1) * size)
            withPixels(of: index) { source in
                if isMirrored(index) {
                    scaleMirrored(source, into: target)
                } else {
                    for offset in 0..<size { target[offset] = Float(source[offset]) / 127.5 - 1 }
                }
            }
        }
    }

    private func scaleMirrored(
        _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<Float>
    ) {
        for row in stride(from: 0, to: source.count, by: width * channels) {
            for column in 0..<width {
                let from = row + column * channels
                let to = row + (width - 1 - column) * channels
                for channel in 0..<channels {
                    target[to + channel] = Float(source[from + channel]) / 127.5 - 1
                }
            }
        }
    }

    /// Some of the images as numbers in −1…1, in a new array `[indices.count, H, W, C]`.
    ///
    /// - Parameter isMirrored: Whether all are mirrored left to right.
    public func scaled(_ indices: [Int], mirrored isMirrored: Bool = false) -> [Float] {
        var output = [Float](repeating: 0, count: indices.count * imageSize)
        output.withUnsafeMutableBufferPointer { output in
            indices.withUnsafeBufferPointer {
                fill(batch: $0, into: output) { _ in isMirrored }
            }
        }
        return output
    }
}
