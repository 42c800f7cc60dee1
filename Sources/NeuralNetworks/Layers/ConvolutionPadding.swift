import StrictYAML
package import TensorGraph

/// Where the zeros around the input of a convolution go.
public enum ConvolutionPadding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// As many rows and columns on every side.
    case symmetric(Int)
    /// As many as make the output ⌈size/stride⌉ large, the odd one at the bottom and right, as in
    /// Keras; for a transposed convolution the output is size·stride.
    case same

    /// ``symmetric(_:)``: a convolution's `padding: 1` is one row or column of zeros on every side.
    public init(integerLiteral value: Int) { self = .symmetric(value) }

    /// The geometry of a convolution over `height`×`width` pixels.
    package func geometry(
        height: Int, width: Int, kernel: Int, stride: Int, groups: Int = 1
    ) -> ConvolutionGeometry {
        switch self {
        case .symmetric(let padding):
            return ConvolutionGeometry(stride: stride, padding: padding, groups: groups)
        case .same:
            // A stride of zero is refused by the convolution itself.
            let total = { (size: Int) in
                let outputs = stride > 0 ? (size + stride - 1) / stride : size
                return max((outputs - 1) * stride + kernel - size, 0)
            }
            let (rows, columns) = (total(height), total(width))
            return ConvolutionGeometry(
                strides: (stride, stride), top: rows / 2, bottom: rows - rows / 2,
                left: columns / 2, right: columns - columns / 2, groups: groups)
        }
    }
}

extension ConvolutionPadding {
    /// `padding: 1` or `padding: same`; none by default.
    init(
        reading key: String, of section: ConfigurationSection
    ) throws(ConfigurationError) {
        if section.has(key), try section.value(key, .text) == "same" {
            self = .same
            return
        }
        do throws(ConfigurationError) {
            self = .symmetric(try section.value(key, .integer(in: LayerLimits.padding), default: 0))
        } catch {
            throw ConfigurationError(
                location: error.location, message: error.message + "; 'same' is possible too")
        }
    }
}
