import TensorGraph
import Testing

@testable import XLAExecutor

@Suite(
    "The precision of products by XLA",
    .enabled(if: TestPlugin.isInstalled, TestPlugin.absence))
struct PrecisionTests {
    /// 1 + 2⁻⁷ + 2⁻¹⁰, whose last bit bfloat16 has not.
    private static let number: Float = 1.0087890625
    private static let rounded: Float = 1.0078125

    private func result(_ tensor: Tensor, _ precision: Precision) throws -> [Float] {
        let program = try Program(outputs: [("y", tensor)], precision: precision)
        let executable = try TestPlugin.device().compile(program)
        for input in program.inputs {
            executable.input(input.name).update(repeating: Self.number)
        }
        try executable.run(RandomClock())
        return Array(executable.output("y"))
    }

    private static let products: [(String, Tensor)] = {
        let x = Tensor.input("x", [1, 3, 3, 2])
        let w = Tensor.input("w", [2, 2, 2, 2])
        let geometry = ConvolutionGeometry()
        let y = x.convolved(w, geometry)
        return [
            ("matrix product", Tensor.input("a", [2, 3]).matmul(.input("b", [3, 2]))),
            ("convolution", y),
            ("input's gradient", gradients(of: y.sum(), withRespectTo: [x])[0]),
            ("weights' gradient", gradients(of: y.sum(), withRespectTo: [w])[0]),
        ]
    }()

    @Test("rounds factors, and sums in single precision", arguments: products.indices)
    func factors(index: Int) throws {
        let (name, product) = Self.products[index]
        let exact = try result(product, .float32)
        #expect(try result(product, .tf32) == exact)
        let coarse = try result(product, .bfloat16)
        #expect(coarse != exact, "\(name)")
        for (a, b) in zip(exact, coarse) { #expect(abs(a - b) <= 0.01 * abs(a), "\(name)") }
    }

    @Test("leaves sums and elements alone")
    func others() throws {
        let x = Tensor.input("x", [3])
        for tensor in [x.sum(along: [0]).broadcast(to: [2]), x * x] {
            #expect(try result(tensor, .bfloat16) == result(tensor, .float32))
        }
        let product = Tensor.input("a", [2, 2]).matmul(.input("b", [2, 2]))
        #expect(
            try result(product, .bfloat16)
                == Array(repeating: 2 * Self.rounded * Self.rounded, count: 4))
    }
}
