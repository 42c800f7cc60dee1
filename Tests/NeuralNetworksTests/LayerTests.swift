import Foundation
import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite("Layers")
struct LayerTests {
    @Test("ReLU and LeakyReLU take the derivative of their left side at zero")
    func derivativeAtZero() throws {
        let x = Tensor.constant([0, 0], [2])
        #expect(try evaluate(gradients(of: x.relu().sum(), withRespectTo: [x])) == [[0, 0]])
        let leaky = x.leakyReLU(slope: 0.2).sum()
        #expect(try evaluate(gradients(of: leaky, withRespectTo: [x])) == [[0.2, 0.2]])
    }

    @Test("ELU and softplus have finite first and second derivatives at any size of the input")
    func extremes() throws {
        let x = Variable("x", [4]).tensor
        for y in [x.elu(), x.softplus()] {
            let slope = gradients(of: y.sum(), withRespectTo: [x])[0]
            let bend = gradients(of: slope.sum(), withRespectTo: [x])[0]
            let values = try evaluate([y, slope, bend], ["x": [-1e4, -1, 30, 1e4]])
            #expect(values.joined().allSatisfy { $0.isFinite })
            #expect(values[1][3] == 1 && values[1][0] == 0)
        }
    }

    @Test("flattening follows PyTorch's order of channels, rows, columns, and reshaping undoes it")
    func order() throws {
        let flat = try apply(Flatten(), [1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2])
        #expect(flat == [1, 2, 3, 4, 10, 20, 30, 40])
        let back = try apply(Reshape(channels: 2, height: 2, width: 2), flat, [1, 8])
        #expect(back == [1, 10, 2, 20, 3, 30, 4, 40])
    }

    @Test("upsampling repeats pixels and pooling takes the mean of them")
    func resizing() throws {
        let large = try apply(Upsample(factor: 2), [1, 2], [1, 1, 2, 1])
        #expect(large == [1, 1, 2, 2, 1, 1, 2, 2])
        #expect(try apply(AvgPool2d(2), large, [1, 2, 4, 1]) == [1, 2])
        #expect(try apply(AvgPool2d(2), [1, 2, 9, 3, 4, 9], [1, 2, 3, 1]) == [2.5])
    }

    @Test("padding of kind same puts the odd row and column at the bottom and right")
    func samePadding() throws {
        var store = ParameterStore(initialisation: .normal(deviation: 0))
        let layer = Conv2d(1, 1, kernel: 4, stride: 2, padding: .same, bias: false, in: &store)
        var pass = ForwardPass(.training)
        let y = layer(.filled(1, [1, 7, 7, 1]), &pass)
        #expect(y.shape == [1, 4, 4, 1])
        // A kernel of ones counts the pixels in each window: one row of zeros above, two below.
        let counts = try evaluate([y], ["weight": [Double](repeating: 1, count: 16)])[0]
        #expect(counts[0] == 9 && counts[5] == 16 && counts[15] == 4)
    }

    @Test("a transposed convolution doubles the size with padding of kind same")
    func transposedSame() throws {
        var store = ParameterStore()
        let layer = ConvTranspose2d(3, 2, kernel: 4, stride: 2, padding: .same, in: &store)
        var pass = ForwardPass(.training)
        #expect(layer(.filled(1, [2, 7, 5, 3]), &pass).shape == [2, 14, 10, 2])
    }

    @Test(
        "bilinear resampling keeps constant images away from the edge, where zeros take their share"
    )
    func bilinear() throws {
        let ones = [Double](repeating: 1, count: 36)
        let large = try apply(BilinearUpsample(), ones, [1, 6, 6, 1])
        #expect(large[0] == 0.5625 && large[5] == 0.75 && large[13] == 1 && large[143] == 0.5625)
        let small = try apply(BilinearDownsample(), ones, [1, 6, 6, 1])
        #expect(small == [49, 56, 49, 56, 64, 56, 49, 56, 49].map { $0 / 64.0 })
        // One pixel becomes the filter.
        #expect(try apply(BilinearUpsample(), [16], [1, 1, 1, 1]) == [9, 9, 9, 9])
    }

