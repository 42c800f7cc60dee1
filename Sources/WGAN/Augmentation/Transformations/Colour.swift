package import StrictYAML
public import TensorGraph

/// A number added to all pixels of an image, uniform in −range…range.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_brightness` of the reference implementation,
/// whose range is 0.5.
public struct Brightness: SampleTransformation {
    /// The largest change, above zero; 2 turns black into white.
    public var range: Double
    /// One: how much brighter or darker the image becomes.
    public let numbersPerSample = 1

    /// Changes of brightness of at most `range`.
    public init(range: Double = 0.5) { self.range = range }

    /// The images with their numbers added, which may leave −1…1: `[N, H, W, C]`.
    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        images + numbers.amounts(upTo: range, enabled: enabled)
    }
}

extension Brightness: ConfigurableTransformation {
    /// `brightness: {range: 0.5}`.
    package static let configurationName = "brightness"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "range")
        self.init(range: try section.value("range", .number(greaterThan: 0), default: 0.5))
    }
}

/// The distance of each pixel's channels from their mean multiplied with a factor, uniform in
/// 1 − range…1 + range; images of one channel stay as they are.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_saturation` of the reference implementation,
/// whose range is 1: from grey to twice the colour.
public struct Saturation: SampleTransformation {
    /// The largest change of the factor, above zero.
    public var range: Double
    /// One: how much stronger or weaker the colours become.
    public let numbersPerSample = 1

    /// Changes of saturation of at most `range`.
    public init(range: Double = 1) { self.range = range }

    /// The images with other colours, which may leave −1…1: `[N, H, W, C]`.
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
        self.init(range: try section.value("range", .number(greaterThan: 0), default: 1))
    }
}

/// The distance of all numbers of an image from their mean multiplied with a factor, uniform in
/// 1 − range…1 + range.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_contrast` of the reference implementation,
/// whose range is 0.5.
public struct Contrast: SampleTransformation {
    /// The largest change of the factor, above zero.
    public var range: Double
    /// One: how much stronger or weaker the contrast becomes.
    public let numbersPerSample = 1

    /// Changes of contrast of at most `range`.
    public init(range: Double = 0.5) { self.range = range }

    /// The images with another contrast, which may leave −1…1: `[N, H, W, C]`.
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
        self.init(range: try section.value("range", .number(greaterThan: 0), default: 0.5))
    }
}
