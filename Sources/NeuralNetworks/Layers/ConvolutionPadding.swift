import StrictYAML
package import TensorGraph

/// Where the zeros around the input of a convolution go.
public enum ConvolutionPadding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// As many rows and columns on every side.
    case symmetric(Int)
    /// So many rows above and below, and so many columns left and right.
    case rowsAndColumns(Int, Int)
    /// As many as make the output ⌈size/stride⌉ large, the odd one at the bottom and right, as in
    /// Keras; for a transposed convolution the output is size·stride.
    case same

    /// ``symmetric(_:)``: a convolution's `padding: 1` is one row or column of zeros on every side.
    public init(integerLiteral value: Int) { self = .symmetric(value) }

    /// The geometry of a convolution over `height`×`width` pixels.
    package func geometry(
        height: Int, width: Int, kernel: (rows: Int, columns: Int), stride: Int, groups: Int = 1
    ) -> ConvolutionGeometry {
        switch self {
        case .symmetric(let padding):
            return ConvolutionGeometry(stride: stride, padding: padding, groups: groups)
        case .rowsAndColumns(let rows, let columns):
            return ConvolutionGeometry(
                strides: (stride, stride), top: rows, bottom: rows, left: columns, right: columns,
                groups: groups)
        case .same:
            // A stride of zero is refused by the convolution itself.
            let total = { (size: Int, window: Int) in
                let outputs = stride > 0 ? (size + stride - 1) / stride : size
                return max((outputs - 1) * stride + window - size, 0)
            }
            let (rows, columns) = (total(height, kernel.rows), total(width, kernel.columns))
            return ConvolutionGeometry(
                strides: (stride, stride), top: rows / 2, bottom: rows - rows / 2,
                left: columns / 2, right: columns - columns / 2, groups: groups)
        }
    }
}

extension ConvolutionPadding {
    /// `padding: 1`, `padding: [0, 3]` for rows and columns, or `padding: same`; none by default.
    init(
        reading key: String, of section: ConfigurationSection
    ) throws(ConfigurationError) {
        if section.has(key), (try? section.value(key, .text)) == "same" {
            self = .same
            return
        }
        do throws(ConfigurationError) {
            let size = try section.value(key, .size(in: LayerLimits.padding), default: (0, 0))
            self =
                size.height == size.width
                ? .symmetric(size.height) : .rowsAndColumns(size.height, size.width)
        } catch {
            throw ConfigurationError(
                location: error.location, message: error.message + "; 'same' is possible too")
        }
    }
}
