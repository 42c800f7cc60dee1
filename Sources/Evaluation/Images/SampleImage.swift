/// An image as the measures see it: samples in 0…1, in double precision.
public struct SampleImage: Sendable, Equatable {
    /// H in pixels, 1 or more.
    public let height: Int
    /// W in pixels, 1 or more.
    public let width: Int
    /// One plane for grey, three for red, green and blue.
    public let planes: [Plane]

    /// 1 for grey, 3 for colour.
    public var channels: Int { planes.count }

    /// Height, width and channels.
    public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }

    /// A sample in 0…1.
    public subscript(row: Int, column: Int, channel: Int) -> Double {
        planes[channel].values[row * width + column]
    }

    /// An image of given samples.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1 or more.
    ///   - width: In pixels, 1 or more.
    ///   - channels: 1 for grey, 3 for red, green and blue.
    ///   - samples: Row-major `[H, W, C]`, channels last, each in `range`.
    ///   - range: What black and full intensity are, such as 0…1 or −1…1; mapped to 0…1.
    /// - Throws: ``SampleImageError`` when the numbers do not fit the shape, or one is NaN or out
    ///   of range.
    public init<Scalar: BinaryFloatingPoint>(
        height: Int, width: Int, channels: Int, samples: [Scalar],
        range: ClosedRange<Double> = 0...1
    ) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        let (low, extent) = (range.lowerBound, range.upperBound - range.lowerBound)
        guard extent > 0, extent.isFinite else { throw SampleImageError.range(range) }
        try self.init(shape, samples) { sample in
            let value = Double(sample)
            return range.contains(value) ? (value - low) / extent : nil
        } outOfRange: { place, sample in
            .outOfRange(place: place, found: Double(sample), range: range)
        }
    }

    /// An image of bytes, where 255 is full intensity.
    ///
    /// - Parameters: As ``init(height:width:channels:samples:range:)``.
    /// - Throws: ``SampleImageError`` when the bytes do not fit the shape.
    public init(height: Int, width: Int, channels: Int, bytes: [UInt8]) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        try self.init(shape, bytes) {
            Double($0) / 255
        } outOfRange: { place, byte in
            .outOfRange(place: place, found: Double(byte), range: 0...255)
        }
    }

    /// An image of planes that are known to be valid.
    init(planes: [Plane]) {
        height = planes[0].height
        width = planes[0].width
        self.planes = planes
    }

    private init<Scalar>(
        _ shape: ImageShape, _ samples: [Scalar], _ scaled: (Scalar) -> Double?,
        outOfRange: (_ place: [Int], Scalar) -> SampleImageError
    ) throws {
        try shape.check()
        guard samples.count == shape.count else {
            throw SampleImageError.sampleCount(found: samples.count, shape: shape)
        }
        var planes: [Plane] = []
        for channel in 0..<shape.channels {
            var values: [Double] = []
            values.reserveCapacity(shape.height * shape.width)
            for index in stride(from: channel, to: samples.count, by: shape.channels) {
                guard let value = scaled(samples[index]) else {
                    let pixel = index / shape.channels
                    throw outOfRange(
                        [pixel / shape.width, pixel % shape.width, channel], samples[index])
                }
                values.append(value)
            }
            planes.append(Plane(height: shape.height, width: shape.width, values: values))
        }
        self.init(planes: planes)
    }
}
