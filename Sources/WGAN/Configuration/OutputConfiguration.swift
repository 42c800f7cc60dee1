import StrictYAML
import TensorGraph

/// What a training leaves behind, and how often; all steps are the trainer's.
public struct OutputConfiguration: Hashable, Sendable {
    /// An animation of points of the plane.
    public struct Frames: Hashable, Sendable {
        /// Steps from one frame to the next.
        public var every: Int
        /// Generated points in a frame.
        public var generated: Int
        /// Real points, the same in all frames.
        public var real: Int
        /// The most frames; a longer training keeps every second one, then every fourth, …
        public var limit: Int

        /// Frames every so many steps.
        public init(every: Int = 1, generated: Int = 200, real: Int = 1000, limit: Int = 1000) {
            (self.every, self.generated) = (every, generated)
            (self.real, self.limit) = (real, limit)
        }

        /// Steps from one frame to the next in the animation of a training of so many steps.
        public func spacing(afterSteps steps: Int) -> Int {
            thinnedSpacing(every, upTo: steps, limit: limit)
        }
    }

    /// Pictures of many generated images.
    public struct Samples: Hashable, Sendable {
        /// How often a picture is made.
        public var interval: OutputInterval
        /// Images in a picture.
        public var count: Int
        /// Images in a row of it.
        public var columns: Int

        /// Pictures of so many images.
        public init(_ interval: OutputInterval, count: Int = 100, columns: Int = 10) {
            (self.interval, self.count, self.columns) = (interval, count, columns)
        }
    }

    /// Frames of two panels: samples, and the losses so far beside them.
    public struct Panels: Hashable, Sendable {
        /// How often a frame is made.
        public var interval: OutputInterval
        /// Generated samples in a frame.
        public var count: Int

        /// Frames of so many samples.
        public init(_ interval: OutputInterval, count: Int = 500) {
            (self.interval, self.count) = (interval, count)
        }
    }

    /// Examinations of the critic.
    public struct Audit: Hashable, Sendable {
        /// Steps from one examination to the next.
        public var every: Int
        /// Samples of each kind in an examination.
        public var samples: Int
        /// Whether each has a ``Yardstick``.
        public var hasYardstick: Bool

        /// Examinations every so many steps.
        public init(every: Int, samples: Int = 250, hasYardstick: Bool = false) {
            (self.every, self.samples, self.hasYardstick) = (every, samples, hasYardstick)
        }
    }

    /// Files for TensorBoard: scalars with the metrics, and pictures whenever samples are drawn.
    public struct Events: Hashable, Sendable {
        /// Steps from one histogram of the weights to the next.
        public var histogramsEvery: Int

        /// Files with histograms every so many steps.
        public init(histogramsEvery: Int = 100) { self.histogramsEvery = histogramsEvery }
    }

    /// Saved states of the training, from which it can go on.
    public struct Checkpoints: Hashable, Sendable {
        /// Steps from one to the next; nil where only time decides.
        public var every: Int?
        /// Minutes from one to the next; nil where only steps decide.
        public var minutes: Double?
        /// How many of the last ones stay, at least 1.
        public var keep: Int
        /// The measure of which the one with the lowest value stays too; nil for none.
        public var best: BestMeasure?

        /// Checkpoints every so many steps or minutes, whichever comes first.
        public init(
            every: Int? = nil, minutes: Double? = 5, keep: Int = 3, best: BestMeasure? = nil
        ) {
            (self.every, self.minutes, self.keep, self.best) = (every, minutes, keep, best)
        }
    }

    /// The saved states beside the one at the end.
    public var checkpoints: Checkpoints = Checkpoints()
    /// The animation; nil for none, and for data that is not in the plane.
    public var frames: Frames?
    /// Evenly spaced vector pictures of the points, beside the one at the end; 0 for none.
    public var snapshots: Int = 0
    /// The pictures of images; nil for none, and for data that is not images.
    public var samples: Samples?
    /// The frames of two panels; nil for none.
    public var panels: Panels?
    /// How often the weights are saved on the way; nil for the end alone.
    public var weights: OutputInterval?
    /// The examinations of the critic; nil for none.
    public var audit: Audit?
    /// The files of the AIDL21-SAGAN project's program, which YAML calls `report`; nil for none,
    /// and for data that is not images.
    public var aidl21: AIDL21Output?
    /// Steps from one record of the losses to the next.
    public var metricsEvery: Int = 1
    /// The files for TensorBoard; nil for none.
    public var events: Events?

