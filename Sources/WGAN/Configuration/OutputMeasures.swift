import StrictYAML
import TensorGraph

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
            let name = try section.optional(key, .text)
            if let name, Self.compareWithCritic.contains(name) {
                let refusal = section.invalid(key, meaningless(name) + remedy(for: data))
                guard isSaved else { throw refusal }
                if case .override = refusal.location { throw refusal }
                return nil
            }
            let measure = try section.optional(key, .oneOf(BestMeasure.self))
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

extension OutputConfiguration {
    /// Files about images as the AIDL21-SAGAN project's program writes them.
    public struct AIDL21Output: Hashable, Sendable {
        /// Critic updates from one set of samples to the next.
        public let every: Int
        /// Images in a set, always of the same latents.
        public let count: Int
        /// What the files' paths begin with; nil for the folder `report` of the run.
        public let prefix: String?

        /// The least sides of images that the report's measures are defined for.
        private static let smallestSide = 11

        /// `report: {every: 500, count: 64, prefix: null}`; nil where there is none.
        static func read(
            _ key: String, of section: ConfigurationSection, sampleShape: Shape
        ) throws(ConfigurationError) -> AIDL21Output? {
            guard let settings = try section.optionalSection(key) else { return nil }
            let output = AIDL21Output(
                every: try settings.value("every", .integer(in: 1...1_000_000_000), default: 500),
                count: try settings.value("count", .integer(in: 1...10_000), default: 64),
                prefix: try settings.optional("prefix", .filePath))
            guard sampleShape.rank == 3, min(sampleShape[0], sampleShape[1]) >= smallestSide else {
                throw section.invalid(
                    key,
                    "measures images of \(smallestSide)×\(smallestSide) pixels or more, but "
                        + "samples are \(sampleShape); remove it")
            }
            return output
        }
    }
}
