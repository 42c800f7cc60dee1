import Foundation

/// The divergences of two distributions, p and q, that look at probabilities, not at distances.
///
/// All with natural logarithms; `0 log(0/x) = 0`.
///
/// Source: Cover and Thomas 2006, "Elements of Information Theory", chapter 2; Lin 1991,
/// "Divergence measures based on the Shannon entropy", for Jensen–Shannon.
public struct Divergences: Sendable, Equatable {
    /// `TV = ½ Σ |p − q|`, in 0…1.
    public let totalVariation: Double
    /// `KL(p‖q) = Σ p log(p/q)`; infinity if p is positive somewhere where q is zero.
    public let kullbackLeibler: Double
    /// `KL(q‖p)`.
    public let reverseKullbackLeibler: Double
    /// `JS = ½ KL(p‖m) + ½ KL(q‖m)` with `m = ½(p + q)`, in 0…log 2.
    ///
    /// The WGAN paper defines it without the factors ½ but states log 2 for its example, which is
    /// the value with them.
    public let jensenShannon: Double
    /// `H = sqrt(½ Σ (√p − √q)²)`, in 0…1.
    public let hellinger: Double

    /// The divergences of two histograms over the same bins.
    ///
    /// - Parameters:
    ///   - first: Counts or shares; they are divided by their sum.
    ///   - second: As many.
    /// - Throws: ``DivergenceError``.
    public init(histograms first: [Double], _ second: [Double]) throws {
        guard first.count == second.count, !first.isEmpty else {
            throw DivergenceError.binCounts(first: first.count, second: second.count)
        }
        let p = try Self.shares(first, .first)
        let q = try Self.shares(second, .second)
        var sums = Sums()
        for bin in p.indices { sums.add(p[bin], q[bin], weight: 1) }
        self.init(sums)
    }

    private static func shares(
        _ counts: [Double], _ side: TransportError.Side
    ) throws -> [Double] {
        do {
            return try DiscreteMeasure.shares(counts, count: counts.count, side: side)
        } catch TransportError.weightOutOfRange(_, let bin) {
            throw DivergenceError.binOutOfRange(side, bin: bin)
        } catch TransportError.noWeight {
            throw DivergenceError.noMass(side)
        }
    }

    /// The divergences of two densities on the line, by the trapezoidal rule.
    ///
    /// The densities are taken as they are: an interval that holds all but a share s of their mass
    /// gives total variation to about s.
    ///
    /// - Parameters:
    ///   - first: p.
    ///   - second: q.
    ///   - interval: Where to integrate; where q underflows to zero before p does, KL is infinite.
    ///   - steps: How many pieces of equal length the interval is cut into.
    /// - Throws: ``DivergenceError``.
    public init(
        densities first: (Double) throws -> Double, _ second: (Double) throws -> Double,
        over interval: ClosedRange<Double>, steps: Int = 40_000
    ) throws {
        let (lower, upper) = (interval.lowerBound, interval.upperBound)
        let width = upper - lower
        guard width > 0, width.isFinite else {
            throw DivergenceError.interval(lower: lower, upper: upper)
        }
        guard 1...100_000_000 ~= steps else { throw DivergenceError.steps(steps) }
        var sums = Sums()
        for step in 0...steps {
            let place = lower + width * (Double(step) / Double(steps))
            let (p, q) = (try first(place), try second(place))
            for (density, side) in [(p, TransportError.Side.first), (q, .second)]
            where !(density >= 0 && density.isFinite) {
                throw DivergenceError.densityOutOfRange(side, at: place)
            }
            let share = step == 0 || step == steps ? 0.5 : 1
            sums.add(p, q, weight: share * width / Double(steps))
        }
        self.init(sums)
    }

    private init(_ sums: Sums) {
        totalVariation = sums.difference / 2
        kullbackLeibler = sums.forward
        reverseKullbackLeibler = sums.reverse
        jensenShannon = sums.mixture / 2
        hellinger = (sums.roots / 2).squareRoot()
    }

    /// The sums over bins or places.
    private struct Sums {
        var difference = 0.0
        var forward = 0.0
        var reverse = 0.0
        var mixture = 0.0
        var roots = 0.0

        mutating func add(_ p: Double, _ q: Double, weight: Double) {
            difference += weight * abs(p - q)
            forward += weight * Self.term(p, q)
            reverse += weight * Self.term(q, p)
            let middle = p / 2 + q / 2
            mixture += weight * (Self.term(p, middle) + Self.term(q, middle))
            let gap = p.squareRoot() - q.squareRoot()
            roots += weight * gap * gap
        }

        /// `p log(p/q)`.
        private static func term(_ p: Double, _ q: Double) -> Double {
            p > 0 ? (q > 0 ? p * (log(p) - log(q)) : .infinity) : 0
        }
    }
}

/// Two uniform distributions on parallel segments, the example of why Wasserstein distances teach.
///
/// P₀ is the law of (0, Z) and P_θ that of (θ, Z), with Z uniform on 0…1. Only the Wasserstein
/// distance is continuous in θ; the others say the same for every θ but zero.
///
/// Source: Arjovsky et al. 2017, example 1, arXiv:1701.07875.
public struct ParallelLines: Sendable, Equatable {
    /// θ, how far the second line is to the right of the first.
    public let offset: Double

    /// - Throws: ``DivergenceError/offset(_:)`` unless the offset is finite.
    public init(offset: Double) throws {
        guard offset.isFinite else { throw DivergenceError.offset(offset) }
        self.offset = offset
    }

    /// W_p, the same for every p: |θ|.
    public var wasserstein: Double { abs(offset) }
    /// JS with the factors ½: log 2 unless θ is zero.
    public var jensenShannon: Double { offset == 0 ? 0 : log(2) }
    /// KL in either direction: infinity unless θ is zero.
    public var kullbackLeibler: Double { offset == 0 ? 0 : .infinity }
    /// TV: 1 unless θ is zero.
    public var totalVariation: Double { offset == 0 ? 0 : 1 }
}

/// Why two distributions cannot be compared.
public enum DivergenceError: Error, Equatable {
    /// Histograms without bins, or with different numbers of them.
    case binCounts(first: Int, second: Int)
    /// A count or share that is negative or not finite.
    case binOutOfRange(TransportError.Side, bin: Int)
    /// A histogram of zeros.
    case noMass(TransportError.Side)
    /// A density that is negative or not finite at a place.
    case densityOutOfRange(TransportError.Side, at: Double)
    /// An interval without a positive, finite length.
    case interval(lower: Double, upper: Double)
    /// A number of steps outside 1…100 000 000.
    case steps(Int)
    /// A distance between the parallel lines that is not finite.
    case offset(Double)
}

extension DivergenceError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .binCounts(let first, let second):
            "Histograms of \(first) and \(second) bins cannot be compared; "
                + "give both the same number, 1 or more."
        case .binOutOfRange(let side, let bin):
            "Bin \(bin) of the \(side.rawValue) histogram is negative or not finite; "
                + "give counts or shares of zero or more."
        case .noMass(let side):
            "The \(side.rawValue) histogram is empty; give at least one bin a positive count."
        case .densityOutOfRange(let side, let place):
            "The \(side.rawValue) density is negative or not finite at \(place); "
                + "choose an interval on which it is finite."
        case .interval(let lower, let upper):
            "There is nothing to integrate over from \(lower) to \(upper); "
                + "give finite bounds with the lower one first."
        case .steps(let count):
            "An integral cannot have \(count) steps; give 1 to 100000000."
        case .offset(let offset):
            "Lines cannot be \(offset) apart; give a finite number."
        }
    }
}
