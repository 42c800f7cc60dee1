import Foundation
package import StrictYAML

/// How the learning rate changes: a factor as a pure function of the step's number.
public enum LearningRateSchedule: Hashable, Sendable {
    /// Always 1.
    case constant
    /// From 1 at step 0 in a straight line to `finalFactor` at step `steps`, and on at that.
    case linear(finalFactor: Double, steps: Int)
    /// `factor` to the power of step/`steps`: multiplied with `factor` every `steps` steps,
    /// smoothly.
    case exponential(factor: Double, steps: Int)
    /// Half a cosine wave from 1 at step 0 to `finalFactor` at step `steps`, and on at that.
    case cosine(finalFactor: Double, steps: Int)

    /// What the learning rate of step number `step`, counted from zero, is multiplied with.
    public func factor(at step: Int) -> Double {
        switch self {
        case .constant: 1
        case .linear(let finalFactor, let steps):
            1 + (finalFactor - 1) * progress(step, of: steps)
        case .exponential(let factor, let steps):
            pow(factor, Double(step) / Double(max(steps, 1)))
        case .cosine(let finalFactor, let steps):
            finalFactor + (1 - finalFactor) * (1 + cos(.pi * progress(step, of: steps))) / 2
        }
    }

    private func progress(_ step: Int, of steps: Int) -> Double {
        steps > 0 ? min(Double(step) / Double(steps), 1) : 1
    }
}

extension LearningRateSchedule {
    /// The names in configuration files: `constant`, `linear: {finalFactor: 0, steps: 1000}`,
    /// `exponential: {factor: 0.5, steps: 1000}`, `cosine: {finalFactor: 0, steps: 1000}`.
    package static let configurationNames = ["constant", "linear", "exponential", "cosine"]

    /// The schedule that a setting names.
    package init(reading setting: TaggedSection) throws(ConfigurationError) {
        let section = setting.section
        guard Double(setting.kind) == nil else {
            throw section.failure(
                "is no schedule, which is what multiplies the learning rates; their sizes are "
                    + "generator.optimiser.<kind>.learningRate, and critic.… alike")
        }
        let steps = { () throws(ConfigurationError) in
            try section.integer("steps", in: 1...1_000_000_000)
        }
        let finalFactor = { () throws(ConfigurationError) in
            try section.number("finalFactor", default: 0, in: 0...1)
        }
        switch try section.entry(setting.kind, in: Self.configurationNames, name: { $0 }) {
        case "linear": self = .linear(finalFactor: try finalFactor(), steps: try steps())
        case "cosine": self = .cosine(finalFactor: try finalFactor(), steps: try steps())
        case "exponential":
            let factor = try section.number("factor", greaterThan: 0)
            self = .exponential(factor: factor, steps: try steps())
        default: self = .constant
        }
    }
}
