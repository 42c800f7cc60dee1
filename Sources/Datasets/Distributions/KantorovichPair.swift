import Foundation
import Philox

/// Two distributions in a cube whose distance W₁, optimal map and optimal critic are known exactly.
///
/// A *min funnel* `u(x) = min_n (|x − a_n| + b_n)` has a slope of 1 nearly everywhere. One
/// distribution is uniform in the cube; the other is what the map T makes of it, which pulls each
/// point along its ray towards the centre a_n of its funnel, and so never leaves the funnel. Since
/// `u(x) − u(T x) = |x − T x|`, T moves mass at the least cost, `W₁ = E |x − T x|`, and `−u` is an
/// optimal critic that scores moved points high.
///
/// Source: Korotin, Kolesov and Burnaev 2022, arXiv:2206.07767, section 4. Their pairs are files
/// that cannot be drawn again; these come from Philox, and are compared by ratios to their own W₁.
/// The closed form of W₁ is ours.
public struct KantorovichPair: Sendable, Hashable {
    /// L: the cube is [−L, L]^D.
    public static let halfWidth = 2.5
    /// q: T moves a point at the share t of its ray to the share t^q.
    public static let power = 8.0
    /// The standard deviation of the offsets.
    private static let offsetScale: Float = 0.1

    /// D, at least 1.
    public let dimensions: Int
    /// The funnels' lowest points a_n, row-major `[N, D]`.
    public let centres: [Double]
    /// What is added to the distance from each centre: b_n, `[N]`.
    public let offsets: [Double]

    /// The pair with this name: centres uniform in the cube, offsets 0.1 times standard normal
    /// numbers.
    ///
    /// - Throws: ``DistributionError`` for numbers out of range.
    public init(dimensions: Int, funnels: Int, seed: UInt64) throws {
        try Self.check(dimensions: dimensions, funnels: funnels)
        var random = RandomStream(seed: seed, stream: ReservedStream.knownPairs)
        let centres = (0..<funnels * dimensions).map { _ in
            Self.halfWidth * (2 * Double(random.nextUniform()) - 1)
        }
        let offsets = (0..<funnels).map { _ in Double(Self.offsetScale * random.nextNormal()) }
        try self.init(dimensions: dimensions, centres: centres, offsets: offsets)
    }

    /// The pair with given funnels.
    ///
    /// - Parameters:
    ///   - dimensions: D, at least 1.
    ///   - centres: Row-major `[N, D]`, within the cube, each another.
    ///   - offsets: `[N]`, finite.
    /// - Throws: ``DistributionError`` where the numbers do not fit each other or are out of range.
    public init(dimensions: Int, centres: [Double], offsets: [Double]) throws {
        try Self.check(dimensions: dimensions, funnels: offsets.count)
        guard centres.count == offsets.count * dimensions else {
            throw DistributionError.meanLength(
                component: 0, found: centres.count / offsets.count, expected: dimensions)
        }
        var known: Set<[Double]> = []
        for funnel in offsets.indices {
            let centre = Array(centres[funnel * dimensions..<(funnel + 1) * dimensions])
            guard offsets[funnel].isFinite, centre.allSatisfy({ abs($0) <= Self.halfWidth }) else {
                throw DistributionError.funnel(funnel, "is not finite or not within the cube")
            }
            // Funnels in one another have no border between them.
            guard known.insert(centre).inserted else {
                throw DistributionError.funnel(funnel, "has the centre of another one")
            }
        }
        (self.dimensions, self.centres, self.offsets) = (dimensions, centres, offsets)
    }

    /// The most numbers that the centres may have together.
    private static let largestCount = 1 << 26

    private static func check(dimensions: Int, funnels: Int) throws {
        try GaussianMixture.check(count: funnels)
        guard dimensions > 0, funnels <= largestCount / dimensions else {
            throw DistributionError.dimensions(dimensions, most: largestCount / funnels)
        }
    }

    /// N.
    public var funnels: Int { offsets.count }

    // MARK: The truth about a point

    /// The ray on which a point lies: from the centre of its funnel, along which u has slope 1, to
    /// the first border to another funnel or face of the cube.
    public struct Ray: Sendable, Equatable {
        /// n: the funnel that owns the point.
        public let funnel: Int
        /// v = ∇u(x): from the centre towards the point, of length 1; zero at the centre itself,
        /// where there is no ray.
        public let direction: [Double]
        /// s = |x − a_n|.
        public let distance: Double
        /// l: from the centre to the end of the ray.
        public let length: Double
        /// u(x).
        public let potential: Double

