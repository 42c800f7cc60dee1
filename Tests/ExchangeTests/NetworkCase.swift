import NeuralNetworks
import Philox
import TensorGraph

/// A network with an input, to be run here and elsewhere.
struct NetworkCase: Sendable {
    let name: String
    /// `[N, …]`, channels last.
    let input: Shape
    var classes: Int?
    let make: @Sendable (inout ParameterStore) -> any Layer

    static let all: [NetworkCase] = [
        NetworkCase(name: "generator", input: [3, 5]) { store in
            Sequential(
                in: &store,
                [
                    { Linear(5, 24, in: &$0) }, { _ in Reshape(channels: 6, height: 2, width: 2) },
                    { BatchNorm2d(6, in: &$0) }, { _ in ReLU() },
                    { ConvTranspose2d(6, 4, kernel: 4, stride: 2, padding: 1, in: &$0) },
                    { _ in LeakyReLU(slope: 0.2) },
                    {
                        ConvTranspose2d(
                            4, 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, bias: false,
                            in: &$0)
                    },
                    { InstanceNorm2d(3, affine: true, in: &$0) },
                    { ConvTranspose2d(3, 2, kernel: 2, stride: 3, padding: .same, in: &$0) },
                    { _ in Tanh() },
                ])
        },
        NetworkCase(name: "critic", input: [3, 9, 7, 2]) { store in
            Sequential(
                in: &store,
                [
                    { Conv2d(2, 4, kernel: 4, stride: 2, padding: .same, in: &$0) },
                    { LayerNorm([4, 5, 4], in: &$0) }, { _ in ELU(alpha: 1.3) },
                    { _ in Dropout(0.4) }, { InstanceNorm2d(4, in: &$0) },
                    { _ in Upsample(factor: 2) }, { _ in AvgPool2d(3) }, { _ in Softplus() },
                    { Conv2d(4, 3, kernel: 2, padding: 1, bias: false, in: &$0) }, { _ in SELU() },
                    { _ in Flatten() }, { Linear(36, 6, bias: false, in: &$0) },
                    { LayerNorm([6], in: &$0) }, { BatchNorm2d(6, in: &$0) }, { _ in Sigmoid() },
                    { Linear(6, 1, in: &$0) },
                ])
        },
        NetworkCase(name: "residual", input: [3, 4, 4, 2]) { store in
            let body = store.scoped("0.layers") { store in
                Sequential(
                    in: &store, [{ _ in ReLU() }, { Conv2d(2, 5, kernel: 3, padding: 1, in: &$0) }])
            }
            let shortcut = store.scoped("0.shortcut") { Conv2d(2, 5, kernel: 1, in: &$0) }
            let inner = store.scoped("1.layers") { Conv2d(5, 5, kernel: 3, padding: 1, in: &$0) }
            return Sequential([Residual(body, shortcut: shortcut), Residual(inner)])
        },
        NetworkCase(name: "conditional-generator", input: [3, 4], classes: 5) { store in
            Sequential(
                in: &store,
                [
                    { LabelConcatenation(5, 2, in: &$0) }, { Linear(6, 12, in: &$0) },
                    { _ in Reshape(channels: 3, height: 2, width: 2) },
                    { LabelConcatenation(5, 2, in: &$0) },
                    { ConvTranspose2d(5, 1, kernel: 4, stride: 2, padding: 1, in: &$0) },
                ])
        },
        NetworkCase(name: "conditional-critic", input: [3, 4, 4, 1], classes: 5) { store in
            Sequential(
                in: &store,
                [
                    { LabelConcatenation(5, 2, in: &$0) }, { Conv2d(3, 4, kernel: 3, in: &$0) },
                    { _ in ReLU() }, { _ in Flatten() }, { LabelProjection(5, 16, in: &$0) },
                ])
        },
        NetworkCase(name: "batch-normalisation", input: [4, 3, 3, 5]) { store in
            Sequential(
                in: &store,
                [
                    { BatchNorm2d(5, in: &$0) }, { _ in Flatten() }, { BatchNorm2d(45, in: &$0) },
                ])
        },
        NetworkCase(name: "nothing", input: [3, 4]) { _ in Sequential([Dropout(0.5)]) },
        NetworkCase(name: "groups", input: [3, 5, 6, 4]) { store in
            Sequential(
                in: &store,
                [
                    { Conv2d(4, 6, kernel: 3, stride: 2, padding: 1, groups: 2, in: &$0) },
                    {
                        ConvTranspose2d(
                            6, 4, kernel: 4, stride: 2, padding: 1, groups: 2, in: &$0)
                    },
                    { Conv2d(4, 4, kernel: 3, groups: 4, bias: false, in: &$0) },
                ])
        },
        NetworkCase(name: "blocks-up", input: [3, 4, 4, 8]) { store in
            Sequential(
                in: &store,
                [
                    { SelfAttention(8, in: &$0) },
                    { ResidualUp(8, 6, normalisation: .batchNorm2d, in: &$0) },
                    { ResidualUp(6, 8, in: &$0) },
                    { InvertedBottleneck(8, groups: 4, in: &$0) }, { _ in PixelNorm() },
                    { _ in GroupSort() },
                    { _ in BilinearUpsample() },
                ])
        },
        NetworkCase(name: "cones", input: [5, 6]) { store in
            Sequential(
                in: &store,
                [
                    { Linear(6, 4, in: &$0) }, { _ in GroupSort() },
                    { Cones(4, count: 5, spread: 2, in: &$0) },
                ])
        },
        NetworkCase(name: "blocks-down", input: [6, 10, 8, 2]) { store in
            Sequential(
                in: &store,
                [
                    {
                        ResidualDown(
                            2, 4, normalisation: .layerNorm(height: 10, width: 8), in: &$0)
                    },
                    { ResidualDown(4, 3, normalisation: .instanceNorm2d, in: &$0) },
                    { _ in MinibatchStandardDeviation(group: 4) },
                    { _ in BilinearDownsample() }, { _ in Flatten() },
                    { _ in MinibatchStandardDeviation(group: 2) },
                ])
        },
        NetworkCase(name: "branches", input: [2, 7, 9, 3]) { store in
            let branches = Branches([
                store.scoped("0.0") {
                    Conv2d(3, 4, kernel: (1, 7), padding: .rowsAndColumns(0, 3), in: &$0)
                },
                MaxPool2d(3, stride: 1, padding: 1), AvgPool2d(3, stride: 1, padding: 1),
            ])
            return Sequential([branches, MaxPool2d(3, stride: 2), GlobalAvgPool2d()])
        },
    ]

    /// The numbers of the input, or of a parameter: a function of the name.
    static func numbers(_ name: String, _ count: Int) -> [Float] {
        let stream = name.utf8.reduce(7) { ($0 &* 31 &+ UInt32($1)) }
        var random = RandomStream(seed: 11, stream: stream)
        return (0..<count).map { _ in
            let number = 0.5 * random.nextNormal()
            return name.hasSuffix("running_var") ? abs(number) + 0.5 : number
        }
    }

    /// Classes of the samples.
    var labels: [Double]? { classes.map { [1, Double($0 - 1), 0] } }
}
