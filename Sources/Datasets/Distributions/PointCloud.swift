public import Philox

/// Points that the user gives, each as likely as any other, drawn with replacement.
public struct PointCloud: PointDistribution, Equatable {
    /// How many coordinates a point has.
    public let dimensions: Int
    /// The points, row-major `[count, dimensions]`.
    public let points: [Float]

    /// How many points there are.
    public var count: Int { points.count / dimensions }

    /// The points of an array.
    ///
    /// - Parameters:
    ///   - points: Row-major `[count, dimensions]`, at least one point; finite once they are
    ///     rounded to single precision.
    ///   - dimensions: How many coordinates a point has, 1 or more.
    /// - Throws: ``PointCloudError``.
    public init<Scalar: BinaryFloatingPoint>(_ points: [Scalar], dimensions: Int) throws {
        let points = points.map { Float($0) }
        guard dimensions > 0, !points.isEmpty, points.count.isMultiple(of: dimensions) else {
            throw PointCloudError.shape(values: points.count, dimensions: dimensions)
        }
        if let place = points.firstIndex(where: { !$0.isFinite }) {
            throw PointCloudError.notFinite(point: place / dimensions, axis: place % dimensions)
        }
        self.points = points
        self.dimensions = dimensions
    }

    /// The points of an array, moved so that the mean is the origin before they are rounded to
    /// single precision.
    ///
    /// - Parameters: As ``init(_:dimensions:)``.
    /// - Throws: ``PointCloudError``.
    public init(centring points: [Double], dimensions: Int) throws {
        let means = Self.means(points, max(dimensions, 1))
        let moved = points.indices.map { points[$0] - means[$0 % means.count] }
        try self.init(moved, dimensions: dimensions)
    }

    private static func means<Scalar: BinaryFloatingPoint>(
        _ points: [Scalar], _ dimensions: Int
    ) -> [Double] {
        (0..<dimensions).map { axis in
            stride(from: axis, to: points.count, by: dimensions)
                .reduce(0.0) { $0 + Double(points[$1]) } / Double(points.count / dimensions)
        }
    }

    /// Moved so that the mean is the origin, and divided so that the largest coordinate is 1.
    ///
    /// Points that all agree are only moved.
    public func normalised() -> PointCloud { scaling(points) }

    /// What ``normalised()`` does to these points, to be done to others.
    var scaling: Scaling {
        let means = Self.means(points, dimensions)
        let moved = Scaling(origin: means, divisor: 1)(points)
        let largest = moved.points.lazy.map(abs).max() ?? 0
        return Scaling(origin: means, divisor: largest > 0 ? largest : 1)
    }

    /// Points moved and then divided.
    struct Scaling {
        /// What becomes the origin.
        let origin: [Double]
        /// What distances are divided by.
        let divisor: Float

        /// The points of an array `[count, dimensions]`, moved and divided.
        func callAsFunction(_ points: [Float]) -> PointCloud {
            let dimensions = origin.count
            let moved = points.indices.map { place in
                Float(Double(points[place]) - origin[place % dimensions]) / divisor
            }
            return PointCloud(checked: moved, dimensions: dimensions)
        }
    }

    private init(checked points: [Float], dimensions: Int) {
        self.points = points
        self.dimensions = dimensions
    }

    /// Overwrites a buffer with independent points `[count, dimensions]`, without allocating.
    public func fill(
        _ output: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        precondition(output.count.isMultiple(of: dimensions), "the buffer must hold whole points")
        for start in stride(from: 0, to: output.count, by: dimensions) {
            // The high half of bits · count: uniform up to count / 2⁶⁴.
            let choice = Int(random.next().multipliedFullWidth(by: UInt64(count)).high)
            for axis in 0..<dimensions { output[start + axis] = points[choice * dimensions + axis] }
        }
    }
}

/// Why points cannot be drawn from an array.
public enum PointCloudError: Error, Equatable, CustomStringConvertible {
    /// An array that does not hold whole points, or none.
    case shape(values: Int, dimensions: Int)
    /// A coordinate that is a NaN or an infinity.
    case notFinite(point: Int, axis: Int)

    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .shape(let values, let dimensions):
            "\(values) values do not make points of \(dimensions) coordinates; "
                + "give at least one point, and as many values for each."
        case .notFinite(let point, let axis):
            "Coordinate \(axis) of point \(point), both counted from 0, is not finite in single "
                + "precision; give ordinary numbers."
        }
    }
}
