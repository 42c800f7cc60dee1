import GraphTestSupport
import TensorGraph
import Testing

@Suite("Slopes of a gradient penalty by the last two layers' weights")
struct MaskedSumTests {
    private let mask = Tensor.input("mask", [6, 4]) .<= 0
    private let terms = Tensor.input("terms", [6, 5])
    private let weights = Tensor.input("weights", [4, 5])
    private let last = Tensor.input("last", [4])

    private func masked(_ values: Tensor, isZeroWhereTrue: Bool = true) -> Tensor {
        isZeroWhereTrue ? .select(mask, 0, values) : .select(mask, values, 0)
    }

    private var product: Tensor { terms.matmul(weights, transposeSecond: true) }

    private func slopeOfLast(of column: Tensor = .filled(1, [6, 1]), _ masked: Tensor) -> Tensor {
        column.matmul(masked, transposeFirst: true)
    }

    private func slopeBefore(isZeroWhereTrue: Bool = true) -> Tensor {
        masked(last.broadcast(to: [6, 4]), isZeroWhereTrue: isZeroWhereTrue)
            .matmul(terms, transposeFirst: true)
    }

    /// The matrix products of the simplified program, which must mean the same as the traced one.
    private func products(_ tensors: Tensor...) throws -> Int {
        let outputs = tensors.enumerated().map { (name: "y\($0)", tensor: $1) }
        let (traced, program) = (try Program(tracing: outputs), try Program(outputs: outputs))
        var inputs: [String: ReferenceTensor] = [:]
        for (number, input) in traced.inputs.enumerated() {
            inputs[input.name] = separatedNumbers(input.shape, seed: number)
        }
        let executor = ReferenceExecutor()
        let expected = try executor.run(traced, inputs: inputs)
        for (name, value) in try executor.run(program, inputs: inputs) {
            #expect(value.deviation(from: expected[name]!) < 1e-12)
        }
        return program.instructions.count { $0.operation is MatrixProduct }
    }

    @Test("come from one product", arguments: [1, -0.5])
    func shared(scale: Double) throws {
        let column = Tensor.filled(scale, [6, 1])
        #expect(try products(slopeOfLast(of: column, masked(product)), slopeBefore()) == 1)
        #expect(try products(slopeBefore(), slopeOfLast(of: column, masked(product))) == 1)
        let other = slopeBefore(isZeroWhereTrue: false)
        let one = slopeOfLast(of: column, masked(product, isZeroWhereTrue: false))
        #expect(try products(one, other) == 1)
    }

    @Test("are left alone where only one of them is asked for, or the product is needed anyway")
    func unshared() throws {
        let slope = slopeOfLast(masked(product))
        #expect(try products(slope) == 2)
        #expect(try products(slopeBefore()) == 1)
        #expect(try products(slope, slopeBefore(), product.tanh()) == 3)
        #expect(try products(slope, slopeBefore(), masked(product).tanh()) == 3)
        #expect(try products(slope, slopeBefore(isZeroWhereTrue: false)) == 3)
        // Weights of samples are not one of the factors.
        let column = Tensor.input("column", [6, 1])
        #expect(try products(slopeOfLast(of: column, masked(product)), slopeBefore()) == 3)
    }

    @Test("are so in the penalty of a network with one output")
    func penalty() throws {
        func relu(_ z: Tensor) -> Tensor { .select(z .<= 0, 0, z) }
        let x = Tensor.input("x", [6, 3])
        let (first, second) = (Tensor.input("first", [5, 3]), Tensor.input("second", [4, 5]))
        let row = Tensor.input("row", [1, 4])
        let hidden = relu(x.matmul(first, transposeSecond: true))
        let scores = relu(hidden.matmul(second, transposeSecond: true))
            .matmul(row, transposeSecond: true)
        let slopes = gradients(of: scores.sum(), withRespectTo: [x])[0]
        let penalty = (slopes * slopes).sum()
        let asked = gradients(of: penalty, withRespectTo: [second, row])
        // Two layers forward, two back, one of the tangent, and the shared one; the last layer's
        // slope alone takes another layer of the tangent and a sum over samples.
        #expect(try products(asked[0], asked[1]) == 6)
        #expect(try products(asked[0]) == 6)
        #expect(try products(asked[1]) == 7)
    }
}
