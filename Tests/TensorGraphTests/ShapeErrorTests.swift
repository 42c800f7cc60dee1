import TensorGraph
import Testing

/// The error of a program whose result is `tensor`.
func graphError(of tensor: Tensor) -> GraphError? {
    do {
        _ = try Program(outputs: [("result", tensor)])
        return nil
    } catch { return error }
}

@Suite("Shape errors")
struct ShapeErrorTests {
    @Test("name the operation and both shapes", arguments: mistakes)
    func messages(mistake: Mistake) throws {
        let error = try #require(graphError(of: mistake.tensor))
        #expect(error.message == mistake.message)
    }

    @Test("name the file and line of an operator, of a method and of a gradient")
    func places() throws {
        let (a, b) = (Tensor.input("a", [2]), Tensor.input("b", [3]))
        let sum = a + b
        let sumLine = #line - 1
        let product = a.matmul(b)
        let productLine = #line - 1
        let slope = gradients(of: a, withRespectTo: [a])[0]
        let slopeLine = #line - 1
        for (tensor, line) in [(sum, sumLine), (product, productLine), (slope, slopeLine)] {
            let error = try #require(graphError(of: tensor))
            let location = try #require(error.location)
            #expect(location.hasSuffix("ShapeErrorTests.swift:\(line)"))
            #expect(error.description == "\(location): \(error.message)")
        }
    }

    @Test("pass through later operations and gradients; the first one is thrown")
    func propagation() throws {
        let (a, b) = (Tensor.input("a", [2]), Tensor.input("b", [3]))
        let wrong = a + b
        let later = (wrong.exp().sum(along: [4]) * a).reshaped([7]).matmul(b).transposed()
        let first = try #require(graphError(of: wrong))
        #expect(graphError(of: later) == first)
        #expect(graphError(of: .concatenated([b, later, a / b])) == first)
        #expect(graphError(of: (a + b) * (b / a))?.message.hasPrefix("add") == true)
        for slope in gradients(of: later.sum(), withRespectTo: [a, b]) {
            #expect(graphError(of: slope) == first)
        }
        #expect(graphError(of: gradients(of: a.sum(), withRespectTo: [wrong])[0]) == first)
    }

