import ConfigurationTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing

/// A layer as a file has it, the batch that it is given, and what it should be.
struct LayerReadingCase: CustomTestStringConvertible, Sendable {
    let yaml: String
    let input: Shape
    let output: Shape
    let expected: @Sendable (inout ParameterStore) -> any Layer

    init(
        _ yaml: String, _ input: Shape, _ output: Shape,
        _ expected: @escaping @Sendable (inout ParameterStore) -> any Layer
    ) {
        (self.yaml, self.input, self.output, self.expected) = (yaml, input, output, expected)
    }

    var testDescription: String { yaml }

    static let images: Shape = [2, 8, 6, 4]
    static let vectors: Shape = [2, 12]

    static let all: [LayerReadingCase] = [
        LayerReadingCase("linear: 5", vectors, [2, 5]) { Linear(12, 5, in: &$0) },
        LayerReadingCase("linear: {outputs: 5, bias: false}", vectors, [2, 5]) {
            Linear(12, 5, bias: false, in: &$0)
        },
        LayerReadingCase("conv2d: {outputs: 3, kernel: 2}", images, [2, 7, 5, 3]) {
            Conv2d(4, 3, kernel: 2, in: &$0)
        },
        LayerReadingCase(
            "conv2d: {outputs: 3, kernel: 4, stride: 2, padding: 1, bias: false}", images,
            [2, 4, 3, 3]
        ) { Conv2d(4, 3, kernel: 4, stride: 2, padding: 1, bias: false, in: &$0) },
        LayerReadingCase("conv2d: {outputs: 3, kernel: 4, padding: same}", images, [2, 8, 6, 3]) {
            Conv2d(4, 3, kernel: 4, padding: .same, in: &$0)
        },
        LayerReadingCase(
            "conv2d: {outputs: 6, kernel: 3, padding: 1, groups: 2}", images, [2, 8, 6, 6]
        ) { Conv2d(4, 6, kernel: 3, padding: 1, groups: 2, in: &$0) },
        LayerReadingCase(
            "convTranspose2d: {outputs: 8, kernel: 2, groups: 4}", images, [2, 9, 7, 8]
        ) { ConvTranspose2d(4, 8, kernel: 2, groups: 4, in: &$0) },
        LayerReadingCase("convTranspose2d: {outputs: 3, kernel: 2}", images, [2, 9, 7, 3]) {
            ConvTranspose2d(4, 3, kernel: 2, in: &$0)
        },
        LayerReadingCase(
            "convTranspose2d: {outputs: 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, "
                + "bias: false}", images, [2, 16, 12, 3]
        ) {
            ConvTranspose2d(
                4, 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, bias: false, in: &$0)
        },
        LayerReadingCase(
            "convTranspose2d: {outputs: 3, kernel: 4, stride: 2, padding: same}", images,
            [2, 16, 12, 3]
        ) { ConvTranspose2d(4, 3, kernel: 4, stride: 2, padding: .same, in: &$0) },
        LayerReadingCase("batchNorm2d", images, images) { BatchNorm2d(4, in: &$0) },
        LayerReadingCase("batchNorm2d", vectors, vectors) { BatchNorm2d(12, in: &$0) },
        LayerReadingCase("batchNorm2d: {epsilon: 0.1, momentum: 0.5}", images, images) {
            BatchNorm2d(4, epsilon: 0.1, momentum: 0.5, in: &$0)
        },
        LayerReadingCase("layerNorm", images, images) { LayerNorm([4, 8, 6], in: &$0) },
        LayerReadingCase("layerNorm: {epsilon: 0.1}", vectors, vectors) {
            LayerNorm([12], epsilon: 0.1, in: &$0)
        },
        LayerReadingCase("instanceNorm2d", images, images) { InstanceNorm2d(4, in: &$0) },
        LayerReadingCase("instanceNorm2d: {epsilon: 0.1, affine: true}", images, images) {
            InstanceNorm2d(4, epsilon: 0.1, affine: true, in: &$0)
        },
        LayerReadingCase("relu", vectors, vectors) { _ in ReLU() },
        LayerReadingCase("leakyReLU", vectors, vectors) { _ in LeakyReLU() },
        LayerReadingCase("leakyReLU: 0.2", vectors, vectors) { _ in LeakyReLU(slope: 0.2) },
        LayerReadingCase("elu", vectors, vectors) { _ in ELU() },
        LayerReadingCase("elu: {alpha: 0.5}", vectors, vectors) { _ in ELU(alpha: 0.5) },
        LayerReadingCase("selu", vectors, vectors) { _ in SELU() },
        LayerReadingCase("tanh", vectors, vectors) { _ in Tanh() },
        LayerReadingCase("sigmoid", vectors, vectors) { _ in Sigmoid() },
        LayerReadingCase("softplus", vectors, vectors) { _ in Softplus() },
        LayerReadingCase("dropout", vectors, vectors) { _ in Dropout() },
        LayerReadingCase("dropout: 0.25", vectors, vectors) { _ in Dropout(0.25) },
        LayerReadingCase("flatten", images, [2, 192]) { _ in Flatten() },
        LayerReadingCase("reshape: {channels: 3, height: 2, width: 2}", vectors, [2, 2, 2, 3]) {
            _ in
            Reshape(channels: 3, height: 2, width: 2)
        },
        LayerReadingCase("upsample", images, [2, 16, 12, 4]) { _ in Upsample() },
        LayerReadingCase("upsample: 3", images, [2, 24, 18, 4]) { _ in Upsample(factor: 3) },
        LayerReadingCase("avgPool2d: 2", images, [2, 4, 3, 4]) { _ in AvgPool2d(2) },
        LayerReadingCase("avgPool2d: {window: 3, stride: 2, padding: 1}", images, [2, 4, 3, 4]) {
            _ in AvgPool2d(3, stride: 2, padding: 1)
        },
        LayerReadingCase("maxPool2d: 3", images, [2, 2, 2, 4]) { _ in MaxPool2d(3) },
        LayerReadingCase("maxPool2d: {window: 3, stride: 1, padding: 1}", images, images) {
            _ in MaxPool2d(3, stride: 1, padding: 1)
        },
        LayerReadingCase("globalAvgPool2d", images, [2, 4]) { _ in GlobalAvgPool2d() },
        LayerReadingCase(
            "conv2d: {outputs: 5, kernel: [1, 3], padding: [0, 2]}", images, [2, 8, 8, 5]
        ) {
            Conv2d(4, 5, kernel: (1, 3), padding: .rowsAndColumns(0, 2), in: &$0)
        },
        LayerReadingCase(
            "branches: [{layers: [{conv2d: {outputs: 3, kernel: 1}}]}, {layers: [relu]}]", images,
            [2, 8, 6, 7]
        ) { store in
            let convolution = store.scoped("0") {
                Sequential(in: &$0, [{ Conv2d(4, 3, kernel: 1, in: &$0) }])
            }
            return Branches([convolution, Sequential([ReLU()])])
        },
        LayerReadingCase("residual: [relu, {linear: 12}]", vectors, vectors) { store in
            let body = store.scoped("layers") {
                Sequential(in: &$0, [{ _ in ReLU() }, { Linear(12, 12, in: &$0) }])
            }
            return Residual(body)
        },
        LayerReadingCase(
            "residual: {layers: [{linear: 5}], shortcut: [{linear: 5}]}", vectors, [2, 5]
        ) {
            store in
            let parts = ["layers", "shortcut"].map { name in
                store.scoped(name) { Sequential(in: &$0, [{ Linear(12, 5, in: &$0) }]) }
            }
            return Residual(parts[0], shortcut: parts[1])
        },
        LayerReadingCase("cones: 5", vectors, [2, 1]) { Cones(12, count: 5, in: &$0) },
        LayerReadingCase("cones: {count: 5, spread: 2.5}", vectors, [2, 1]) {
            Cones(12, count: 5, spread: 2.5, in: &$0)
        },
        LayerReadingCase("cones: {count: 5, softness: 0.2}", vectors, [2, 1]) {
            Cones(12, count: 5, softness: 0.2, in: &$0)
        },
        LayerReadingCase("groupSort", vectors, vectors) { _ in GroupSort() },
        LayerReadingCase("groupSort: 4", images, images) { _ in GroupSort(4) },
        LayerReadingCase("groupSort: {group: null}", vectors, vectors) { _ in GroupSort(nil) },
        LayerReadingCase("pixelNorm", vectors, vectors) { _ in PixelNorm() },
        LayerReadingCase("pixelNorm: {epsilon: 0.1}", images, images) { _ in
            PixelNorm(epsilon: 0.1)
        },
        LayerReadingCase("minibatchStandardDeviation", images, [2, 8, 6, 5]) { _ in
            MinibatchStandardDeviation()
        },
        LayerReadingCase("minibatchStandardDeviation: 8", vectors, [2, 13]) { _ in
            MinibatchStandardDeviation(group: 8)
        },
        LayerReadingCase("bilinearUpsample", images, [2, 16, 12, 4]) { _ in BilinearUpsample() },
        LayerReadingCase("bilinearDownsample", images, [2, 4, 3, 4]) { _ in
            BilinearDownsample()
        },
        LayerReadingCase("residualUp: 3", images, [2, 16, 12, 3]) { ResidualUp(4, 3, in: &$0) },
        LayerReadingCase(
            "residualUp: {outputs: 3, normalisation: batchNorm2d}", images, [2, 16, 12, 3]
        ) { ResidualUp(4, 3, normalisation: .batchNorm2d, in: &$0) },
        LayerReadingCase("residualDown: 3", images, [2, 4, 3, 3]) { ResidualDown(4, 3, in: &$0) },
        LayerReadingCase(
            "residualDown: {outputs: 3, normalisation: layerNorm}", images, [2, 4, 3, 3]
        ) { ResidualDown(4, 3, normalisation: .layerNorm(height: 8, width: 6), in: &$0) },
        LayerReadingCase("invertedBottleneck: 2", images, images) {
            InvertedBottleneck(4, groups: 2, in: &$0)
        },
        LayerReadingCase(
            "invertedBottleneck: {groups: 4, expansion: 3, depth: 5}", images, images
        ) { InvertedBottleneck(4, groups: 4, expansion: 3, depth: 5, in: &$0) },
        LayerReadingCase("selfAttention", [2, 4, 2, 16], [2, 4, 2, 16]) {
            SelfAttention(16, in: &$0)
        },
    ]
}

