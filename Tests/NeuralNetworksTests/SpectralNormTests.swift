import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite("Spectral norm")
struct SpectralNormTests {
    private func exact(_ values: [Double], _ shape: Shape) throws -> (Double, [Double]) {
        let w = Variable("w", shape).tensor
        let sigma = SpectralNorm.exact(w)
        let quotient = SpectralNorm.divided(w, by: sigma)
        let slope = gradients(of: (quotient * quotient).sum(), withRespectTo: [w])[0]
        let found = try evaluate([sigma, slope], ["w": values])
        return (found[0][0], found[1])
    }

    @Test("the zero matrix has norm 0, stays zero when divided, and has finite derivatives")
    func zero() throws {
        let (sigma, slope) = try exact([0, 0, 0, 0, 0, 0], [2, 3])
        #expect(sigma == 0 && slope.allSatisfy { $0.isFinite })
        let w = Tensor.filled(0, [2, 3])
        let power = SpectralNorm.powerIteration(w, from: .constant([1, 2], [2]))
        let values = try evaluate([power.sigma, SpectralNorm.divided(w, by: power.sigma)])
        #expect(values.joined().allSatisfy { $0 == 0 })
    }

    @Test("a matrix of rank one has the norm that one power iteration finds, wide or tall")
    func rankOne() throws {
        let (a, b) = ([1.0, -2, 2], [3.0, 4])
        let expected = 15.0
        for (left, right) in [(a, b), (b, a)] {
            let values = left.flatMap { x in right.map { x * $0 } }
            let shape: Shape = [left.count, right.count]
            #expect(abs(try exact(values, shape).0 - expected) < 1e-12)
            let power = SpectralNorm.powerIteration(
                .constant(values, shape), from: .constant(left.map { _ in 1 }, [left.count]))
            #expect(abs(try evaluate([power.sigma])[0][0] - expected) < 1e-12)
        }
    }

    @Test("equal singular values do not disturb the exact norm")
    func orthogonal() throws {
        let (sigma, slope) = try exact([0, 0, -3, 3, 0, 0, 0, 3, 0], [3, 3])
        #expect(abs(sigma - 3) < 1e-12 && slope.allSatisfy { $0.isFinite })
    }

    @Test("scaling a matrix by twelve orders of magnitude scales its norm")
    func scale() throws {
        let values = [1.0, 2, 3, 4, 5, 7]
        let one = try exact(values, [2, 3]).0
        for factor in [1e-6, 1e6] {
            let scaled = try exact(values.map { $0 * factor }, [2, 3]).0
            #expect(abs(scaled / (one * factor) - 1) < 1e-12)
        }
    }

    @Test("a kernel becomes a matrix with a row for each output, also when transposed")
    func kernels() throws {
        let values = (0..<8).map(Double.init)
        let kernel = Tensor.constant(values, [2, 2, 1, 2])
        let variable = Variable("w", kernel.shape)
        let matrices = [
            Parameter(variable, role: .convolutionWeight).matrix(of: kernel),
            Parameter(variable, role: .transposedConvolutionWeight).matrix(of: kernel),
        ]
        #expect(matrices.map(\.shape) == [[2, 4], [2, 4]])
        #expect(try evaluate(matrices) == [values, [0, 1, 4, 5, 2, 3, 6, 7]])
    }

    @Test("groups of channels are blocks on the diagonal of a kernel's matrix")
    func groups() throws {
        let values = (1...8).map(Double.init)
        let forward = Parameter(
            Variable("w", [2, 2, 1, 2]), role: .convolutionWeight, groups: 2)
        let transposed = Parameter(
            Variable("w", [4, 2, 1, 1]), role: .transposedConvolutionWeight, groups: 2)
        let matrices = [
            forward.matrix(of: .constant(values, forward.shape)),
            transposed.matrix(of: .constant(values, transposed.shape)),
        ]
        #expect(matrices.map(\.shape) == [[2, 8], [4, 4]])
        #expect(
            try evaluate(matrices) == [
                [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8],
                [1, 3, 0, 0, 2, 4, 0, 0, 0, 0, 5, 7, 0, 0, 6, 8],
            ])
        // Both blocks of the first are rows, so that the longer one is the norm.
        let norm = try evaluate([SpectralNorm.exact(matrices[0])])[0][0]
        #expect(abs(norm - 174.0.squareRoot()) < 1e-9)
    }
}
