import CPUExecutor
import TensorGraph
import Testing

@Suite("Bands of rows")
struct BandTests {
    private typealias Outputs = [(name: String, tensor: Tensor)]
    private typealias Updates = [(variable: Variable, value: Tensor)]

    /// Two layers over `rows` samples, their loss, and a step along its slopes.
    private func training(rows: Int, width: Int = 20) -> (outputs: Outputs, updates: Updates) {
        let x = Tensor.input("x", [rows, 2])
        let (first, second) = (Variable("first", [width, 2]), Variable("second", [3, width]))
        let bias = Variable("bias", [width])
        let z = x.matmul(first.tensor, transposeSecond: true) + bias.tensor
        let y = Tensor.select(z .<= 0, 0, z).matmul(second.tensor, transposeSecond: true)
        let loss = (y * y).mean()
        let variables = [first, second, bias]
        let slopes = gradients(of: loss, withRespectTo: variables.map(\.tensor))
        return (
            [("loss", loss), ("y", y)], zip(variables, slopes).map { ($0, $0.tensor - 0.1 * $1) }
        )
    }

    private func bands(_ plan: Plan) -> [BandStep] {
        plan.steps.compactMap { $0.step as? BandStep }
    }

    @Test(
        "hold forward pass, backward pass and sums over the batch", arguments: VectorLevel.allCases)
    func members(vectors: VectorLevel) throws {
        let (outputs, updates) = training(rows: 60)
        let plan = try CPUDevice.planning(for: vectors, threads: 1)
            .plan(Program(outputs: outputs, updates: updates))
        let band = try #require(bands(plan).first)
        #expect(bands(plan).count == 1)
        #expect(band.rows == 60)
        let products = band.members.compactMap { if case .product(let it) = $0 { it } else { nil } }
        #expect(products.first?.rectifiedBias != nil)
        let sums = band.members.filter { if case .sum = $0 { true } else { false } }
        #expect(sums.count == 2)
        #expect(band.members.count > 5)
    }

    @Test(
        "keep what nobody else reads in the threads' own memory, for the rows of one block",
        arguments: VectorLevel.allCases)
    func locals(vectors: VectorLevel) throws {
        let (outputs, updates) = training(rows: 600)
        let device = CPUDevice.planning(for: vectors, threads: 2)
        let plan = try device.plan(Program(outputs: outputs, updates: updates))
        let band = try #require(bands(plan).first)
        #expect(band.locals.count > 2)
        let shared = Set((band.reads + band.writes).map(\.buffer))
        #expect(shared.isDisjoint(with: band.locals.keys))
        // The output is read by others: it is a whole array.
        let y = try #require(plan.outputs["y"]).reference.buffer
        #expect(band.locals[y] == nil)
        for buffer in band.locals.keys { #expect(plan.memory.offsets[buffer] == nil) }
        #expect(band.block < 600)
    }

    @Test(
        "agree with the reference, for any number of rows and of threads",
        arguments: [1, 2, 5, 61, 251], [1, 2, 3])
    func agree(rows: Int, threads: Int) throws {
        let (outputs, updates) = training(rows: rows, width: 40)
        let pairing = try Pairing(outputs: outputs, updates: updates, threads: threads)
        // The training makes an error several times as large from step to step.
        for limit in [1e-6, 1e-5, 5e-5] { #expect(try pairing.deviation() < limit) }
    }

    @Test("leave what needs a complete sum until there is one")
    func completeSums() throws {
        let x = Tensor.input("x", [40, 2])
        let weights = Variable("weights", [2, 24])
        let y = x.matmul(weights.tensor)
        let centred = y - y.sum(along: [0]) / 40
        let gram = centred.matmul(centred, transposeFirst: true)
        let again = y.matmul(gram).sum(along: [1])
        #expect(try Pairing.deviation(outputs: [("gram", gram), ("again", again)]) < 1e-5)
    }

    @Test("do not read rows that are not there yet")
    func otherRows() throws {
        let x = Tensor.input("x", [40, 4])
        let weights = Variable("weights", [4, 40])
        let y = x.matmul(weights.tensor)
        let outputs: Outputs = [
            ("mirrored", y + y.transposed([1, 0])), ("square", y.matmul(y)),
            ("shifted", y.sliced(axis: 0, 1..<40) * 2 + y.sliced(axis: 0, 0..<39)),
        ]
        #expect(try Pairing.deviation(outputs: outputs) < 1e-4)
    }

    @Test("keep a product that is needed bare beside its rectified sum")
    func bareProduct() throws {
        let x = Tensor.input("x", [40, 2])
        let product = x.matmul(Variable("weights", [2, 24]).tensor)
        let sum = product + Variable("bias", [24]).tensor
        let y = Tensor.select(sum .<= 0, 0, sum).matmul(Variable("other", [24, 2]).tensor)
        let bare = (product * product).sum(along: [1])
        #expect(try Pairing.deviation(outputs: [("y", y), ("bare", bare)]) < 1e-5)
        #expect(try Pairing.deviation(outputs: [("y", y), ("product", product)]) < 1e-5)
    }

    @Test("do not write a rectified sum over what its product reads")
    func rectifiedVariable() throws {
        let state = Variable("state", [32, 8])
        let weights = [Variable("first", [8, 8]), Variable("second", [8, 2])]
        let sum = state.tensor.matmul(weights[0].tensor) + Variable("bias", [8]).tensor
        let next = Tensor.select(sum .<= 0, 0, sum)
        let y = next.matmul(weights[1].tensor)
        let pairing = try Pairing(outputs: [("y", y)], updates: [(state, next)], threads: 1)
        for _ in 0..<3 { #expect(try pairing.deviation() < 1e-5) }
    }

    @Test("read a variable before it is written")
    func variables() throws {
        let x = Tensor.input("x", [32, 4])
        let state = Variable("state", [32, 4])
        let y = x.matmul(Variable("weights", [4, 4]).tensor)
        let outputs: Outputs = [("old", (y * state.tensor).sum(along: [1]))]
        let updates: Updates = [(state, state.tensor + y)]
        #expect(try Pairing.deviation(outputs: outputs, updates: updates) < 1e-5)
    }
}
