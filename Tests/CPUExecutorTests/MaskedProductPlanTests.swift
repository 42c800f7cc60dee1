import CPUExecutor
import TensorGraph
import Testing

@Suite("Products of masks in a plan")
struct MaskedProductPlanTests {
    /// As many for every level.
    private func count(_ program: Program) throws -> Int {
        let counts = try VectorLevel.allCases.map { vectors in
            try CPUDevice.planning(for: vectors, threads: 2).plan(program).steps.count {
                $0.step is MaskedProductStep
            }
        }
        #expect(Set(counts).count == 1)
        return counts[0]
    }

    private let x = Tensor.input("x", [64, 3])
    private let first = Variable("first", [128, 3])
    private let second = Variable("second", [192, 128])
    private let last = Variable("last", [1, 192])

    private func critic(_ x: Tensor) -> Tensor {
        func relu(_ z: Tensor) -> Tensor { .select(z .<= 0, 0, z) }
        let hidden = relu(x.matmul(first.tensor, transposeSecond: true))
        return relu(hidden.matmul(second.tensor, transposeSecond: true))
            .matmul(last.tensor, transposeSecond: true)
    }

    /// A step down the slope of all weights, which changes each while others' slopes are still to
    /// be computed from it.
    private func training(_ loss: Tensor) -> [(variable: Variable, value: Tensor)] {
        let variables = [first, second, last]
        let slopes = gradients(of: loss, withRespectTo: variables.map(\.tensor))
        return zip(variables, slopes).map { ($0, $0.tensor - 0.001 * $1) }
    }

    /// Whether all that the training computes agrees with the reference.
    private func agrees(_ loss: Tensor) throws -> Bool {
        try Pairing.deviation(outputs: [("loss", loss)], updates: training(loss)) < 1e-3
    }

    @Test("are found where a network has one output: its slope, and that of the weights before it")
    func firstOrder() throws {
        let signs = Tensor.input("signs", [64, 1])
        let loss = (critic(x) * signs).mean()
        #expect(try count(Program(outputs: [], updates: training(loss))) == 2)
        #expect(try agrees(loss))
    }

    @Test("are found in a gradient penalty and agree with the reference to second order")
    func secondOrder() throws {
        let slopes = gradients(of: critic(x).sum(), withRespectTo: [x])[0]
        let loss = (slopes * slopes).sum(along: [1]).mean()
        // The slope by the samples, and the weights' of its squares.
        #expect(try count(Program(outputs: [], updates: training(loss))) == 2)
        #expect(try agrees(loss))
    }

    @Test(
        "may have the mask either way round, and a factor of rows, of columns, both or neither")
    func forms() throws {
        let z = Tensor.input("z", [64, 128])
        let w = Tensor.input("w", [128, 160])
        let (row, column) = (Tensor.input("row", [128]), Tensor.input("column", [64, 1]))
        let ones = Tensor.filled(1, [64, 128])
        let forms: [Tensor] = [
            .select(z .<= 0, 0, column * row), .select(z .> 0.5, row * ones, 0),
            .select(z .> 0, 0, column * ones), .select(z .<= 0, 3 * ones, 0),
            .select(z .<= 0, 0, -0.5 * (column * row)),
        ]
        for form in forms {
            let slope = form.matmul(Tensor.input("v", [64, 128]), transposeFirst: true)
            let outputs = [("y", form.matmul(w)), ("slope", slope)]
            #expect(try count(Program(outputs: outputs)) == 2)
            #expect(try Pairing.deviation(outputs: outputs) < 1e-4)
        }
    }

    @Test("read a variable's factors before it is updated in place")
    func updatedFactors() throws {
        let factors = Variable("factors", [192])
        let halved = 0.5 * factors.tensor
        let z = Tensor.input("z", [64, 192])
        let y = Tensor.select(z .<= 0, 0, factors.tensor * Tensor.filled(1, [64, 192]))
            .matmul(Tensor.input("w", [192, 128]))
        let outputs = [("sum", halved.sum()), ("y", y)]
        #expect(try count(Program(outputs: outputs, updates: [(factors, halved)])) == 1)
        #expect(try Pairing.deviation(outputs: outputs, updates: [(factors, halved)]) < 1e-4)
    }

    @Test("are not found where there is no outer product, no zero, or too little to win")
    func lookAlikes() throws {
        let z = Tensor.input("z", [64, 128])
        let (row, column) = (Tensor.input("row", [128]), Tensor.input("column", [64, 1]))
        let forms: [Tensor] = [
            .select(z .<= 0, 0, z), .select(z .<= 0, 1, column * row),
            .select(z .<= 0, 0, column + row), .select(z .<= 0, 0, column * row * z), column * row,
        ]
        for form in forms {
            let outputs = [("y", form.matmul(Tensor.input("w", [128, 160])))]
            #expect(try count(Program(outputs: outputs)) == 0)
            #expect(try Pairing.deviation(outputs: outputs) < 1e-4)
        }
        let narrow = Tensor.select(z .<= 0, 0, column * row).matmul(Tensor.input("w", [128, 96]))
        #expect(try count(Program(outputs: [("y", narrow)])) == 0)
    }
}