    @Test("of two results, the first one's error is thrown, and updates count too")
    func order() throws {
        let (a, b) = (Tensor.input("a", [2]), Tensor.input("b", [3]))
        let sound = ("sound", a)
        #expect {
            try Program(outputs: [sound, ("sum", a + b), ("quotient", b / a)])
        } throws: {
            ($0 as? GraphError)?.message.hasPrefix("add") == true
        }
        #expect {
            try Program(outputs: [sound], updates: [(Variable("v", [3]), b / a)])
        } throws: {
            ($0 as? GraphError)?.message == "divide: the shapes [3] and [2] differ"
        }
    }

    struct Mistake: Sendable, CustomStringConvertible {
        let tensor: Tensor
        let message: String
        var description: String { message }

        init(_ tensor: Tensor, _ message: String) {
            self.tensor = tensor
            self.message = message
        }
    }

    private static let two = Tensor.input("two", [2])
    private static let three = Tensor.input("three", [3])
    private static let wide = Tensor.input("wide", [2, 3])
    private static let image = Tensor.input("image", [1, 4, 4, 2])

    private static let mistakes: [Mistake] = elementwise + layouts + products

    private static let elementwise: [Mistake] = [
        Mistake(two + three, "add: the shapes [2] and [3] differ"),
        Mistake(wide - two, "subtract: the shapes [2, 3] and [2] differ"),
        Mistake(.maximum(two, three), "maximum: the shapes [2] and [3] differ"),
        Mistake(two .> three, "compare_gt: the shapes [2] and [3] differ"),
        Mistake(.select(two, three, three), "select: the shapes [2], [3] and [3] differ"),
        Mistake(
            gradients(of: two, withRespectTo: [two])[0],
            "tensor: only a scalar has a gradient, not a tensor of shape [2]"),
    ]

    private static let layouts: [Mistake] = [
        Mistake(wide.reshaped([4]), "reshape: [2, 3] has 6 elements and [4] has 4"),
        Mistake(
            wide.transposed([0, 0]), "transpose: [0, 0] is not an order of the axes of [2, 3]"),
        Mistake(
            two.transposed(), "tensor: a tensor of shape [2] has no two axes to exchange"),
        Mistake(
            two.broadcast(to: [2, 3]), "tensor: the shape [2] cannot be repeated to [2, 3]"),
        Mistake(
            two.broadcast(to: [2, 3], axes: [1]),
            "broadcast_in_dim: the shape [2] cannot be repeated to [2, 3] along axes [1]"),
        Mistake(
            wide.sliced(from: [0, 1], to: [2, 4]),
            "slice: [0, 1] to [2, 4] by [1, 1] is not inside [2, 3]"),
        Mistake(wide.sliced(axis: 2, 0..<1), "tensor: axis 2 is not in shape [2, 3]"),
        Mistake(
            two.padded(low: [-1], high: [0]),
            "pad: low [-1], high [0] and interior [0] do not fit [2]"),
        Mistake(
            .concatenated([wide, two]),
            "concatenate: the shapes [2, 3] and [2] differ outside axis 0"),
        Mistake(.concatenated([]), "tensor: nothing to concatenate"),
        Mistake(wide.sum(along: [2]), "reduce_sum: axes [2] are not axes of [2, 3]"),
        Mistake(
            Tensor.input("none", [0]).max(),
            "reduce_max: the largest of no elements of [0] along [0] is not defined"),
        Mistake(.constant([1, 2], [3]), "constant: 2 values cannot fill the shape [3]"),
        Mistake(.iota([3], axis: 1), "iota: axis 1 is not in shape [3]"),
    ]

    private static let products: [Mistake] = [
        Mistake(two.matmul(wide), "dot_general: the shapes [2] and [2, 3] are not both matrices"),
        Mistake(wide.matmul(wide), "dot_general: the shapes [2, 3] and [2, 3] do not fit in A·B"),
        Mistake(
            wide.matmul(.input("other", [4, 2]), transposeSecond: true),
            "dot_general: the shapes [2, 3] and [4, 2] do not fit in A·Bᵀ"),
        Mistake(
            image.convolved(.input("w", [3, 1, 2, 2]), ConvolutionGeometry()),
            "convolution: an input [1, 4, 4, 2] in NHWC and weights [3, 1, 2, 2] in OIHW do not "
                + "fit with stride 1×1 pad 0,0,0,0"),
        Mistake(
            image.convolved(.input("w", [3, 1, 2, 2]), ConvolutionGeometry(groups: 2)),
            "convolution: an input [1, 4, 4, 2] in NHWC and weights [3, 1, 2, 2] in OIHW do not "
                + "fit with stride 1×1 pad 0,0,0,0 groups 2"),
        Mistake(
            image.convolved(.input("w", [3, 2, 2, 2]), ConvolutionGeometry(groups: 0)),
            "convolution: an input [1, 4, 4, 2] in NHWC and weights [3, 2, 2, 2] in OIHW do not "
                + "fit with stride 1×1 pad 0,0,0,0 groups 0"),
        Mistake(
            image.convolved(.input("w", [3, 2, 5, 5]), ConvolutionGeometry()),
            "convolution: the kernel of [3, 2, 5, 5] is larger than the padded input [1, 4, 4, 2]"),
        Mistake(
            image.convolutionInputGradient(
                .input("w", [2, 1, 3, 3]), ConvolutionGeometry(stride: 2, padding: 1),
                inputSize: (9, 7)),
            "convolution_input_gradient: [1, 4, 4, 2] is not the output of weights [2, 1, 3, 3] "
                + "over a 9×7 input with stride 2×2 pad 1,1,1,1"),
        Mistake(
            image.convolutionWeightGradient(
                .input("y", [1, 3, 3, 2]), ConvolutionGeometry(), kernel: (3, 3)),
            "convolution_weight_gradient: [1, 3, 3, 2] is not the output of a 3×3 kernel over "
                + "[1, 4, 4, 2] with stride 1×1 pad 0,0,0,0"),
    ]
}
