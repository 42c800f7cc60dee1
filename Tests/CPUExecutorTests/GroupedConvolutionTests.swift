import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

/// Convolutions with groups of channels, and the same done group by group.
@Suite("Convolutions with groups of channels")
struct GroupedConvolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let groups, inputs, outputs, kernel, stride: Int

        var testDescription: String {
            "\(groups) groups of \(inputs) to \(outputs), \(kernel)×\(kernel), stride \(stride)"
        }
    }

    private static let images = 8

    /// The convolution and both its gradients.
    private func program(_ test: Case, inPieces: Bool) throws -> Program {
        let (channels, results) = (test.groups * test.inputs, test.groups * test.outputs)
        let x = Tensor.input("x", [Self.images, 16, 16, channels])
        let w = Tensor.input("w", [results, test.inputs, test.kernel, test.kernel])
        let groups = inPieces ? 1 : test.groups
        let geometry = ConvolutionGeometry(stride: test.stride, padding: 1, groups: groups)
        let y =
            inPieces
            ? Tensor.concatenated(
                (0..<test.groups).map { group in
                    x.sliced(axis: 3, group * test.inputs..<(group + 1) * test.inputs)
                        .convolved(
                            w.sliced(
                                axis: 0, group * test.outputs..<(group + 1) * test.outputs),
                            geometry)
                }, axis: 3) : x.convolved(w, geometry)
        let slopes = gradients(
            of: (y * .input("y", y.shape)).sum(), withRespectTo: [x, w])
        return try Program(outputs: [("result", y), ("dx", slopes[0]), ("dw", slopes[1])])
    }

    @Test(
        "agree with one convolution for each group, with the same bits on every run",
        arguments: [
            Case(groups: 4, inputs: 16, outputs: 16, kernel: 3, stride: 1),
            Case(groups: 2, inputs: 64, outputs: 64, kernel: 4, stride: 2),
            Case(groups: 16, inputs: 1, outputs: 1, kernel: 4, stride: 2),
            Case(groups: 16, inputs: 1, outputs: 1, kernel: 3, stride: 1),
            Case(groups: 5, inputs: 3, outputs: 2, kernel: 3, stride: 1),
            Case(groups: 3, inputs: 1, outputs: 4, kernel: 3, stride: 2),
            Case(groups: 2, inputs: 4, outputs: 32, kernel: 3, stride: 1),
        ])
    func agrees(test: Case) throws {
        let whole = try program(test, inPieces: false)
        #expect(try !CPUDevice(threads: 1).describe(whole).contains("winograd"))
        let expected = try program(test, inPieces: true).results(threads: 1)
        for threads in 1...2 {
            let found = try whole.results(threads: threads)
            for (name, numbers) in expected {
                let largest = numbers.map(abs).max() ?? 0
                let error = zip(found[name]!, numbers).map { abs($0 - $1) }.largestError
                #expect(found[name]!.count == numbers.count)
                #expect(error < 1e-5 * largest, "\(name) with \(threads) threads: \(error)")
            }
            #expect(try whole.results(threads: threads) == found)
        }
    }
}
