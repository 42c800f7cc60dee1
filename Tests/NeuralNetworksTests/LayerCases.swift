import NeuralNetworks
import TensorGraph

/// One layer with an input on which its derivatives are checked.
struct LayerCase: Sendable, CustomStringConvertible {
    /// The layer's type, which is its file's name.
    let name: String
    let input: Shape
    /// False where the input is a class number.
    var hasDifferentiableInput = true
    var mode = ForwardPass.Mode.training
    /// The samples' classes, for layers that depend on them.
    var labels: [Double]?
    let make: @Sendable (inout ParameterStore) -> any Layer

    var description: String { "\(name) of \(input) in \(mode)" }

    static let all: [LayerCase] =
        dense + convolutional + normalising + pointwise + shaping + conditional + blocks

    private static let dense = [
        LayerCase(name: "Linear", input: [3, 4]) { Linear(4, 5, in: &$0) },
        LayerCase(name: "Linear", input: [3, 4]) { Linear(4, 5, bias: false, in: &$0) },
        LayerCase(name: "Embedding", input: [3], hasDifferentiableInput: false) {
            Embedding(4, 5, in: &$0)
        },
    ]

    private static let conditional = [
        LayerCase(name: "LabelConcatenation", input: [3, 4], labels: [2, 0, 2]) {
            LabelConcatenation(3, 2, in: &$0)
        },
        LayerCase(name: "LabelConcatenation", input: [2, 2, 3, 2], labels: [1, 0]) {
            LabelConcatenation(3, 2, in: &$0)
        },
        LayerCase(name: "LabelProjection", input: [3, 4], labels: [1, 2, 1]) {
            LabelProjection(3, 4, in: &$0)
        },
    ]

    private static let convolutional = [
        LayerCase(name: "Conv2d", input: [2, 5, 4, 2]) { Conv2d(2, 3, kernel: 3, in: &$0) },
        LayerCase(name: "Conv2d", input: [2, 5, 6, 2]) {
            Conv2d(2, 3, kernel: 4, stride: 2, padding: 1, bias: false, in: &$0)
        },
        LayerCase(name: "Conv2d", input: [1, 7, 5, 1]) {
            Conv2d(1, 2, kernel: 4, stride: 2, padding: .same, in: &$0)
        },
        LayerCase(name: "Conv2d", input: [2, 4, 4, 6]) {
            Conv2d(6, 4, kernel: 3, padding: 1, groups: 2, in: &$0)
        },
        LayerCase(name: "ConvTranspose2d", input: [1, 2, 2, 4]) {
            ConvTranspose2d(4, 2, kernel: 4, stride: 2, padding: 1, groups: 2, in: &$0)
        },
        LayerCase(name: "ConvTranspose2d", input: [2, 2, 3, 3]) {
            ConvTranspose2d(3, 2, kernel: 4, stride: 2, padding: 1, in: &$0)
        },
        LayerCase(name: "ConvTranspose2d", input: [1, 2, 2, 2]) {
            ConvTranspose2d(2, 1, kernel: 3, stride: 2, padding: 1, outputPadding: 1, in: &$0)
        },
        LayerCase(name: "ConvTranspose2d", input: [1, 3, 2, 1]) {
            ConvTranspose2d(1, 2, kernel: 4, stride: 2, padding: .same, bias: false, in: &$0)
        },
    ]

    private static let normalising = [
        LayerCase(name: "BatchNorm2d", input: [3, 2, 2, 2]) { BatchNorm2d(2, in: &$0) },
        LayerCase(name: "BatchNorm2d", input: [5, 3]) { BatchNorm2d(3, in: &$0) },
        LayerCase(name: "BatchNorm2d", input: [5, 3], mode: .inference) {
            BatchNorm2d(3, in: &$0)
        },
        LayerCase(name: "LayerNorm", input: [2, 2, 3, 2]) { LayerNorm([2, 2, 3], in: &$0) },
        LayerCase(name: "LayerNorm", input: [3, 4]) { LayerNorm([4], in: &$0) },
        LayerCase(name: "InstanceNorm2d", input: [2, 3, 2, 2]) { InstanceNorm2d(2, in: &$0) },
        LayerCase(name: "PixelNorm", input: [2, 3, 2, 3]) { _ in PixelNorm() },
        LayerCase(name: "GroupSort", input: [2, 3, 2, 4]) { _ in GroupSort() },
        LayerCase(name: "Cones", input: [4, 3]) { Cones(3, count: 5, spread: 2, in: &$0) },
        LayerCase(name: "Cones", input: [4, 3]) {
            Cones(3, count: 5, spread: 2, softness: 0.3, in: &$0)
        },
        LayerCase(name: "GroupSort", input: [3, 6]) { _ in GroupSort(nil) },
        LayerCase(name: "PixelNorm", input: [3, 4]) { _ in PixelNorm(epsilon: 0.1) },
        LayerCase(name: "MinibatchStandardDeviation", input: [4, 2, 1, 2]) { _ in
            MinibatchStandardDeviation(group: 2)
        },
        LayerCase(name: "MinibatchStandardDeviation", input: [6, 3]) { _ in
            MinibatchStandardDeviation(group: 4)
        },
        LayerCase(name: "InstanceNorm2d", input: [2, 3, 2, 2]) {
            InstanceNorm2d(2, affine: true, in: &$0)
        },
    ]

