/// Images of one size, kept as bytes, with or without labels.
///
/// The order of the numbers is image, row, column, channel: `[N, H, W, C]`.
public struct ImageSet: Sendable {
    /// N, at least one.
    public let count: Int
    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int
    /// The pixels as they were read, 0…255, row-major `[N, H, W, C]`.
    public let pixels: [UInt8]
    /// The class of each image, `[N]`, where it is known.
    public let labels: [UInt8]?

    /// How many numbers an image has: H·W·C.
    public var imageSize: Int { height * width * channels }

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
        height: Int, width: Int, channels: Int, pixels: [UInt8], labels: [UInt8]? = nil
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
        self.pixels = pixels
        self.labels = labels
    }

    /// Writes images as numbers in −1…1, without allocating.
    ///
    /// - Parameters:
    ///   - indices: Which images, each 0..<``count``; an image may be named more than once.
    ///   - output: Room for `[indices.count, H, W, C]` numbers: each is byte / 127.5 − 1.
    public func fill(
        batch indices: UnsafeBufferPointer<Int>, into output: UnsafeMutableBufferPointer<Float>
    ) {
        let size = imageSize
        precondition(output.count == indices.count * size, "the batch must fit the buffer")
        pixels.withUnsafeBufferPointer { pixels in
            for (position, index) in indices.enumerated() {
                precondition(index >= 0 && index < count, "image \(index) of \(count)")
                let source = pixels.extracting(index * size..<(index + 1) * size)
                let target = output.extracting(position * size..<(position + 1) * size)
                for offset in 0..<size { target[offset] = Float(source[offset]) / 127.5 - 1 }
            }
        }
    }

    /// Some of the images as numbers in −1…1, in a new array `[indices.count, H, W, C]`.
    public func scaled(_ indices: [Int]) -> [Float] {
        var output = [Float](repeating: 0, count: indices.count * imageSize)
        output.withUnsafeMutableBufferPointer { output in
            indices.withUnsafeBufferPointer { fill(batch: $0, into: output) }
        }
        return output
    }
}
