import GraphTestSupport
import TensorGraph
import Testing

@Suite("Higher derivatives")
struct HigherDerivativeTests {
    @Test("the third derivative of x⁴ − 2x³ is 24x − 12, and the fifth is zero")
    func polynomial() throws {
        let x = Tensor.input("x", [3])
        let cube = x * x * x
        var derivatives = [cube * x - 2 * cube]
        for _ in 0..<5 {
            derivatives += gradients(of: derivatives.last!.sum(), withRespectTo: [x])
        }
        let point = ReferenceTensor(shape: [3], values: [-1.5, 0, 2])
        let third = try values(of: derivatives[3], ["x": point])
        #expect(zip(third, point.values).allSatisfy { abs($0 - (24 * $1 - 12)) < 1e-12 })
        #expect(try values(of: derivatives[4], ["x": point]) == [24, 24, 24])
        #expect(try values(of: derivatives[5], ["x": point]) == [0, 0, 0])
    }

    @Test("the gradient penalty of a smooth critic is differentiable in its parameters, twice")
    func gradientPenalty() throws {
        let check = try DerivativeCheck(
            .init("gradient penalty", [3, 2], [4, 2], [4], [1, 4]) { operands in
                let x = operands[0]
                let hidden = x.matmul(operands[1], transposeSecond: true) + operands[2]
                let score = hidden.tanh().matmul(operands[3], transposeSecond: true)
                return penalty(of: score, at: x)
            })
        #expect(check.first <= DerivativeCheck.tolerance)
        #expect(check.second <= DerivativeCheck.tolerance)
    }

    @Test("the gradient penalty of a convolutional leaky ReLU critic is differentiable")
    func convolutionalGradientPenalty() throws {
        let geometry = ConvolutionGeometry(stride: 2, padding: 1)
        let check = try DerivativeCheck(
            .init("gradient penalty", [2, 4, 4, 1], [2, 1, 3, 3], [8, 1]) { operands in
                let x = operands[0]
                let hidden = x.convolved(operands[1], geometry)
                let active = Tensor.select(hidden .> 0, hidden, 0.2 * hidden)
                return penalty(of: active.reshaped([2, 8]).matmul(operands[2]), at: x)
            })
        #expect(check.first <= DerivativeCheck.tolerance)
        #expect(check.second <= DerivativeCheck.tolerance)
    }

    @Test("an intermediate tensor has a gradient too")
    func intermediateTensors() throws {
        let x = Tensor.input("x", [])
        let y = x * x
        let found = gradients(of: y * y * x, withRespectTo: [y, x])
        let point = ["x": ReferenceTensor(shape: [], values: [3])]
        #expect(try values(of: found[0], point) == [2 * 9 * 3])
        #expect(try values(of: found[1], point) == [5 * 81])
    }

    @Test("two reads of one variable count as one")
    func repeatedReads() throws {
        let variable = Variable("v", [])
        let gradient = gradients(
            of: variable.tensor * variable.tensor, withRespectTo: [variable.tensor])[0]
        let executor = ReferenceExecutor(variables: ["v": ReferenceTensor(shape: [], values: [3])])
        #expect(try executor.run(traced(gradient))["y0"]?.values == [6])
    }

    @Test("what the output does not depend on has a gradient of zeros")
    func independence() throws {
        let (x, y) = (Tensor.input("x", [2]), Tensor.input("y", [2, 3]))
        let zeros = gradients(of: x.sum(), withRespectTo: [y])[0]
        #expect(zeros.shape == [2, 3])
        #expect(try values(of: zeros) == [0, 0, 0, 0, 0, 0])
    }
}

/// The mean of (‖∂score/∂x‖₂ − 1)² over the samples along axis 0 of `x`.
private func penalty(of score: Tensor, at x: Tensor) -> Tensor {
    let slope = gradients(of: score.sum(), withRespectTo: [x])[0]
    let norm = (slope * slope).sum(along: Array(1..<x.rank)).sqrt()
    return ((norm - 1) * (norm - 1)).mean()
}
