import NeuralNetworks
package import StrictYAML

/// How many critic updates come with each generator update.
///
/// Everything is a function of the step's number, counted from zero, so that a resumed training
/// needs no further state.
public enum CriticSchedule: Hashable, Sendable {
    /// A step is `iterations` critic updates, at least 1, and then a generator update.
    case fixed(iterations: Int)
    /// As `fixed`, but with 100 critic updates in the first 25 steps and in every 500th: the
    /// schedule of the original program, which trains the critic well at the beginning.
    case warmedUp(iterations: Int)
    /// A step is one update: the generator's in every `period`th step, `period` at least 1, and the
    /// critic's in those between. With a period of 5 it is the fifth step that is the generator's
    /// first.
    case alternating(period: Int)
    /// A rule of one's own.
    case custom(Custom)

    /// A rule of one's own; two of the same name count as the same.
    public struct Custom: Hashable, Sendable {
        /// What records call it.
        public let name: String
        /// The updates in a step, a function of its number alone: training may go on from any.
        public let updates: @Sendable (_ step: Int) -> Updates

        /// A rule that describes each step; negative numbers count as none.
        public init(_ name: String, updates: @escaping @Sendable (_ step: Int) -> Updates) {
            self.name = name
            self.updates = { step in
                let turns = updates(step)
                return Updates(critic: max(turns.critic, 0), generator: max(turns.generator, 0))
            }
        }

        /// Compares names alone: functions cannot be compared.
        public static func == (first: Custom, second: Custom) -> Bool { first.name == second.name }

        /// Hashes the name, by which rules are compared.
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// Updates of both networks, those of the critic coming first.
    public struct Updates: Hashable, Sendable {
        /// Updates of the critic.
        public var critic: Int
        /// Updates of the generator.
        public var generator: Int

        /// So many updates of each.
        public init(critic: Int, generator: Int) {
            (self.critic, self.generator) = (critic, generator)
        }
    }

    private static let warmUp = (iterations: 100, first: 25, every: 500)

    /// The updates in step number `step`.
    public func updates(inStep step: Int) -> Updates {
        switch self {
        case .fixed(let iterations): Updates(critic: iterations, generator: 1)
        case .warmedUp(let iterations):
            Updates(critic: Self.isWarmUp(step) ? Self.warmUp.iterations : iterations, generator: 1)
        case .alternating(let period):
            (step + 1) % max(period, 1) == 0
                ? Updates(critic: 0, generator: 1) : Updates(critic: 1, generator: 0)
        case .custom(let rule): rule.updates(step)
        }
    }

    /// All updates in the steps before number `step`.
    public func updates(beforeStep step: Int) -> Updates {
        switch self {
        case .fixed(let iterations):
            return Updates(critic: step * iterations, generator: step)
        case .warmedUp(let iterations):
            let long = Self.warmUpSteps(before: step)
            return Updates(
                critic: long * Self.warmUp.iterations + (step - long) * iterations,
                generator: step)
        case .alternating(let period):
            let generator = step / max(period, 1)
            return Updates(critic: step - generator, generator: generator)
        case .custom(let rule):
            return (0..<step).reduce(into: Updates(critic: 0, generator: 0)) { sum, step in
                let updates = rule.updates(step)
                sum.critic += updates.critic
                sum.generator += updates.generator
            }
        }
    }

    private static func isWarmUp(_ step: Int) -> Bool {
        step < warmUp.first || step % warmUp.every == 0
    }

    private static func warmUpSteps(before step: Int) -> Int {
        // Step 0 is both among the first and a multiple.
        let multiples = (step + warmUp.every - 1) / warmUp.every
        return min(step, warmUp.first) + max(multiples - 1, 0)
    }
}

extension CriticSchedule {
    /// The names in configuration files: `fixed: 5`, `warmedUp: 5`, `alternating: 5`.
    package static let configurationNames = ["fixed", "warmedUp", "alternating"]

    /// The schedule that a setting names.
    package init(reading setting: TaggedSection) throws(ConfigurationError) {
        let section = setting.section
        let iterations = { () throws(ConfigurationError) in
            section.shorthand(for: "iterations")
            return try section.value("iterations", .integer(in: 1...10_000), default: 5)
        }
        switch try section.entry(setting.kind, in: Self.configurationNames, name: { $0 }) {
        case "warmedUp": self = .warmedUp(iterations: try iterations())
        case "alternating":
            section.shorthand(for: "period")
            // With a period of one no step would be the critic's.
            self = .alternating(
                period: try section.value("period", .integer(in: 2...10_000), default: 5))
        default: self = .fixed(iterations: try iterations())
        }
    }
}