        /// t = s/l, in 0…1; zero at the centre.
        public var position: Double { length > 0 ? distance / length : 0 }

        /// |x − T(x)| = s − l t^q.
        public var cost: Double {
            distance - length * pow(position, KantorovichPair.power)
        }
    }

    /// u(x) = min_n (|x − a_n| + b_n).
    ///
    /// - Parameter point: D coordinates.
    public func potential(at point: [Double]) -> Double { ray(through: point).potential }

    /// The ray through a point of the cube.
    ///
    /// A face lies at `min_i (sign(v_i) L − x_i)/v_i` from the point, and the border to funnel m at
    /// `(|w| − k)(|w| + k)/(2 (k − ⟨w, v⟩))` with `w = x − a_m` and `k = u − b_m`, where the
    /// denominator is positive.
    ///
    /// - Parameter point: D coordinates within the cube.
    public func ray(through point: [Double]) -> Ray {
        precondition(point.count == dimensions, "a point has \(dimensions) coordinates")
        var direction = [Double](repeating: 0, count: dimensions)
        let traced = point.withUnsafeBufferPointer { x in
            direction.withUnsafeMutableBufferPointer { v in trace(x, v) }
        }
        return Ray(
            funnel: traced.funnel, direction: direction, distance: traced.distance,
            length: traced.length, potential: traced.potential)
    }

