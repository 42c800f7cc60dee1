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
        /// The most frames; a longer training keeps every second one, then every fourth, …
        public let limit: Int

        /// Steps from one frame to the next in the animation of a training of so many steps.
        public func spacing(afterSteps steps: Int) -> Int {
            thinnedSpacing(every, upTo: steps, limit: limit)
        }
    }

    /// Pictures of many generated images.
    public struct Samples: Hashable, Sendable {
        /// How often a picture is made.
        public let interval: OutputInterval
        /// Images in a picture.
        public let count: Int
        /// Images in a row of it.
        public let columns: Int
    }

    /// Frames of two panels: samples, and the losses so far beside them.
    public struct Panels: Hashable, Sendable {
        /// How often a frame is made.
        public let interval: OutputInterval
        /// Generated samples in a frame.
        public let count: Int
    }

    /// Examinations of the critic.
    public struct Audit: Hashable, Sendable {
        /// Steps from one examination to the next.
        public let every: Int
        /// Samples of each kind in an examination.
        public let samples: Int
    }

    /// Files for TensorBoard: scalars with the metrics, and pictures whenever samples are drawn.
    public struct Events: Hashable, Sendable {
        /// Steps from one histogram of the weights to the next.
        public let histogramsEvery: Int
    }

    /// Saved states of the training, from which it can go on.
    public struct Checkpoints: Hashable, Sendable {
        /// Steps from one to the next; nil where only time decides.
        public let every: Int?
        /// Minutes from one to the next; nil where only steps decide.
        public let minutes: Double?
        /// How many of the last ones stay, at least 1.
        public let keep: Int
        /// The measure of which the one with the lowest value stays too; nil for none.
        public let best: BestMeasure?
    }

    /// The saved states beside the one at the end.
    public let checkpoints: Checkpoints
    /// The animation; nil for none, and for data that is not in the plane.
    public let frames: Frames?
    /// Evenly spaced vector pictures of the points, beside the one at the end; 0 for none.
    public let snapshots: Int
    /// The pictures of images; nil for none, and for data that is not images.
    public let samples: Samples?
    /// The frames of two panels; nil for none.
    public let panels: Panels?
    /// How often the weights are saved on the way; nil for the end alone.
    public let weights: OutputInterval?
    /// The examinations of the critic; nil for none.
    public let audit: Audit?
    /// The report on images; nil for none, and for data that is not images.
    public let report: Report?
    /// Steps from one record of the losses to the next.
    public let metricsEvery: Int
    /// The files for TensorBoard; nil for none.
    public let events: Events?

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

    /// `outputs: {frames: …, snapshots: 5, samples: …, panels: …, weights: …, audit: …, report: …,
    /// metrics: {every: 1}, events: none, checkpoints: {minutes: 5}}`, each of them optional.
    ///
    /// - Parameter isSaved: Whether the settings are those of a run, which an earlier version may
    ///   have begun.
    init(
        reading section: ConfigurationSection, data: any DataConfiguration, isSaved: Bool
    ) throws(ConfigurationError) {
        let (sampleShape, hasEpochs) = (data.sampleShape, data.distribution == nil)
        frames = try section.optionalSection("frames").map(Self.frames)
        snapshots = try section.integer("snapshots", default: 0, in: 0...1000)
        samples = try section.optionalSection("samples").map {
            (section) throws(ConfigurationError) in
            try Self.samples(section, hasEpochs: hasEpochs)
        }
        panels = try section.optionalSection("panels").map { (section) throws(ConfigurationError) in
            Panels(
                interval: try OutputInterval(reading: section, hasEpochs: hasEpochs),
                count: try section.integer(
                    "count", default: sampleShape.rank == 3 ? 100 : 500, in: 1...10_000))
        }
        weights = try section.optionalSection("weights").map {
            (section) throws(ConfigurationError) in
            try OutputInterval(reading: section, hasEpochs: hasEpochs)
        }
        audit = try section.optionalSection("audit").map(Self.audit)
        report = try Report.read("report", of: section, sampleShape: sampleShape)
        metricsEvery = try section.section("metrics", isRequired: false)
            .integer("every", default: 1, in: Self.periods)
        events = try Self.events(section.tagged("events", default: "tensorBoard"))
        checkpoints = try Self.checkpoints(
            section.section("checkpoints", isRequired: false), data, isSaved: isSaved)
        for key in ["frames", "snapshots"] where section.has(key) && !section.isNull(key) {
            guard sampleShape == [2] || (key == "snapshots" && snapshots == 0) else {
                throw section.invalid(
                    key, "draws points of the plane, but samples are \(sampleShape); remove it")
            }
        }
        guard panels == nil || sampleShape == [2] || sampleShape.rank == 3 else {
            throw section.invalid(
                "panels",
                "draws points of the plane or images, but samples are \(sampleShape); remove it")
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
            real: try section.integer("real", default: 1000, in: 0...1_000_000),
            limit: try section.integer("limit", default: 1000, in: 1...100_000))
    }

    private static func samples(
        _ section: ConfigurationSection, hasEpochs: Bool
    ) throws(ConfigurationError) -> Samples {
        let interval = try OutputInterval(reading: section, hasEpochs: hasEpochs)
        let count = try section.integer("count", default: 100, in: 1...10_000)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        return Samples(
            interval: interval, count: count,
            columns: try section.integer("columns", default: columns, in: 1...count))
    }

    private static func audit(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> Audit {
        Audit(
            every: try section.integer("every", in: periods),
            samples: try section.integer("samples", default: 250, in: 2...10_000))
    }

    private static func events(_ value: TaggedSection) throws(ConfigurationError) -> Events? {
        switch value.kind {
        case "none": return nil
        case "tensorBoard":
            return Events(
                histogramsEvery: try value.section.integer(
                    "histogramsEvery", default: 100, in: periods))
        default:
            throw value.section.unknownKind(value.kind, known: ["none", "tensorBoard"])
        }
    }

    /// `checkpoints: {every: 1000, minutes: 5, keep: 3, best: exactW1}`.
    private static func checkpoints(
        _ section: ConfigurationSection, _ data: any DataConfiguration, isSaved: Bool
    ) throws(ConfigurationError) -> Checkpoints {
        let every = try section.optionalInteger("every", in: periods)
        let minutes: Double? =
            section.isNull("minutes")
            ? nil : try section.number("minutes", default: 5, in: 0.01...100_000)
        return Checkpoints(
            every: every, minutes: minutes,
            keep: try section.integer("keep", default: 3, in: 1...100_000),
            best: try BestMeasure.read("best", of: section, data, isSaved: isSaved))
    }
}
