import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

/// A convolution that is large enough for Winograd's scheme, and the same done a few images at a
/// time by oneDNN.
@Suite("Large convolutions of 4×4 kernels and stride 2")
struct WinogradConvolutionTests {
    private static let geometry = ConvolutionGeometry(stride: 2, padding: 1)
    private static let images = 72

    /// The convolution and both its gradients.
    private func program(side: Int, inPieces: Bool) throws -> Program {
        let x = Tensor.input("x", [Self.images, side, side, 64])
        let w = Tensor.input("w", [64, 64, 4, 4])
        let weight = Tensor.input("y", [Self.images, side / 2, side / 2, 64])
        let pieces = inPieces ? stride(from: 0, to: Self.images, by: 2).map { $0..<$0 + 2 } : []
        let y =
            inPieces
            ? Tensor.concatenated(
                pieces.map { x.sliced(axis: 0, $0).convolved(w, Self.geometry) })
            : x.convolved(w, Self.geometry)
        let slopes = gradients(of: (y * weight).sum(), withRespectTo: [x, w])
        return try Program(outputs: [("y", y), ("x", slopes[0]), ("w", slopes[1])])
    }

    @Test("agree with small ones, for tiles of two and of four", arguments: [8, 16, 28])
    func agrees(side: Int) throws {
        let whole = try program(side: side, inPieces: false)
        let plan = try CPUDevice(threads: 1).describe(whole)
        #expect(plan.contains(side == 8 ? "product 9 × [" : "product 25 × ["), "\(plan)")
        let expected = try program(side: side, inPieces: true).results(threads: 1)
        for threads in 1...2 {
            let found = try whole.results(threads: threads)
            for name in ["y", "x", "w"] {
                let largest = expected[name]!.map(abs).max() ?? 0
                let error = zip(found[name]!, expected[name]!).map { abs($0 - $1) }.largestError
                #expect(error < 2e-5 * largest, "\(name) with \(threads) threads: \(error)")
            }
            #expect(try whole.results(threads: threads) == found)
        }
    }
}
