import NeuralNetworks
import Philox
import TensorGraph

/// Measures how much a network's convolutions can lengthen their images.
///
/// That is the norm of all windows together, at the stride, padding and size of image with which a
/// convolution is applied. It may be up to ⌈kernel/stride⌉ times that of the matrix whose rows are
/// the kernels. Power iteration through the convolution and its adjoint finds it from below.
///
/// Source: Gouk et al. 2021, section 3.1, arXiv:1804.04368.
final class ConvolutionNorms {
    private let executable: any Executable
    /// The kernels' names, in the order in which they are applied.
    let kernels: [String]

    /// Power iterations in one run of the program, and the most runs.
    private static let (iterations, runs) = (10, 100)
    /// Norms count as found when a run changes none by more than this share.
    private static let tolerance = 1e-5

    /// The convolutions of a pass; nil where there are none.
    init?(_ pass: ForwardPass, on device: any Device) throws {
        guard !pass.convolutions.isEmpty else { return nil }
        kernels = pass.convolutions.map(\.kernel.name)
        let outputs = pass.convolutions.enumerated().flatMap { number, convolution in
            Self.iterated(convolution, number, pass.value(of: convolution.kernel))
        }
        executable = try device.compile(Program(outputs: outputs))
    }

    /// x ← AᵀAx/‖AᵀAx‖ some times, then ‖Ax‖.
    private static func iterated(
        _ convolution: AppliedConvolution, _ number: Int, _ kernel: Tensor
    ) -> [(name: String, tensor: Tensor)] {
        var x = Tensor.input(image(number), Shape([1] + convolution.input.dimensions))
        for _ in 0..<iterations {
            let y = convolution.map(x, kernel)
            // The gradient of ‖Ax‖²/2 is AᵀAx.
            let back = gradients(of: 0.5 * y.squared().sum(), withRespectTo: [x])[0]
            let length = back.squared().sum().sqrt()
            x = (back / Tensor.maximum(length, Tensor(SpectralNorm.smallest))).stoppingGradient()
        }
        let y = convolution.map(x, kernel)
        return [(image(number), x), (norm(number), y.squared().sum().sqrt())]
    }

    private static func image(_ number: Int) -> String { "image \(number)" }

    private static func norm(_ number: Int) -> String { "norm \(number)" }

    /// The norms by the names of the kernels: the largest of one that is applied more than once.
    func measure() throws -> [String: Double] {
        for number in kernels.indices {
            var random = RandomStream(seed: 0, stream: UInt32(number))
            let image = executable.input(Self.image(number))
            for pixel in image.indices { image[pixel] = random.nextNormal() }
        }
        var norms: [Double] = []
        for _ in 0..<Self.runs {
            try executable.run(RandomClock(seed: 0))
            let last = norms
            norms = kernels.indices.map { Double(executable.scalar(Self.norm($0))) }
            let changes = zip(norms, last).map { abs($0 - $1) - Self.tolerance * $0 }
            guard changes.isEmpty || changes.contains(where: { $0 > 0 }) else { break }
            for image in kernels.indices.map(Self.image) {
                _ = executable.input(image).update(fromContentsOf: executable.output(image))
            }
        }
        return Dictionary(zip(kernels, norms), uniquingKeysWith: max)
    }
}
