/// One channel of an image, or a map of the same kind.
public struct Plane: Sendable, Equatable {
    /// In pixels.
    public let height: Int
    /// In pixels.
    public let width: Int
    /// Row-major `[height, width]`.
    public var values: [Double]

    /// A plane of as many values as it has pixels.
    public init(height: Int, width: Int, values: [Double]) {
        precondition(values.count == height * width, "a plane has height · width values")
        self.height = height
        self.width = width
        self.values = values
    }

    init(zeros height: Int, _ width: Int) {
        self.init(height: height, width: width, values: Array(repeating: 0, count: height * width))
    }

    /// The mean of all values.
    public var mean: Double { values.mean }

    /// The standard deviation, dividing by the number of values minus `correction`.
    func standardDeviation(correction: Int) -> Double {
        let mean = mean
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (sum / Double(values.count - correction)).squareRoot()
    }

    /// Each value mapped.
    public func map(_ transform: (Double) -> Double) -> Plane {
        Plane(height: height, width: width, values: values.map(transform))
    }

    /// Each pair of values of two planes of one size mapped.
    public func combined(with other: Plane, _ transform: (Double, Double) -> Double) -> Plane {
        var result = values
        for index in result.indices {
            result[index] = transform(values[index], other.values[index])
        }
        return Plane(height: height, width: width, values: result)
    }

    /// The absolute values.
    var magnitudes: Plane { map { abs($0) } }

    static func * (lhs: Plane, rhs: Plane) -> Plane { lhs.combined(with: rhs) { $0 * $1 } }

    /// `Σ weights[c] · planes[c]`.
    static func sum(_ planes: [Plane], weights: [Double]) -> Plane {
        var result = Plane(zeros: planes[0].height, planes[0].width)
        for (plane, weight) in zip(planes, weights) {
            for index in result.values.indices {
                result.values[index] += weight * plane.values[index]
            }
        }
        return result
    }
}

extension Array where Element == Double {
    /// The mean, NaN of nothing.
    var mean: Double { reduce(0, +) / Double(count) }
}

/// `(2ab + c) / (a² + b² + c)`: 1 where a = b, near 0 where one is far larger.
func similarity(_ a: Double, _ b: Double, _ c: Double) -> Double {
    (2 * a * b + c) / (a * a + b * b + c)
}

/// Weights of red, green and blue that make one channel.
struct ColourWeights: Sendable {
    let red: Double
    let green: Double
    let blue: Double

    init(_ red: Double, _ green: Double, _ blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Brightness: Y of YIQ.
    static let luminance = ColourWeights(0.299, 0.587, 0.114)
}

extension SampleImage {
    /// A weighted sum of the channels; a grey image counts as equal red, green and blue.
    func channel(_ weights: ColourWeights) -> Plane {
        Plane.sum(
            channels == 1 ? [planes[0], planes[0], planes[0]] : planes,
            weights: [weights.red, weights.green, weights.blue])
    }

    /// The brightness; of a grey image its only channel, unchanged.
    var luminance: Plane { channels == 1 ? planes[0] : channel(.luminance) }

    /// The image with each channel pooled; see ``Plane/pooled(_:)``.
    func pooled(_ size: Int) -> SampleImage {
        SampleImage(planes: planes.map { $0.pooled(size) })
    }
}
