package import StrictYAML
public import TensorGraph

/// The distance of all numbers of an image from their mean multiplied with a factor, uniform in
/// 1 − range…1 + range.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_contrast` of the reference implementation,
/// whose range is 0.5.
public struct Contrast: SampleTransformation {
    /// The largest change of the factor, above zero.
    public var range: Double
    public let numbersPerSample = 1

    /// Changes of contrast of at most `range`.
    public init(range: Double = 0.5) { self.range = range }

    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        let change = numbers.amounts(upTo: range, enabled: enabled)
        return images + change * (images - images.meanKeeping([1, 2, 3]))
    }
}

extension Contrast: ConfigurableTransformation {
    /// `contrast: {range: 0.5}`.
    package static let configurationName = "contrast"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "range")
        self.init(range: try section.number("range", default: 0.5, greaterThan: 0))
    }
}
