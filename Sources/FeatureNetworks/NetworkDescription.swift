import NeuralNetworks
import StrictYAML
import TensorGraph

/// The layers of a feature network as they are described, without their numbers.
struct NetworkDescription {
    let name: String
    let input: Shape
    let range: ClosedRange<Double>
    let resizing: ImageResizing?
    let layers: [any Layer]
    let featureLayers: Int
    let featureCount: Int
    let classCount: Int?
    let parameters: ParameterStore
    /// The name before those of all parameters.
    let scope: String

    /// Images that go through the network at a time: fewer of large ones, whose layers' results
    /// would take gigabytes.
    let batchSize: Int
    /// The most numbers of a batch of images.
    private static let mostNumbers = 1 << 21
    private static let vocabulary = Vocabulary(taggedKeys: ["layers", "shortcut"])

    /// Reads a description.
    ///
    /// - Parameters:
    ///   - yaml: The text, in YAML or JSON.
    ///   - file: What errors call its file.
    init(yaml: String, file: String, scope: String) throws {
        let document = try ConfigurationDocument(
            yaml: yaml, file: "the network of \(file)", vocabulary: Self.vocabulary)
        let root = document.root
        self.scope = scope
        name = try root.value("name", .text)
        input = try Self.input(root)
        batchSize = min(max(Self.mostNumbers / input.count, 1), 100)
        range = try Self.range(root)
        resizing = try ImageResizing(root)
        var store = ParameterStore()
        let batch = Shape([batchSize] + input.dimensions)
        let network = try store.scoped(scope) {
            try ConfiguredNetwork(reading: "layers", of: root, input: batch, in: &$0)
        }
        layers = network.layers
        featureLayers = try root.value(
            "features", .integer(in: 1...layers.count), default: layers.count)
        try document.finish()
        parameters = store
        featureCount = Self.width(of: layers.prefix(featureLayers), for: batch)
        let isClassifier = featureLayers < layers.count
        guard !isClassifier || network.output.rank == 2 else {
            throw FeatureNetworkError.description(
                "ends with \(network.output), not with one score for each class; end it with "
                    + "'linear' or leave out 'features'", file: file)
        }
        classCount = isClassifier ? network.output[1] : nil
    }

    private static func input(_ root: ConfigurationSection) throws -> Shape {
        let extents = try root.value("input", .list(of: .integer()))
        guard extents.count == 3, extents.allSatisfy((1...4096).contains),
            [1, 3].contains(extents[2])
        else {
            throw root.invalid(
                "input", "must be height, width and 1 or 3 channels, such as [28, 28, 1]")
        }
        return Shape(extents)
    }

    private static func range(_ root: ConfigurationSection) throws -> ClosedRange<Double> {
        let bounds = root.has("range") ? try root.value("range", .list(of: .number())) : [-1, 1]
        guard bounds.count == 2, bounds.allSatisfy(\.isFinite), bounds[0] < bounds[1] else {
            throw root.invalid("range", "must be two numbers, the smaller first, such as [-1, 1]")
        }
        return bounds[0]...bounds[1]
    }

    /// How many numbers the layers make of each image.
    private static func width(of layers: ArraySlice<any Layer>, for batch: Shape) -> Int {
        var pass = ForwardPass(.inference)
        let result = layers.reduce(Tensor.input("trial", batch)) { $1($0, &pass) }
        return result.shape.count / batch[0]
    }
}