    /// T(x) = a_n + l t^q v; the point itself where it is a centre.
    ///
    /// - Parameter point: D coordinates within the cube.
    public func image(of point: [Double]) -> [Double] {
        precondition(point.count == dimensions, "a point has \(dimensions) coordinates")
        var image = point
        image.withUnsafeMutableBufferPointer { x in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: dimensions) { move(x, $0) }
        }
        return image
    }

    /// - Parameter v: Overwritten with the direction.
    private func trace(
        _ x: UnsafeBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>
    ) -> (funnel: Int, distance: Double, length: Double, potential: Double) {
        let (owner, potential) = owner(of: x)
        let distance = potential - offsets[owner]
        guard distance > 0 else {
            v.update(repeating: 0)
            return (owner, 0, 0, potential)
        }
        for index in 0..<dimensions {
            v[index] = (x[index] - centres[owner * dimensions + index]) / distance
        }
        let rest = rest(of: owner, from: x, potential, UnsafeBufferPointer(v))
        return (owner, distance, distance + rest, potential)
    }

    /// The funnel with the least value at a point, the first one of equals, and that value.
    private func owner(of x: UnsafeBufferPointer<Double>) -> (funnel: Int, potential: Double) {
        centres.withUnsafeBufferPointer { centres in
            var (owner, potential) = (0, Double.infinity)
            for funnel in offsets.indices {
                let row = UnsafeBufferPointer(
                    rebasing: centres[funnel * dimensions..<(funnel + 1) * dimensions])
                let value = Self.squaredDistance(x, row).squareRoot() + offsets[funnel]
                if value < potential { (owner, potential) = (funnel, value) }
            }
            return (owner, potential)
        }
    }

    /// How far it is from a point of a funnel, in a direction of length 1, to a face of the cube or
    /// the border to another funnel.
    private func rest(
        of owner: Int, from x: UnsafeBufferPointer<Double>, _ potential: Double,
        _ v: UnsafeBufferPointer<Double>
    ) -> Double {
        centres.withUnsafeBufferPointer { centres in
            var rest = Double.infinity
            for index in 0..<dimensions where v[index] != 0 {
                let face = (v[index] > 0 ? Self.halfWidth : -Self.halfWidth) - x[index]
                rest = min(rest, face / v[index])
            }
            // The owner itself is left out by its number: its border would be 0/0.
            for funnel in offsets.indices where funnel != owner {
                var (square, along) = (0.0, 0.0)
                for index in 0..<dimensions {
                    let w = x[index] - centres[funnel * dimensions + index]
                    square += w * w
                    along += w * v[index]
                }
                let k = potential - offsets[funnel]
                guard k > along else { continue }
                let norm = square.squareRoot()
                rest = min(rest, (norm - k) * (norm + k) / (2 * (k - along)))
            }
            return max(rest, 0)
        }
    }

    private static func squaredDistance(
        _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>
    ) -> Double {
        var sum = 0.0
        for index in x.indices {
            let difference = x[index] - y[index]
            sum += difference * difference
        }
        return sum
    }

    // MARK: The distributions

    /// Uniform in the cube: `[count, D]`, each coordinate `L (2 z − 1)`.
    public var uniform: some PointDistribution { Side(pair: self, isMoved: false) }

    /// What T makes of uniform points: `[count, D]`. Points of one stream are the images of those
    /// that ``uniform`` gives of the same stream; a training takes two streams.
    public var moved: some PointDistribution { Side(pair: self, isMoved: true) }

    private struct Side: PointDistribution {
        let pair: KantorovichPair
        let isMoved: Bool

        var dimensions: Int { pair.dimensions }

        func fill(
            _ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream
        ) {
            precondition(
                points.count.isMultiple(of: dimensions), "the buffer must hold whole points")
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * dimensions) { room in
                let x = UnsafeMutableBufferPointer(rebasing: room[..<dimensions])
                let v = UnsafeMutableBufferPointer(rebasing: room[dimensions...])
                for start in stride(from: 0, to: points.count, by: dimensions) {
                    pair.draw(x, using: &random)
                    if isMoved { pair.move(x, v) }
                    for index in 0..<dimensions { points[start + index] = Float(x[index]) }
                }
            }
        }
    }

    private func draw(
        _ point: UnsafeMutableBufferPointer<Double>, using random: inout RandomStream
    ) {
        for index in 0..<dimensions {
            point[index] = Self.halfWidth * (2 * Double(random.nextUniform()) - 1)
        }
    }

    private func move(
        _ point: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>
    ) {
        let ray = trace(UnsafeBufferPointer(point), v)
        guard ray.distance > 0 else { return }
        let kept = ray.length * pow(ray.distance / ray.length, Self.power)
        for index in 0..<dimensions {
            point[index] = centres[ray.funnel * dimensions + index] + kept * v[index]
        }
    }

    // MARK: The distance

    /// κ_D = D/(D + 1) − D/(D + q): the share of its ray that a point is moved on average.
    public var meanShare: Double {
        let d = Double(dimensions)
        return d / (d + 1) - d / (d + Self.power)
    }

    /// W₁, which is κ_D times the mean length of the rays through uniform points.
    ///
    /// A point's place on its ray has a density proportional to the (D − 1)-th power of its
    /// distance from the centre, whose moments are known: only the length is left to chance. In the
    /// plane there is no chance, see ``planeDistance(angles:)``.
    ///
    /// - Parameters:
    ///   - count: Uniform points, at least 2.
    ///   - seed: Selects them.
    /// - Returns: W₁ and its standard error.
    public func distance(
        count: Int = 1 << 16, seed: UInt64 = 0
    ) -> (value: Double, standardError: Double) {
        if dimensions == 2 { return (planeDistance(), 0) }
        precondition(count >= 2, "a standard error needs two points")
        var random = RandomStream(seed: seed, stream: ReservedStream.knownDistances)
        var (sum, squares) = (0.0, 0.0)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * dimensions) { room in
            let x = UnsafeMutableBufferPointer(rebasing: room[..<dimensions])
            let v = UnsafeMutableBufferPointer(rebasing: room[dimensions...])
            for _ in 0..<count {
                draw(x, using: &random)
                let length = trace(UnsafeBufferPointer(x), v).length
                sum += length
                squares += length * length
            }
        }
        let mean = sum / Double(count)
        let variance = max(0, squares / Double(count) - mean * mean)
        return (meanShare * mean, meanShare * (variance / Double(count - 1)).squareRoot())
    }

    /// W₁ in the plane, by quadrature over the rays' angles:
    /// `(1/3 − 1/(2 + q))/(2L)² Σ_n ∫ l_n(θ)³ dθ` over the funnels that own their centre.
    ///
    /// - Parameter angles: Rays from each centre.
    /// - Precondition: D is 2.
    public func planeDistance(angles: Int = 1 << 15) -> Double {
        precondition(dimensions == 2, "rays have angles in the plane alone")
        let step = 2 * Double.pi / Double(angles)
        var cubes = 0.0
        for funnel in offsets.indices {
            let centre = [centres[2 * funnel], centres[2 * funnel + 1]]
            centre.withUnsafeBufferPointer { centre in
                guard owner(of: centre).funnel == funnel else { return }
                for number in 0..<angles {
                    let angle = (Double(number) + 0.5) * step
                    let length = [cos(angle), sin(angle)].withUnsafeBufferPointer {
                        rest(of: funnel, from: centre, offsets[funnel], $0)
                    }
                    cubes += pow(length, 3)
                }
            }
        }
        let side = 2 * Self.halfWidth
        return (1.0 / 3 - 1 / (2 + Self.power)) / (side * side) * cubes * step
    }
}
