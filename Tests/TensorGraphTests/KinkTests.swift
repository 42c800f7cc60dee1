import TensorGraph
import Testing

/// What the derivative is where a function has two.
@Suite("Derivatives at kinks")
struct KinkTests {
    private func slopes(
        at points: [Double], _ function: (Tensor) -> Tensor
    ) throws -> [Double] {
        let x = Tensor.input("x", [points.count])
        let gradient = gradients(of: function(x).sum(), withRespectTo: [x])[0]
        return try values(of: gradient, ["x": ReferenceTensor(shape: x.shape, values: points)])
    }

    @Test("equal operands of maximum and minimum share the derivative")
    func equalOperands() throws {
        let (a, b) = (Tensor.input("a", [3]), Tensor.input("b", [3]))
        let point = [
            "a": ReferenceTensor(shape: [3], values: [1, 2, 3]),
            "b": ReferenceTensor(shape: [3], values: [2, 2, 2]),
        ]
        let larger = gradients(of: Tensor.maximum(a, b).sum(), withRespectTo: [a, b])
        #expect(try values(of: larger[0], point) == [0, 0.5, 1])
        #expect(try values(of: larger[1], point) == [1, 0.5, 0])
        let smaller = gradients(of: Tensor.minimum(a, b).sum(), withRespectTo: [a, b])
        #expect(try values(of: smaller[0], point) == [1, 0.5, 0])
        #expect(try values(of: smaller[1], point) == [0, 0.5, 1])
    }

    @Test("at a bound, clamping has half the slope of the inside")
    func clamping() throws {
        let found = try slopes(at: [-2, -1, 0, 1, 2]) { $0.clamped(to: -1...1) }
        #expect(found == [0, 0.5, 1, 0.5, 0])
    }

    @Test("elements that share the largest value share the derivative")
    func sharedMaximum() throws {
        #expect(try slopes(at: [1, 4, 4, 4, 4, 0]) { $0.max() } == [0, 0.25, 0.25, 0.25, 0.25, 0])
    }

    @Test("the magnitude has slope zero at zero")
    func magnitude() throws {
        #expect(try slopes(at: [-2, 0, 3]) { $0.abs() } == [-1, 0, 1])
    }

    @Test("a choice by comparison follows the chosen side alone")
    func selection() throws {
        let found = try slopes(at: [-1, 0, 1]) { .select($0 .> 0, 3 * $0, 0.5 * $0) }
        #expect(found == [0.5, 0.5, 3])
    }

    @Test("what stands under a stopped gradient is constant")
    func stoppedGradient() throws {
        #expect(try slopes(at: [2, 3]) { $0 * $0.stoppingGradient() } == [2, 3])
    }
}
