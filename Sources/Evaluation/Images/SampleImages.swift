/// Images of one size.
public struct SampleImages: Sendable, Equatable {
    /// The images, at least one.
    public let images: [SampleImage]

    /// How many images there are.
    public var count: Int { images.count }

    /// The size of each.
    public var shape: ImageShape { images[0].shape }

    /// A batch of given images.
    ///
    /// - Throws: ``SampleImageError`` when there is none or when they differ in size.
    public init(_ images: [SampleImage]) throws {
        guard let first = images.first else { throw SampleImageError.noImages }
        if let index = images.firstIndex(where: { $0.shape != first.shape }) {
            throw SampleImageError.unequalShapes(
                index: index, found: images[index].shape, expected: first.shape)
        }
        self.images = images
    }

    /// A batch of given samples.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1 or more.
    ///   - width: In pixels, 1 or more.
    ///   - channels: 1 for grey, 3 for red, green and blue.
    ///   - samples: Row-major `[N, H, W, C]`, channels last, each in `range`.
    ///   - range: What black and full intensity are, such as 0…1 or −1…1; mapped to 0…1.
    /// - Throws: ``SampleImageError``.
    public init<Scalar: BinaryFloatingPoint>(
        height: Int, width: Int, channels: Int, samples: [Scalar],
        range: ClosedRange<Double> = 0...1
    ) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        try self.init(
            Self.split(samples, shape).map {
                try SampleImage(
                    height: height, width: width, channels: channels, samples: $0, range: range)
            })
    }

    /// A batch of bytes, where 255 is full intensity; otherwise as
    /// ``init(height:width:channels:samples:range:)``.
    public init(height: Int, width: Int, channels: Int, bytes: [UInt8]) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        try self.init(
            Self.split(bytes, shape).map {
                try SampleImage(height: height, width: width, channels: channels, bytes: $0)
            })
    }

    /// The samples themselves as features: a row `[H · W · C]` for each image, in 0…1.
    public var pixelFeatures: FeatureMatrix {
        let shape = shape
        let values = images.flatMap { image in
            (0..<shape.height * shape.width).flatMap { pixel in
                image.planes.map { $0.values[pixel] }
            }
        }
        return FeatureMatrix(values, columns: shape.count)
    }

    private static func split<Scalar>(_ samples: [Scalar], _ shape: ImageShape) throws -> [[Scalar]]
    {
        try shape.check()
        guard samples.count.isMultiple(of: shape.count) else {
            throw SampleImageError.sampleCount(found: samples.count, shape: shape)
        }
        return stride(from: 0, to: samples.count, by: shape.count).map {
            Array(samples[$0..<$0 + shape.count])
        }
    }
}
