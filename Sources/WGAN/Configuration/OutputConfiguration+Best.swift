import StrictYAML

extension OutputConfiguration {
    /// How far generated samples are from the data, by which the best checkpoint is chosen: the
    /// lower, the better.
    ///
    /// All are measured on generated samples alone. What a critic or a loss says is no measure:
    /// both networks change what it means with every step.
    public enum BestMeasure: String, CaseIterable, Hashable, Sendable {
        /// The exact distance W₁ between points.
        case exactW1
        /// The mean distance W₁ of projections on random directions.
        case slicedW1
        /// The Fréchet distance of what a classifier sees of images of MNIST or Fashion-MNIST.
        case fid
        /// The kernel distance of the same.
        case kid

        /// Why the measure cannot be taken of such data; nil where it can.
        private func obstacle(in data: any DataConfiguration) -> String? {
            switch self {
            case .exactW1 where data.distribution == nil: "needs points, and the data is images"
            case .fid where data.published == nil, .kid where data.published == nil:
                "needs images of MNIST or Fashion-MNIST, for which there is a classifier"
            default: nil
            }
        }

        /// `best: exactW1`; nil where there is none.
        ///
        /// - Parameter isSaved: Whether the settings are those of a run: what an earlier version
        ///   allowed there is then read as none.
        static func read(
            _ key: String, of section: ConfigurationSection, _ data: any DataConfiguration,
            isSaved: Bool
        ) throws(ConfigurationError) -> BestMeasure? {
            let name = try section.optionalString(key)
            if let name, Self.compareWithCritic.contains(name) {
                let refusal = section.invalid(key, meaningless(name) + remedy(for: data))
                guard isSaved else { throw refusal }
                if case .override = refusal.location { throw refusal }
                return nil
            }
            let measure = try section.optionalChoice(key, of: BestMeasure.self)
            if let measure, let obstacle = measure.obstacle(in: data) {
                throw section.invalid(
                    key, "is \(measure.rawValue), which \(obstacle)\(remedy(for: data))")
            }
            return measure
        }

        /// What the records of losses hold, which measures no generator.
        private static let compareWithCritic =
            StepLosses.quantities.map(\.name) + [StepLosses.differenceName]

        private static func remedy(for data: any DataConfiguration) -> String {
            let known = allCases.filter { $0.obstacle(in: data) == nil }.map(\.rawValue)
            return "; give " + known.joined(separator: " or ")
        }

        private static func meaningless(_ name: String) -> String {
            "is \(name), whose lowest value is not the best generator: it compares a generator "
                + "with the critic of the moment, and both change"
        }
    }
}