@Suite("Layers in configuration files")
struct LayerReadingTests {
    @Test(
        "a layer is read as Swift would make it, with defaults and with all settings",
        arguments: LayerReadingCase.all)
    func layer(_ test: LayerReadingCase) throws {
        let (network, store, document) = try read("[{\(test.yaml)}]", test.input)
        try document.finish()
        #expect(network.output == test.output)
        var expected = ParameterStore()
        let layer = expected.scoped("0") { test.expected(&$0) }
        #expect(areEqual(network.layers[0], layer), "\(network.layers[0])")
        #expect(store.parameters == expected.parameters)
    }

    @Test("the resolved layer reads back to the same layer", arguments: LayerReadingCase.all)
    func roundTrip(_ test: LayerReadingCase) throws {
        let (first, _, document) = try read("[{\(test.yaml)}]", test.input)
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        var store = ParameterStore()
        let second = try ConfiguredNetwork(
            reading: "x", of: again.root, input: test.input, in: &store)
        try again.finish()
        #expect(areEqual(first.layers, second.layers), "\(second.layers)")
        #expect(again.resolvedYAML == document.resolvedYAML)
    }

    @Test("every layer of the catalogue is among the cases, but those that need labels")
    func coverage() {
        let read = Set(LayerReadingCase.all.map { String($0.yaml.prefix { $0 != ":" }) })
        #expect(
            read.union(["labelConcatenation", "labelProjection"])
                == Set(LayerCatalogue.all.map { $0.configurationName }))
    }

    @Test(
        "a layer that does not fit, or is out of range, is an error at its line",
        arguments: [
            (
                "linear: 0",
                "a.yaml:3:11: 'x.1.linear.outputs' must be a whole number from 1 to 16777216, "
                    + "but is 0"
            ),
            (
                "linear: -3",
                "a.yaml:3:11: 'x.1.linear.outputs' must be a whole number from 1 to 16777216, "
                    + "but is -3"
            ),
            (
                "conv2d: {outputs: 4, kernel: 3}",
                "a.yaml:3:3: 'x.1.conv2d' takes images [N, H, W, C] but is given [2, 12]; "
                    + "put 'reshape' before it"
            ),
            (
                "reshape: {channels: 4, height: 4, width: 1}",
                "a.yaml:3:3: 'x.1.reshape' does not fit its input [2, 12] (tensor: samples of "
                    + "[2, 12] cannot become images of 4 channels, 4×1); change its settings or "
                    + "the layers before it"
            ),
            (
                "residual: [{linear: 7}]",
                "a.yaml:3:3: 'x.1.residual' does not fit its input [2, 12] (tensor: a residual "
                    + "block adds [2, 7] to [2, 12]; give it a shortcut that changes the shape "
                    + "alike); change its settings or the layers before it"
            ),
            (
                "residual: []",
                "a.yaml:3:13: 'x.1.residual.layers' has no layers; give at least one, such as "
                    + "'linear: 1'"
            ),
            (
                "dropout: 1",
                "a.yaml:3:12: 'x.1.dropout.probability' must be a finite number from 0 up to but "
                    + "not 1, but is 1"
            ),
            (
                "leakyRelu: 0.2",
                "a.yaml:3:3: unknown kind 'leakyRelu' for 'x.1'; did you mean 'leakyReLU'?"
            ),
            (
                "tanh: {gain: 1}",
                "a.yaml:3:10: unknown key 'x.1.tanh.gain'; remove it, as there is nothing to set "
                    + "here"
            ),
        ])
    func mistakes(yaml: String, message: String) throws {
        let found = try failure {
            let document = try ConfigurationDocument(
                yaml: "x:\n- relu\n- \(yaml)\n", file: "a.yaml")
            var store = ParameterStore()
            _ = try ConfiguredNetwork(
                reading: "x", of: document.root, input: [2, 12], in: &store)
            try document.finish()
        }
        #expect(found == message)
    }

    @Test(
        "a layer of images that does not fit is an error with both shapes",
        arguments: [
            (
                "conv2d: {outputs: 4, kernel: 9}",
                "'x.0.conv2d' does not fit its input [2, 8, 6, 4] (convolution: the kernel of "
                    + "[4, 4, 9, 9] is larger than the padded input [2, 8, 6, 4])"
            ),
            (
                "conv2d: {outputs: 6, kernel: 3, groups: 3}",
                "'x.0.conv2d.groups' is 3, which does not divide 4 channels into 6; give a "
                    + "divisor of both"
            ),
            (
                "convTranspose2d: {outputs: 6, kernel: 3, groups: 4}",
                "'x.0.convTranspose2d.groups' is 4, which does not divide 4 channels into 6; give "
                    + "a divisor of both"
            ),
            (
                "residualUp: {outputs: 3, normalisation: batchNorm}",
                "'x.0.residualUp.normalisation' must be one of batchNorm2d, instanceNorm2d, "
                    + "layerNorm, none, but is the text 'batchNorm'"
            ),
            ("residualDown", "'x.0.residualDown.outputs' is missing"),
            (
                "invertedBottleneck: 3",
                "'x.0.invertedBottleneck.groups' is 3, which does not divide the block's 8 "
                    + "channels; give a divisor of them"
            ),
            (
                "selfAttention",
                "'x.0.selfAttention' has queries of an eighth of its 4 channels; give it a "
                    + "multiple of 8"
            ),
            (
                "minibatchStandardDeviation: 1",
                "'x.0.minibatchStandardDeviation.group' must be a whole number from 2 to 1024, "
                    + "but is 1"
            ),
            (
                "linear: 3",
                "'x.0.linear' takes vectors [N, F] but is given [2, 8, 6, 4]; put 'flatten' "
                    + "before it"
            ),
            (
                "conv2d: {outputs: 4, kernel: 3, padding: some}",
                "'x.0.conv2d.padding' must be a whole number from 0 to 64, or a list of two "
                    + "such: height and width, but is the text 'some'; 'same' is possible too"
            ),
            (
                "convTranspose2d: {outputs: 4, kernel: 3, padding: same, outputPadding: 1}",
                "unknown key 'x.0.convTranspose2d.outputPadding'"
            ),
            (
                "convTranspose2d: {outputs: 4, kernel: 1, padding: 9}",
                "the padding of a transposed convolution leaves nothing of [2, 8, 6, 4]"
            ),
        ])
    func imageMistakes(yaml: String, message: String) throws {
        let found = try failure {
            let (_, _, document) = try read("[{\(yaml)}]", LayerReadingCase.images)
            try document.finish()
        }
        #expect(found.contains(message), "\(found)")
    }

    @Test(
        "layers that ask for absurd amounts of memory are refused",
        arguments: [
            ("[{linear: 16777216}, {linear: 16777216}]", [2, 2], "parameters of"),
            ("[{linear: 16777216}]", [1024, 2], "a result of [1024, 16777216]"),
            (
                "[{upsample: 64}, {upsample: 64}, {upsample: 64}]", [2, 1, 1, 1],
                "'x.2.upsample' has a result"
            ),
            (
                "[{convTranspose2d: {outputs: 65536, kernel: 64, stride: 64}}]", [2, 64, 64, 1],
                "more than 2³¹ numbers; make the layer or the batch smaller"
            ),
        ])
    func memory(yaml: String, input: [Int], message: String) throws {
        let found = try failure { _ = try read(yaml, Shape(input)) }
        #expect(found.contains(message), "\(found)")
    }

    private func read(
        _ layers: String, _ input: Shape
    ) throws -> (ConfiguredNetwork, ParameterStore, ConfigurationDocument) {
        let document = try ConfigurationDocument(yaml: "x: \(layers)\n", file: "a.yaml")
        var store = ParameterStore()
        let network = try ConfiguredNetwork(
            reading: "x", of: document.root, input: input, in: &store)
        return (network, store, document)
    }
}
