package import StrictYAML
public import TensorGraph

/// The distance of each pixel's channels from their mean multiplied with a factor, uniform in
/// 1 − range…1 + range; images of one channel stay as they are.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_saturation` of the reference implementation,
/// whose range is 1: from grey to twice the colour.
public struct Saturation: SampleTransformation {
    /// The largest change of the factor, above zero.
    public var range: Double
    public let numbersPerSample = 1

    /// Changes of saturation of at most `range`.
    public init(range: Double = 1) { self.range = range }

    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        let change = numbers.amounts(upTo: range, enabled: enabled)
        return images + change * (images - images.meanKeeping([3]))
    }
}

extension Saturation: ConfigurableTransformation {
    /// `saturation: {range: 1}`.
    package static let configurationName = "saturation"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "range")
        self.init(range: try section.number("range", default: 1, greaterThan: 0))
    }
}