    @Test("a group's deviation is told to all of its samples, whose scores then hang together")
    func minibatch() throws {
        // Samples 0 and 2 are one group, 1 and 3 the other.
        let x = Tensor.constant([0, 5, 2, 5], [4, 1])
        var pass = ForwardPass(.training)
        let values = try evaluate([MinibatchStandardDeviation(group: 2)(x, &pass)])[0]
        #expect(pass.mixesSamples)
        for (found, expected) in zip(values, [0, 1, 5, 1e-4, 2, 1, 5, 1e-4]) {
            #expect(abs(found - expected) < 1e-7)
        }
        #expect(
            MinibatchStandardDeviation(group: 4)(.filled(1, [6, 2, 2, 3]), &pass).shape.count == 96)
        var apart = ForwardPass(.training)
        _ = PixelNorm()(x, &apart)
        #expect(!apart.mixesSamples)
    }

    @Test("an inverted bottleneck and self-attention begin as the identity")
    func identities() throws {
        var store = ParameterStore(initialisation: .xavier)
        let layers: [any Layer] = [
            store.scoped("a") { InvertedBottleneck(8, groups: 2, depth: 4, in: &$0) },
            store.scoped("b") { SelfAttention(8, in: &$0) },
        ]
        let values = Dictionary(
            uniqueKeysWithValues: try store.initialValues(seed: 1).map {
                ($0.variable.name, $0.values.map(Double.init))
            })
        let x = (0..<64).map { Double($0 % 7) - 3 }
        for layer in layers {
            var pass = ForwardPass(.training)
            #expect(try evaluate([layer(.constant(x, [2, 2, 2, 8]), &pass)], values) == [x])
        }
        // gain² / √depth / inputs, and no bias.
        let square = values["a.conv1.weight"]!.reduce(0) { $0 + $1 * $1 } / 128
        #expect(abs(square / (2 / 1.04 / 2 / 8) - 1) < 0.5)
        #expect(values["a.conv2.bias"]!.allSatisfy { $0 == 0 })
        #expect(values["a.conv3.weight"]!.allSatisfy { $0 == 0 })
    }

    @Test("residual blocks are what their parts make one after the other")
    func residualParts() throws {
        var store = ParameterStore()
        let up = store.scoped("up") { ResidualUp(2, 3, normalisation: .instanceNorm2d, in: &$0) }
        let down = store.scoped("down") { ResidualDown(2, 3, in: &$0) }
        let values = Dictionary(
            uniqueKeysWithValues: try store.initialValues(seed: 1).map {
                ($0.variable.name, $0.values.map(Double.init))
            })
        let x = Tensor.constant((0..<60).map { Double($0 % 11) - 5 }, [2, 5, 3, 2])
        for (block, resize) in [(up, Upsample()), (down, AvgPool2d(2))] as [(any Layer, any Layer)]
        {
            var pass = ForwardPass(.training)
            let change = block.parts.dropLast().reduce(x) { value, part in part(value, &pass) }
            let expected = change + resize(block.parts.last!(x, &pass), &pass)
            let found = try evaluate([block(x, &pass), expected], values)
            #expect(zip(found[0], found[1]).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect(!found[0].isEmpty)
        }
    }

    @Test("batch normalisation moves its statistics once for each application in a pass")
    func runningStatistics() throws {
        var store = ParameterStore()
        let layer = BatchNorm2d(1, in: &store)
        var pass = ForwardPass(.training)
        _ = layer(.constant([0, 2], [2, 1]), &pass)
        _ = layer(.constant([4, 4], [2, 1]), &pass)
        #expect(pass.updates.map(\.variable.name) == ["running_mean", "running_var"])
        let values = try evaluate(
            pass.updates.map(\.value), ["running_mean": [0], "running_var": [1]]
        ).joined()
        // Means 1 and 4, unbiased variances 2 and 0.
        let expected = [0.9 * 0.1 + 0.4, 0.9 * (0.9 + 0.2)]
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("a pass that does not record, or infers, leaves the statistics alone")
    func unrecorded() {
        var store = ParameterStore()
        let layer = BatchNorm2d(1, in: &store)
        for var pass in [
            ForwardPass(.inference), ForwardPass(.training, recordsUpdates: false),
        ] {
            _ = layer(.constant([0, 2], [2, 1]), &pass)
            #expect(pass.updates.isEmpty)
        }
    }

    @Test("dropout keeps the mean while training and does nothing in inference")
    func dropout() throws {
        let ones = [Double](repeating: 1, count: 10_000)
        let dropped = try apply(Dropout(0.25), ones, [10_000])
        #expect(Set(dropped) == [0, 1 / 0.75])
        #expect(abs(dropped.reduce(0, +) / 10_000 - 1) < 0.03)
        #expect(try apply(Dropout(0.25), ones, [10_000], mode: .inference) == ones)
    }

    @Test("two dropouts of a pass drop different numbers")
    func dropoutStreams() throws {
        var pass = ForwardPass(.training)
        let x = Tensor.filled(1, [200])
        let masks = try evaluate([Dropout(0.5)(x, &pass), Dropout(0.5)(x, &pass)])
        #expect(masks[0] != masks[1])
    }

    @Test("an embedding gives the row of each class")
    func embedding() throws {
        var store = ParameterStore()
        let layer = Embedding(3, 2, in: &store)
        var pass = ForwardPass(.training)
        let rows = try evaluate(
            [layer(.constant([2, 0], [2]), &pass)], ["weight": [1, 2, 3, 4, 5, 6]])[0]
        #expect(rows == [5, 6, 1, 2])
    }

    @Test(
        "a layer reports an input that it cannot take when a program is made",
        arguments: LayerCase.all.filter {
            !["ReLU", "LeakyReLU", "Tanh", "Sigmoid", "ELU", "SELU", "Softplus", "Dropout"]
                .contains($0.name)
        })
    func wrongShape(layerCase: LayerCase) throws {
        var store = ParameterStore()
        let layer = layerCase.make(&store)
        var pass = ForwardPass(layerCase.mode)
        let y = layer(.filled(1, [2, 1, 2]), &pass)
        #expect(throws: GraphError.self) { try Program(outputs: [("y", y)]) }
    }

    @Test("replaced values are what layers compute with")
    func replacement() throws {
        var store = ParameterStore()
        let layer = Linear(1, 1, bias: false, in: &store)
        var pass = ForwardPass(
            .training, replacing: [layer.weight.variable: .constant([7], [1, 1])])
        #expect(try evaluate([layer(.constant([2], [1, 1]), &pass)]) == [[14]])
    }
}