    /// Metrics of every step and checkpoints every five minutes, and nothing else on the way.
    public init() {}

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
        snapshots = try section.value("snapshots", .integer(in: 0...1000), default: 0)
        samples = try section.optionalSection("samples").map {
            (section) throws(ConfigurationError) in
            try Self.samples(section, hasEpochs: hasEpochs)
        }
        panels = try section.optionalSection("panels").map { (section) throws(ConfigurationError) in
            Panels(
                try OutputInterval(reading: section, hasEpochs: hasEpochs),
                count: try section.value(
                    "count", .integer(in: 1...10_000), default: sampleShape.rank == 3 ? 100 : 500))
        }
        weights = try section.optionalSection("weights").map {
            (section) throws(ConfigurationError) in
            try OutputInterval(reading: section, hasEpochs: hasEpochs)
        }
        audit = try section.optionalSection("audit").map(Self.audit)
        aidl21 = try AIDL21Output.read("report", of: section, sampleShape: sampleShape)
        metricsEvery = try section.section("metrics", isRequired: false)
            .value("every", .integer(in: Self.periods), default: 1)
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
            every: try section.value("every", .integer(in: periods), default: 1),
            generated: try section.value("generated", .integer(in: 1...100_000), default: 200),
            real: try section.value("real", .integer(in: 0...1_000_000), default: 1000),
            limit: try section.value("limit", .integer(in: 1...100_000), default: 1000))
    }

    private static func samples(
        _ section: ConfigurationSection, hasEpochs: Bool
    ) throws(ConfigurationError) -> Samples {
        let interval = try OutputInterval(reading: section, hasEpochs: hasEpochs)
        let count = try section.value("count", .integer(in: 1...10_000), default: 100)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        return Samples(
            interval, count: count,
            columns: try section.value("columns", .integer(in: 1...count), default: columns))
    }

    private static func audit(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> Audit {
        Audit(
            every: try section.value("every", .integer(in: periods)),
            samples: try section.value("samples", .integer(in: 2...10_000), default: 250),
            hasYardstick: try section.value("yardstick", .boolean, default: false))
    }

    private static func events(_ value: TaggedSection) throws(ConfigurationError) -> Events? {
        switch value.kind {
        case "none": return nil
        case "tensorBoard":
            return Events(
                histogramsEvery: try value.section.value(
                    "histogramsEvery", .integer(in: periods), default: 100))
        default:
            throw value.section.unknownKind(value.kind, known: ["none", "tensorBoard"])
        }
    }

    /// `checkpoints: {every: 1000, minutes: 5, keep: 3, best: exactW1}`.
    private static func checkpoints(
        _ section: ConfigurationSection, _ data: any DataConfiguration, isSaved: Bool
    ) throws(ConfigurationError) -> Checkpoints {
        let every = try section.optional("every", .integer(in: periods))
        let minutes: Double? =
            section.isNull("minutes")
            ? nil : try section.value("minutes", .number(in: 0.01...100_000), default: 5)
        return Checkpoints(
            every: every, minutes: minutes,
            keep: try section.value("keep", .integer(in: 1...100_000), default: 3),
            best: try BestMeasure.read("best", of: section, data, isSaved: isSaved))
    }
}

/// How often something is left behind on the way.
public enum OutputInterval: Hashable, Sendable {
    /// After every so many of the trainer's steps.
    case steps(Int)
    /// After every so many passes of the critic over the real data.
    case epochs(Int)

    /// How many steps or epochs.
    package var count: Int {
        switch self {
        case .steps(let count), .epochs(let count): count
        }
    }

    /// The steps, where it is counted in them.
    var steps: Int? {
        if case .steps(let steps) = self { steps } else { nil }
    }

    /// `every: 500`, or `everyEpochs: 1` for data that has epochs.
    init(
        reading section: ConfigurationSection, hasEpochs: Bool
    ) throws(ConfigurationError) {
        let periods = 1...1_000_000_000
        guard try section.onlyOne(of: ["every", "everyEpochs"]) == "everyEpochs" else {
            self = .steps(try section.value("every", .integer(in: periods)))
            return
        }
        self = .epochs(try section.value("everyEpochs", .integer(in: periods)))
        guard hasEpochs else {
            throw section.invalid(
                "everyEpochs",
                "cannot be counted, as the data is a distribution without end; give 'every' in "
                    + "its place")
        }
    }
}

/// How far apart things are kept of which there may be only so many, however long a training is.
///
/// What is made at multiples of `spacing` is thinned by halves: only multiples of twice as much
/// stay, again and again. What stays is so a function of the steps done alone.
///
/// - Parameters:
///   - spacing: The distance of what is made, at least 1.
///   - end: How far the training is.
///   - limit: The most multiples in 1…`end` that may stay, at least 1.
/// - Returns: `spacing` times a power of two.
package func thinnedSpacing(_ spacing: Int, upTo end: Int, limit: Int) -> Int {
    var thinned = spacing
    while end / thinned > limit { thinned *= 2 }
    return thinned
}
