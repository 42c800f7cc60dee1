public import Philox

/// Isotropic Gaussians with equal weights, at any places.
public struct GaussianMixture: MixtureDistribution, Equatable {
    /// One Gaussian of a mixture.
    public struct Component: Sendable, Equatable {
        /// The centre: one number per axis.
        public var mean: [Float]
        /// The standard deviation along every axis; zero gives a point.
        public var scale: Float

        /// A Gaussian with this centre and this standard deviation along every axis.
        public init(mean: [Float], scale: Float) {
            self.mean = mean
            self.scale = scale
        }
    }

    /// The most components that a mixture may have.
    public static let maximumCount = 1_000_000

    /// How many coordinates a point has.
    public let dimensions: Int
    /// The centres of the components, row-major `[components, dimensions]`.
    public let means: [Float]
    /// The standard deviation along each axis, one number per component: `[components]`.
    public let standardDeviations: [Float]

    /// The mixture itself.
    public var mixture: GaussianMixture { self }

    /// A mixture of the given components, each as likely as any other.
    ///
    /// - Throws: ``DistributionError`` when there is no component, when the means differ in length
    ///   or hold no number, when a number is not finite or a scale is negative.
    public init(_ components: [Component]) throws {
        try Self.check(count: components.count)
        let dimensions = components[0].mean.count
        for (index, component) in components.enumerated() {
            guard !component.mean.isEmpty, component.mean.count == dimensions else {
                throw DistributionError.meanLength(
                    component: index, found: component.mean.count, expected: max(1, dimensions))
            }
            guard component.mean.allSatisfy(\.isFinite) else {
                throw DistributionError.meanNotFinite(component: index)
            }
            try Self.check(scale: component.scale)
        }
        self.init(
            dimensions: dimensions, means: components.flatMap(\.mean),
            standardDeviations: components.map(\.scale))
    }

    /// A mixture whose numbers are known to be valid.
    init(dimensions: Int, means: [Float], standardDeviations: [Float]) {
        self.dimensions = dimensions
        self.means = means
        self.standardDeviations = standardDeviations
    }

    /// Overwrites a buffer with independent points `[count, dimensions]`, without allocating.
    public func fill(
        _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
    ) {
        precondition(points.count.isMultiple(of: dimensions), "the buffer must hold whole points")
        let count = UInt64(standardDeviations.count)
        for start in stride(from: 0, to: points.count, by: dimensions) {
            // The high half of bits · count: uniform up to count / 2³².
            let component = Int((UInt64(random.nextBits()) * count) >> 32)
            let deviation = standardDeviations[component]
            for axis in 0..<dimensions {
                points[start + axis] =
                    means[component * dimensions + axis] + deviation * random.nextNormal()
            }
        }
    }

    static func check(count: Int) throws {
        guard (1...maximumCount).contains(count) else {
            throw DistributionError.componentCount(count)
        }
    }

    static func check(scale: Float) throws {
        guard scale.isFinite, scale >= 0 else { throw DistributionError.scale(scale) }
    }
}
