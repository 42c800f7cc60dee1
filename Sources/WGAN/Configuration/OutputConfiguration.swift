import StrictYAML
import TensorGraph

/// What a training leaves behind, and how often; all steps are the trainer's.
public struct OutputConfiguration: Hashable, Sendable {
    /// An animation of points of the plane.
    public struct Frames: Hashable, Sendable {
        /// Steps from one frame to the next.
        public let every: Int
        /// Generated points in a frame.
        public let generated: Int
        /// Real points, the same in all frames.
        public let real: Int
    }

    /// Pictures of many generated images.
    public struct Samples: Hashable, Sendable {
        /// Steps from one picture to the next.
        public let every: Int
        /// Images in a picture.
        public let count: Int
        /// Images in a row of it.
        public let columns: Int
    }

    /// Examinations of the critic.
    public struct Audit: Hashable, Sendable {
        /// Steps from one examination to the next.
        public let every: Int
        /// Samples of each kind in an examination.
        public let samples: Int
    }

    /// The animation; nil for none, and for data that is not in the plane.
    public let frames: Frames?
    /// Evenly spaced vector pictures of the points, beside the one at the end; 0 for none.
    public let snapshots: Int
    /// The pictures of images; nil for none, and for data that is not images.
    public let samples: Samples?
    /// The examinations of the critic; nil for none.
    public let audit: Audit?
    /// Steps from one record of the losses to the next.
    public let metricsEvery: Int

    /// Numbers of done steps at which a training of `steps` steps draws its snapshots, the first of
    /// them before its beginning and the last at its end.
    public func snapshotSteps(inTrainingOf steps: Int) -> [Int] {
        guard snapshots > 0 else { return [] }
        let spaced = (0..<snapshots).map {
            steps / snapshots * $0 + steps % snapshots * $0 / snapshots
        }
        return (spaced + [steps]).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private static let periods = 1...1_000_000_000

    /// `outputs: {frames: …, snapshots: 5, samples: …, audit: …, metrics: {every: 1}}`, each of them
    /// optional.
    init(
        reading section: ConfigurationSection, sampleShape: Shape
    ) throws(ConfigurationError) {
        frames = try section.optionalSection("frames").map(Self.frames)
        snapshots = try section.integer("snapshots", default: 0, in: 0...1000)
        samples = try section.optionalSection("samples").map(Self.samples)
        audit = try section.optionalSection("audit").map(Self.audit)
        metricsEvery = try section.section("metrics", isRequired: false)
            .integer("every", default: 1, in: Self.periods)
        for key in ["frames", "snapshots"] where section.has(key) && !section.isNull(key) {
            guard sampleShape == [2] || (key == "snapshots" && snapshots == 0) else {
                throw section.invalid(
                    key, "draws points of the plane, but samples are \(sampleShape); remove it")
            }
        }
        guard samples == nil || sampleShape.rank == 3 else {
            throw section.invalid(
                "samples", "draws images, but samples are \(sampleShape); remove it")
        }
    }

    private static func frames(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> Frames {
        Frames(
            every: try section.integer("every", default: 1, in: periods),
            generated: try section.integer("generated", default: 200, in: 1...100_000),
            real: try section.integer("real", default: 1000, in: 0...1_000_000))
    }

    private static func samples(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> Samples {
        let every = try section.integer("every", in: periods)
        let count = try section.integer("count", default: 100, in: 1...10_000)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        return Samples(
            every: every, count: count,
            columns: try section.integer("columns", default: columns, in: 1...count))
    }

    private static func audit(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> Audit {
        Audit(
            every: try section.integer("every", in: periods),
            samples: try section.integer("samples", default: 250, in: 2...10_000))
    }
}
