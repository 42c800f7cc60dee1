import StrictYAML

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
