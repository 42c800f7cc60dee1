import GraphTestSupport
import TensorGraph
import Testing

@Suite("Derivatives of compositions")
struct CompositeDerivativeTests {
    @Test(
        "first and second derivatives are those of central differences",
        arguments: functions + products + convolutions)
    func derivatives(test: DerivativeCase) throws {
        let check = try DerivativeCheck(test)
        #expect(!check.areZero)
        #expect(check.first <= DerivativeCheck.tolerance)
        #expect(check.second <= DerivativeCheck.tolerance)
    }

    private static let functions: [DerivativeCase] = [
        .init("softplus", [5]) { (1 + (-$0[0].abs()).exp()).log() + .maximum($0[0], 0) },
        .init("leaky ReLU", [6]) { .select($0[0] .> 0, $0[0], 0.2 * $0[0]) },
        .init("clamping", [6]) { $0[0].clamped(to: -0.9...0.8) },
        .init("a mean", [2, 3]) { $0[0].mean(along: [0]) },
        .init("axes of extent 1 stretch on both sides", [3, 1], [1, 2]) { $0[0] * $0[1] },
        .init("a missing leading axis", [2, 1, 3], [2, 1]) { $0[0] / $0[1] },
        .init("a scalar against a matrix", [], [2, 2]) { .maximum($0[0], $0[1]) },
        .init("softmax", [2, 4]) {
            let shifted = $0[0] - $0[0].max(along: [1]).reshaped([2, 1])
            return shifted.exp() / shifted.exp().sum(along: [1]).reshaped([2, 1])
        },
        .init("layer normalisation", [2, 4], [4]) {
            let centred = $0[0] - $0[0].mean(along: [1]).reshaped([2, 1])
            let variance = (centred * centred).mean(along: [1]).reshaped([2, 1])
            return $0[1] * (centred / (variance + 0.1).sqrt())
        },
        .init("one tensor used many times", [3]) { x in
            (0..<4).reduce(x[0]) { sum, _ in sum * x[0] + x[0].tanh() }
        },
        .init("slices put together again in another order", [6]) {
            .concatenated(
                [$0[0].sliced(axis: 0, 4..<6), $0[0].sliced(axis: 0, 0..<3), $0[0]], axis: 0)
        },
        .init("a padded slice of a transpose", [3, 4]) {
            $0[0].transposed().sliced(from: [0, 1], to: [4, 3], by: [3, 1])
                .padded(low: [1, 0], high: [0, 1], interior: [2, 0])
        },
    ]

    private static let products: [DerivativeCase] = {
        var cases: [DerivativeCase] = []
        for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
            for batch in [[], [2], [2, 1]] {
                let a = Shape(batch + (first ? [3, 2] : [2, 3]))
                let b = Shape(batch + (second ? [4, 3] : [3, 4]))
                cases.append(
                    .init("\(a)\(first ? "ᵀ" : "") · \(b)\(second ? "ᵀ" : "")", a, b) {
                        $0[0].matmul($0[1], transposeFirst: first, transposeSecond: second)
                    })
            }
        }
        return cases
    }()

    /// The three partners for strides 1 and 2, padding that differs on each side, 1 and 3 channels
    /// in one group, and 4 in two or in four.
    private static let convolutions: [DerivativeCase] = {
        var cases: [DerivativeCase] = []
        for strides in [(1, 1), (2, 2), (2, 1)] {
            for (channels, groups) in [(1, 1), (3, 1), (4, 2), (4, 4)] {
                let geometry = ConvolutionGeometry(
                    strides: strides, top: 1, bottom: 0, left: 0, right: 2, groups: groups)
                let size = geometry.outputSize(height: 4, width: 3, kernel: (2, 3))!
                let x: Shape = [1, 4, 3, channels]
                let outputs = max(groups, 2)
                let w: Shape = [outputs, channels / groups, 2, 3]
                let y: Shape = [1, size.0, size.1, outputs]
                let title = "strides \(strides), \(channels) channels, \(groups) groups"
                cases += [
                    .init("convolution, \(title)", x, w) { $0[0].convolved($0[1], geometry) },
                    .init("its input gradient, \(title)", y, w) {
                        $0[0].convolutionInputGradient($0[1], geometry, inputSize: (4, 3))
                    },
                    .init("its weight gradient, \(title)", x, y) {
                        $0[0].convolutionWeightGradient($0[1], geometry, kernel: (2, 3))
                    },
                ]
            }
        }
        return cases
    }()
}
