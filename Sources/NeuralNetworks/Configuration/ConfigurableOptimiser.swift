package import StrictYAML

/// An optimiser that configuration files can name.
package protocol ConfigurableOptimiser: ReadFromSettings, Optimiser {
    /// Whether a step goes on in the direction of the steps before.
    var hasMomentum: Bool { get }

    /// The settings that may change over a training, by their keys.
    var scheduledNumbers: [(name: String, number: ScheduledNumber)] { get }
}

extension ConfigurableOptimiser {
    package var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        [("learningRate", learningRate)]
    }
}

/// The optimisers that configuration files can name.
package enum OptimiserCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableOptimiser.Type] = [
        Adam.self, AdamW.self, RMSprop.self, SGD.self, TensorFlowAdam.self, TensorFlowRMSprop.self,
    ]

    /// The optimiser that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any ConfigurableOptimiser {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .init(reading: setting.section)
    }
}

extension ConfigurationSection {
    /// The size of an optimiser's steps.
    func learningRate() throws(ConfigurationError) -> ScheduledNumber {
        try scheduledNumber("learningRate", in: .positive)
    }

    /// A share that is kept from step to step: 0 ≤ share < 1.
    func share(_ key: String, default fallback: Double) throws(ConfigurationError) -> Double {
        try number(key, default: fallback, in: 0..<1)
    }
}
