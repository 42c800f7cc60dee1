import Foundation
package import StrictYAML

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

/// Between which values a setting that may change over a training stays.
package enum NumberRange: Sendable {
    /// Above 0; a schedule may begin or end at 0.
    case positive
    /// At least 0.
    case notNegative
    /// 0 ≤ value < 1.
    case share
    /// 0 ≤ value ≤ 1.
    case probability

    fileprivate func constant(
        _ key: String, of section: ConfigurationSection, default fallback: Double?
    ) throws(ConfigurationError) -> Double {
        switch self {
        case .positive: try section.value(key, .number(greaterThan: 0), default: fallback)
        case .notNegative: try section.value(key, .number(minimum: 0), default: fallback)
        case .share: try section.value(key, .number(in: 0..<1), default: fallback)
        case .probability: try section.value(key, .number(in: 0...1), default: fallback)
        }
    }

    fileprivate func end(
        _ key: String, of section: ConfigurationSection, default fallback: Double? = nil
    ) throws(ConfigurationError) -> Double {
        guard case .positive = self else {
            return try constant(key, of: section, default: fallback)
        }
        return try section.value(key, .number(minimum: 0), default: fallback)
    }
}

extension ConfigurationSection {
    /// A number that may change with the samples shown to the critic: `2e-4`, or
    /// `{cosine: {from: 2e-4, to: 5e-5, samples: 1000000}}`.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    package func scheduledNumber(
        _ key: String, default fallback: Double? = nil, in range: NumberRange
    ) throws(ConfigurationError) -> ScheduledNumber {
        guard hasSettings(key) else {
            return .constant(try range.constant(key, of: self, default: fallback))
        }
        return try ScheduledNumber(
            reading: tagged(key, default: fallback.map { "\($0)" }), in: range)
    }
}

extension ScheduledNumber {
    /// The names of schedules in configuration files: `linear: {from: 0, to: 1, samples: 1000}`,
    /// `cosine` alike, `warmUp: {from: 0, samples: 1000, then: 2e-4}`.
    package static let configurationNames = ["linear", "cosine", "warmUp"]

    /// The number whose schedule a setting names.
    package init(reading setting: TaggedSection, in range: NumberRange) throws(ConfigurationError) {
        let section = setting.section
        let kind = try section.entry(setting.kind, in: Self.configurationNames, name: { $0 })
        let from = try range.end("from", of: section, default: kind == "warmUp" ? 0 : nil)
        let to = try kind == "warmUp" ? 0 : range.end("to", of: section)
        let samples = try section.value("samples", .integer(in: 1...1_000_000_000_000))
        switch kind {
        case "linear": self = .linear(from: from, to: to, over: samples)
        case "cosine": self = .cosine(from: from, to: to, over: samples)
        default:
            let then = try section.scheduledNumber("then", in: range)
            self = .warmUp(from: from, over: samples, then: then)
        }
    }
}

extension ScheduledNumber {
    /// The names of courses of both learning rates' factor, over steps: `constant`,
    /// `linear: {finalFactor: 0, steps: 1000}`, `exponential: {factor: 0.5, steps: 1000}`,
    /// `cosine: {finalFactor: 0, steps: 1000}`.
    package static let factorNames = ["constant", "linear", "exponential", "cosine"]

    /// What a setting says that learning rates are multiplied with: 1 at step 0.
    ///
    /// - Parameter length: Over how many steps it changes where the setting does not say; nil if it
    ///   must say so.
    package init(
        readingFactor setting: TaggedSection, over length: Int? = nil
    ) throws(ConfigurationError) {
        let section = setting.section
        guard Double(setting.kind) == nil else {
            throw section.failure(
                "is no schedule, which is what multiplies the learning rates; their sizes are "
                    + "generator.optimiser.<kind>.learningRate, and critic.… alike")
        }
        let steps = { () throws(ConfigurationError) in
            guard let length else {
                return try section.value("steps", .integer(in: 1...1_000_000_000))
            }
            return try section.value("steps", .integer(in: 1...1_000_000_000), default: length)
        }
        let finalFactor = { () throws(ConfigurationError) in
            try section.value("finalFactor", .number(in: 0...1), default: 0)
        }
        switch try section.entry(setting.kind, in: Self.factorNames, name: { $0 }) {
        case "linear": self = .linear(from: 1, to: try finalFactor(), over: try steps())
        case "cosine": self = .cosine(from: 1, to: try finalFactor(), over: try steps())
        case "exponential":
            let factor = try section.value("factor", .number(greaterThan: 0))
            self = .exponential(from: 1, factor: factor, over: try steps())
        default: self = 1
        }
    }
}
