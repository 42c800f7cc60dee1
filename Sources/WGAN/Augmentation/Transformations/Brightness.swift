package import StrictYAML
public import TensorGraph

/// A number added to all pixels of an image, uniform in −range…range.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_brightness` of the reference implementation,
/// whose range is 0.5.
public struct Brightness: SampleTransformation {
    /// The largest change, above zero; 2 turns black into white.
    public var range: Double
    public let numbersPerSample = 1

    /// Changes of brightness of at most `range`.
    public init(range: Double = 0.5) { self.range = range }

    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        images + numbers.amounts(upTo: range, enabled: enabled)
    }
}

extension Brightness: ConfigurableTransformation {
    /// `brightness: {range: 0.5}`.
    package static let configurationName = "brightness"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "range")
        self.init(range: try section.number("range", default: 0.5, greaterThan: 0))
    }
}
