import StrictYAML
import TensorGraph

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
                every: try settings.integer("every", default: 500, in: 1...1_000_000_000),
                count: try settings.integer("count", default: 64, in: 1...10_000),
                prefix: try settings.optionalFilePath("prefix"))
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
