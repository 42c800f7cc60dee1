import Philox
import TensorGraph

/// Matrix products and convolutions, scaled by the root of the number of terms.
extension GraphGrowth {
    mutating func product() -> Tensor {
        let a = any(rank: 2)
        let (first, second) = (chance(1, of: 3), chance(1, of: 3))
        let terms = a.shape[a.rank - (first ? 2 : 1)]
        let columns = [1, 2, 3, 7, 16, 17, 33][below(7)]
        let b = source(
            Shape(
                a.shape.dimensions.dropLast(2) + (second ? [columns, terms] : [terms, columns])))
        let result = a.matmul(b, transposeFirst: first, transposeSecond: second)
        return scaled(result, by: terms)
    }

    mutating func convolution() -> Tensor {
        let images = pool.filter { $0.rank == 4 && $0.shape.count > 0 }
        let x =
            chance(1, of: 2)
            ? images.randomElement(using: &random) ?? source(imageShape())
            : source(imageShape())
        let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
        let kernel = (1 + below(3), 1 + below(3))
        let groups = [1, channels, channels % 2 == 0 ? 2 : 1][below(3)]
        let outputs = groups * [1, 2, 3, 5][below(4)]
        let geometry = ConvolutionGeometry(
            strides: (1 + below(2), 1 + below(2)), top: below(3), bottom: below(3), left: below(2),
            right: below(2), groups: groups)
        guard let size = geometry.outputSize(height: height, width: width, kernel: kernel) else {
            return x
        }
        let weights = { (growth: inout Self) in
            growth.source([outputs, channels / groups, kernel.0, kernel.1])
        }
        let y = { (growth: inout Self) in growth.source([x.shape[0], size.0, size.1, outputs]) }
        let area = kernel.0 * kernel.1
        switch below(4) {
        case 0, 1:
            return scaled(x.convolved(weights(&self), geometry), by: area * channels / groups)
        case 2:
            let result = y(&self).convolutionInputGradient(
                weights(&self), geometry, inputSize: (height, width))
            return scaled(result, by: area * outputs / groups)
        default:
            let result = x.convolutionWeightGradient(y(&self), geometry, kernel: kernel)
            return scaled(result, by: x.shape[0] * size.0 * size.1)
        }
    }

    private mutating func imageShape() -> Shape {
        [1 + below(3), 3 + below(6), 3 + below(6), [1, 2, 3, 4][below(4)]]
    }

    private func scaled(_ x: Tensor, by terms: Int) -> Tensor {
        x * Tensor(1 / Double(max(terms, 1)).squareRoot())
    }
}
