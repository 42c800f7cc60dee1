import FileTestSupport
import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite(
    "Orthonormal matrices",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct OrthonormalTests {
    private let file: GoldenFile

    init() throws { file = try GoldenFile.read("w1_benchmark.json") }

    private func cases(_ metric: String) -> [GoldenFile.Case] {
        file.cases.filter { $0.metric == metric }
    }

    private func run(
        _ test: GoldenFile.Case, _ roles: [String],
        _ body: ([Tensor]) throws -> [(name: String, tensor: Tensor)]
    ) throws -> [String: [Double]] {
        var inputs: [String: ReferenceTensor] = [:]
        for role in roles {
            let tensor = try file.tensor(role, of: test)
            inputs[role] = ReferenceTensor(shape: Shape(tensor.shape), values: tensor.data)
        }
        let tensors = roles.map { Tensor.input($0, inputs[$0]!.shape) }
        let program = try Program(outputs: body(tensors))
        return try ReferenceExecutor().run(program, inputs: inputs).mapValues(\.values)
    }

    @Test("are those of the reference's iterations, with their gradients")
    func iterations() throws {
        let tests = cases("bjorck")
        #expect(tests.count == 42)
        for test in tests {
            let (order, count) = (try test.count("order"), try test.count("iterations"))
            let scale = try test.number("scale")
            let found = try run(test, ["w", "g"]) { tensors in
                let q = Orthonormal.bjorck(
                    tensors[0], scale: Tensor(scale), order: order, iterations: count)
                let loss = (q * tensors[1]).sum()
                return [("q", q), ("grad", gradients(of: loss, withRespectTo: [tensors[0]])[0])]
            }
            try test.expectAll(found, but: ["singular_values", "defect"])
        }
    }

    @Test("come to the polar factor, with its gradient")
    func limit() throws {
        let tests = cases("polar_factor")
        #expect(tests.count == 6)
        for test in tests {
            let found = try run(test, ["w", "g"]) { tensors in
                let q = Orthonormal.bjorck(
                    tensors[0], scale: Orthonormal.bound(tensors[0]), iterations: 40)
                let loss = (q * tensors[1]).sum()
                return [("q", q), ("grad", gradients(of: loss, withRespectTo: [tensors[0]])[0])]
            }
            for (name, values) in found {
                let expected = try #require(test.expected[name]?.numbers)
                #expect(
                    zip(values, expected).allSatisfy { abs($0 - $1) < 1e-8 }, "\(test.id) \(name)")
            }
        }
    }

    @Test("begin from a scale that is the reference's bound, and not below the norm")
    func bounds() throws {
        let tests = cases("bjorck_scale")
        #expect(tests.count == 6)
        for test in tests {
            let found = try run(test, ["w"]) { [("bound", Orthonormal.bound($0[0]))] }
            try test.expect(found)
            let norm = try #require(test.expected["spectral_norm"]?.number)
            #expect(found["bound"]![0] >= norm)
        }
    }

    @Test("begin by their Gram matrix from a norm of at most 1, near it where it was")
    func scales() throws {
        for test in cases("bjorck_scale") {
            let norm = try #require(test.expected["spectral_norm"]?.number)
            let bound = try #require(test.expected["bound"]?.number)
            let found = try run(test, ["w"]) { tensors in
                let w = tensors[0]
                let near = Orthonormal.bjorck(w, scale: Orthonormal.bound(w), iterations: 40)
                return [
                    ("once", SpectralNorm.exact(Orthonormal.bjorck(w, iterations: 1))),
                    ("often", Orthonormal.bjorck(w, iterations: 40) - near),
                    ("near", Orthonormal.bjorck(0.9 * near, iterations: 1) - near),
                    ("zero", Orthonormal.bjorck(0 * w, iterations: 3)),
                ]
            }
            // σ/c becomes (3 − (σ/c)²)/2 as much; c is at most the other bound.
            let least = norm / bound
            let once = try #require(found["once"]?[0])
            #expect(once <= 1 + 1e-12 && once >= least * (3 - least * least) / 2 - 1e-12)
            #expect(found["often"]!.allSatisfy { abs($0) < 1e-8 })
            #expect(found["near"]!.allSatisfy { abs($0) < 1e-6 })
            #expect(found["zero"]!.allSatisfy { $0 == 0 })
        }
    }

    @Test("make networks of the reference's scores, slopes and gradients")
    func networks() throws {
        let tests = cases("orthonormal_network")
        #expect(tests.count == 3)
        for test in tests {
            let scales = try #require(test.params["scales"]?.numbers)
            let (group, count) = (try test.count("group"), try test.count("iterations"))
            let weights = scales.indices.flatMap { ["w\($0)", "b\($0)"] }
            let found = try run(test, ["real", "fake"] + weights) { tensors in
                let score = { (x: Tensor) -> Tensor in
                    var (x, pass) = (x, ForwardPass(.training))
                    for layer in scales.indices {
                        let q = Orthonormal.bjorck(
                            tensors[2 + 2 * layer], scale: Tensor(scales[layer]),
                            iterations: count)
                        x = x.matmul(q, transposeSecond: true) + tensors[3 + 2 * layer]
                        if layer < scales.count - 1 { x = GroupSort(group)(x, &pass) }
                    }
                    return x
                }
                let (real, fake) = (score(tensors[0]), score(tensors[1]))
                let loss = fake.mean() - real.mean()
                let slopes = gradients(
                    of: real.sum() + fake.sum(), withRespectTo: Array(tensors[0..<2]))
                let all = Tensor.concatenated(slopes)
                let derivatives = gradients(of: loss, withRespectTo: Array(tensors[2...]))
                return [
                    ("d_real", real), ("d_fake", fake), ("input_gradients", all),
                    ("gradient_norms", all.squared().sum(along: [1]).sqrt()),
                    ("wgan_critic_loss", loss),
                ] + zip(weights, derivatives).map { ("grad_\($0)", $1) }
            }
            try test.expectAll(found)
            #expect(found["gradient_norms"]!.allSatisfy { $0 <= 1 + 1e-12 })
        }
    }
}
