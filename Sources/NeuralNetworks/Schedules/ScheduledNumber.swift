import Foundation

/// A number that may change over a training: a pure function of how far the training is.
///
/// Positions are counted in samples shown to the critic, or in the trainer's steps where the
/// number's owner says so. A resumed training therefore needs no further state.
public indirect enum ScheduledNumber: Hashable, Sendable {
    /// Always the same.
    case constant(Double)
    /// From one value in a straight line to another at position `over`, and on at that.
    case linear(from: Double, to: Double, over: Int)
    /// Half a cosine wave from one value to another at position `over`, and on at that.
    ///
    /// Source: Loshchilov and Hutter 2016, eq. 5, arXiv:1608.03983, without restarts.
    case cosine(from: Double, to: Double, over: Int)
    /// Multiplied with `factor` every `over` positions, smoothly.
    case exponential(from: Double, factor: Double, over: Int)
    /// In a straight line to the first value of another number, which begins at position `over`.
    case warmUp(from: Double, over: Int, then: ScheduledNumber)

    /// The value at a position, counted from zero.
    public func value(at position: Int) -> Double {
        switch self {
        case .constant(let value): return value
        case .linear(let from, let to, let over):
            return from + (to - from) * progress(position, of: over)
        case .cosine(let from, let to, let over):
            return to + (from - to) * (1 + cos(.pi * progress(position, of: over))) / 2
        case .exponential(let from, let factor, let over):
            return from * pow(factor, Double(position) / Double(max(over, 1)))
        case .warmUp(let from, let over, let then):
            guard position < over else { return then.value(at: position - over) }
            return from + (then.value(at: 0) - from) * progress(position, of: over)
        }
    }

    /// The position from which on the value stays; nil for one that changes for ever.
    public var end: Int? {
        switch self {
        case .constant: 0
        case .linear(_, _, let over), .cosine(_, _, let over): over
        case .exponential: nil
        case .warmUp(_, let over, let then): then.end.map { over + $0 }
        }
    }

    /// The number multiplied with `factor` everywhere.
    public func scaled(by factor: Double) -> ScheduledNumber {
        switch self {
        case .constant(let value): .constant(factor * value)
        case .linear(let from, let to, let over):
            .linear(from: factor * from, to: factor * to, over: over)
        case .cosine(let from, let to, let over):
            .cosine(from: factor * from, to: factor * to, over: over)
        case .exponential(let from, let base, let over):
            .exponential(from: factor * from, factor: base, over: over)
        case .warmUp(let from, let over, let then):
            .warmUp(from: factor * from, over: over, then: then.scaled(by: factor))
        }
    }

    private func progress(_ position: Int, of whole: Int) -> Double {
        whole > 0 ? min(Double(position) / Double(whole), 1) : 1
    }
}

extension ScheduledNumber: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// A number that never changes: settings can be written as `learningRate: 1e-4`.
    public init(floatLiteral value: Double) { self = .constant(value) }
    /// A number that never changes: settings can be written as `coefficient: 10`.
    public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

extension ScheduledNumber: CustomStringConvertible {
    /// The course in words: `0.9 to 0.99 in a straight line over 1000`.
    public var description: String {
        switch self {
        case .constant(let value): "\(value)"
        case .linear(let from, let to, let over):
            "\(from) to \(to) in a straight line over \(over)"
        case .cosine(let from, let to, let over): "\(from) to \(to) on a cosine over \(over)"
        case .exponential(let from, let factor, let over):
            "\(from) times \(factor) every \(over)"
        case .warmUp(let from, let over, let then):
            "\(from) to \(then.value(at: 0)) in a straight line over \(over), then \(then)"
        }
    }
}