    private static let pointwise = [
        LayerCase(name: "ReLU", input: [3, 4]) { _ in ReLU() },
        LayerCase(name: "LeakyReLU", input: [3, 4]) { _ in LeakyReLU(slope: 0.2) },
        LayerCase(name: "Tanh", input: [3, 4]) { _ in Tanh() },
        LayerCase(name: "Sigmoid", input: [3, 4]) { _ in Sigmoid() },
        LayerCase(name: "ELU", input: [3, 4]) { _ in ELU(alpha: 1.3) },
        LayerCase(name: "SELU", input: [3, 4]) { _ in SELU() },
        LayerCase(name: "Softplus", input: [3, 4]) { _ in Softplus() },
        LayerCase(name: "Dropout", input: [5, 4]) { _ in Dropout(0.3) },
        LayerCase(name: "Dropout", input: [5, 4], mode: .inference) { _ in Dropout(0.3) },
    ]

    private static let blocks = [
        LayerCase(name: "ResidualUp", input: [2, 2, 3, 2]) { ResidualUp(2, 3, in: &$0) },
        LayerCase(name: "ResidualUp", input: [2, 2, 2, 2]) {
            ResidualUp(2, 3, normalisation: .batchNorm2d, in: &$0)
        },
        LayerCase(name: "ResidualDown", input: [2, 5, 4, 2]) { ResidualDown(2, 3, in: &$0) },
        LayerCase(name: "ResidualDown", input: [2, 4, 2, 2]) {
            ResidualDown(2, 3, normalisation: .layerNorm(height: 4, width: 2), in: &$0)
        },
        LayerCase(name: "InvertedBottleneck", input: [2, 3, 2, 2]) {
            InvertedBottleneck(2, groups: 2, in: &$0)
        },
        LayerCase(name: "SelfAttention", input: [2, 3, 4, 8]) { SelfAttention(8, in: &$0) },
        LayerCase(name: "BilinearUpsample", input: [2, 2, 3, 2]) { _ in BilinearUpsample() },
        LayerCase(name: "BilinearDownsample", input: [1, 5, 4, 2]) { _ in BilinearDownsample() },
    ]

    private static let shaping = [
        LayerCase(name: "Flatten", input: [2, 2, 3, 2]) { _ in Flatten() },
        LayerCase(name: "Reshape", input: [2, 12]) { _ in
            Reshape(channels: 2, height: 2, width: 3)
        },
        LayerCase(name: "Upsample", input: [2, 2, 3, 2]) { _ in Upsample(factor: 2) },
        LayerCase(name: "AvgPool2d", input: [1, 5, 4, 2]) { _ in AvgPool2d(2) },
        LayerCase(name: "AvgPool2d", input: [1, 5, 4, 2]) { _ in
            AvgPool2d(3, stride: 2, padding: 1)
        },
        LayerCase(name: "MaxPool2d", input: [1, 5, 4, 2]) { _ in
            MaxPool2d(3, stride: 2, padding: 1)
        },
        LayerCase(name: "GlobalAvgPool2d", input: [2, 3, 4, 2]) { _ in GlobalAvgPool2d() },
        LayerCase(name: "Conv2d", input: [1, 5, 4, 2]) {
            Conv2d(2, 3, kernel: (1, 3), padding: .rowsAndColumns(0, 1), in: &$0)
        },
        LayerCase(name: "Branches", input: [1, 3, 4, 2]) { store in
            Branches([
                store.scoped("0") { Conv2d(2, 3, kernel: 1, in: &$0) },
                AvgPool2d(3, stride: 1, padding: 1),
            ])
        },
        LayerCase(name: "Residual", input: [3, 4]) { store in
            Residual(Sequential(in: &store, [{ Linear(4, 4, in: &$0) }, { _ in Tanh() }]))
        },
        LayerCase(name: "Residual", input: [3, 4]) { store in
            Residual(
                store.scoped("body") { Linear(4, 5, in: &$0) },
                shortcut: store.scoped("shortcut") { Linear(4, 5, in: &$0) })
        },
        LayerCase(name: "Sequential", input: [3, 4]) { store in
            Sequential(
                in: &store,
                [{ Linear(4, 5, in: &$0) }, { _ in Softplus() }, { Linear(5, 2, in: &$0) }])
        },
    ]
}
