import CPUExecutor
import NeuralNetworks
import TensorGraph
import Testing

/// Residual blocks large enough for Winograd's scheme, and their parts one after the other.
@Suite("Residual blocks on the processor")
struct ResidualBlockTests {
    private func program(_ block: any Layer, inParts: Bool, parameters: [Parameter]) throws
        -> Program
    {
        let x = Tensor.input("x", [48, 16, 16, 64])
        var pass = ForwardPass(.training)
        let y: Tensor
        if inParts {
            let change = block.parts.dropLast().reduce(x) { value, part in part(value, &pass) }
            let kept = block.parts.last!(x, &pass)
            y = change + (block is ResidualUp ? Upsample()(kept, &pass) : AvgPool2d(2)(kept, &pass))
        } else {
            y = block(x, &pass)
        }
        let slopes = gradients(
            of: (y * .input("y", y.shape)).sum(), withRespectTo: [x] + parameters.map(\.tensor))
        return try Program(
            outputs: [("result", y)] + slopes.enumerated().map { ("slope \($0)", $1) })
    }

    @Test("are what their parts make, also in their derivatives", arguments: [true, false])
    func agrees(isUp: Bool) throws {
        var store = ParameterStore()
        let block: any Layer =
            isUp ? ResidualUp(64, 64, in: &store) : ResidualDown(64, 64, in: &store)
        let whole = try program(block, inParts: false, parameters: store.parameters)
        #expect(try CPUDevice(threads: 2).describe(whole).contains("winograd"))
        let found = try whole.results(threads: 2, with: store)
        let expected = try program(
            block, inParts: true, parameters: store.parameters
        ).results(threads: 2, with: store)
        #expect(found.keys == expected.keys)
        for (name, numbers) in expected {
            // As a whole: a rectifier may let a number near zero fall to the other side.
            let square = numbers.reduce(0) { $0 + $1 * $1 }
            let error = zip(found[name]!, numbers).reduce(0) { sum, pair in
                sum + (pair.0 - pair.1) * (pair.0 - pair.1)
            }
            #expect(error < 2e-5 * square, "\(name): \(error) of \(square)")
        }
    }
}
