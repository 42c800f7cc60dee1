import Files
public import StrictYAML

/// A training on a folder of images in the keys of the AIDL21-SAGAN project's program, or the
/// sampling of a generator's saved weights.
///
/// Every key of that program is read with its meaning; ``configurationYAML`` says the same in our
/// own keys.
public struct AIDL21Settings: Hashable, Sendable {
    /// What the key `arch` names.
    public enum Architecture: String, CaseIterable, Sendable {
        /// A Wasserstein GAN with a gradient penalty.
        case wgan = "WGAN"
        /// The same networks with a classical discriminator.
        case dcgan = "DCGAN"
        /// Spectral normalisation in place of the penalty, where no `gp_lambda` is given.
        case sngan = "SNGAN"
        /// No training: images from saved weights.
        case generator = "Generator"
    }

    /// The keys that a file may have.
    public static let keys = [
        "arch", "path", "out", "run", "seed", "n_gpu", "num_epochs", "learning_rate", "beta_adam",
        "batch_size", "latent_vector", "image_size", "loader_workers", "number_channels",
        "gen_feature_maps", "dis_feature_maps", "critic_its", "gp_lambda", "quantity",
    ]
    /// The key that tells such a file from one of ours.
    public static let distinctiveKey = "arch"

    /// What is trained, or that samples are drawn.
    public let architecture: Architecture
    /// The folder of images, or for ``Architecture/generator`` the weights.
    public let path: String
    /// The folder for what the program writes.
    public let out: String
    /// What the names of its files begin with.
    public let run: String
    /// What all random numbers are a function of.
    public let seed: UInt64
    /// Graphics processors that were asked for.
    public let gpuCount: Int
    /// Passes over the images.
    public let epochs: Int
    /// Adam's step size; from 1 on the critic's in units of the generator's 2e-4.
    public let learningRate: Double
    /// Adam's first decay rate.
    public let beta1: Double
    /// Images in a batch.
    public let batchSize: Int
    /// Numbers of a latent.
    public let latentSize: Int
    /// Pixels of a side: 64, 128, or for ``Architecture/generator`` also 256.
    public let imageSize: Int
    /// Files that are decoded at a time.
    public let workers: Int
    /// 1 for grey, 3 for colour.
    public let channels: Int
    /// Channels of the generator's last layer but one.
    public let generatorMaps: Int
    /// Channels of the critic's first layer.
    public let criticMaps: Int
    /// Critic updates for each one of the generator.
    public let criticIterations: Int
    /// The gradient penalty's coefficient; nil where the file does not give it.
    public let penaltyCoefficient: Double?
    /// Images to draw, where samples are drawn.
    public let quantity: Int?

    /// Reads all settings of a document.
    ///
    /// - Throws: A `ConfigurationError` for settings that are missing, unknown or out of range.
    public init(_ document: ConfigurationDocument) throws(ConfigurationError) {
        let root = document.root
        architecture = try root.value("arch", .oneOf())
        let samples = architecture == .generator
        path = try root.value("path", .text)
        out = try root.value("out", .text)
        run = try root.value("run", .text)
        seed = try root.value("seed", .seed, default: 0)
        gpuCount = try root.value("n_gpu", .integer(minimum: 0), default: 0)
        epochs = try root.value(
            "num_epochs", .integer(in: 1...1_000_000), default: samples ? 1 : nil)
        learningRate = try root.value("learning_rate", .number(greaterThan: 0), default: 2e-4)
        beta1 = try root.value("beta_adam", .number(in: 0..<1), default: 0.5)
        batchSize = try root.value("batch_size", .integer(in: 1...1 << 16), default: 16)
        latentSize = try root.value("latent_vector", .integer(in: 1...1 << 16), default: 256)
        imageSize = try Self.imageSize(root, samples: samples)
        workers = try root.value("loader_workers", .integer(in: 0...1024), default: 2)
        channels = try root.value("number_channels", .integer(in: 1...3), default: 3)
        generatorMaps = try root.value("gen_feature_maps", .integer(in: 1...1024), default: 64)
        criticMaps = try root.value("dis_feature_maps", .integer(in: 1...1024), default: 64)
        criticIterations = try root.value("critic_its", .integer(in: 1...10_000), default: 5)
        penaltyCoefficient = try root.optional("gp_lambda", .number(minimum: 0))
        quantity =
            samples
            ? try root.value("quantity", .integer(in: 1...100_000))
            : try root.optional("quantity", .integer(minimum: 0))
        guard channels != 2 else {
            throw root.invalid("number_channels", "must be 1 for grey or 3 for colour, but is 2")
        }
        try document.finish()
    }

    private static func imageSize(
        _ root: ConfigurationSection, samples: Bool
    ) throws(ConfigurationError) -> Int {
        let size = try root.value("image_size", .integer(minimum: 1))
        let sizes = samples ? [64, 128, 256] : [64, 128]
        guard !sizes.contains(size) else { return size }
        throw root.invalid(
            "image_size",
            size == 256
                ? "is 256, which arch: Generator alone can have; set it to 64 or 128"
                : "must be \(samples ? "64, 128 or 256" : "64 or 128"), but is \(size)")
    }

    /// What the names of all files begin with.
    public var filePrefix: String {
        let folder = out.isEmpty || out.hasSuffix("/") ? out : out + "/"
        return folder + run + "_"
    }

    /// What does not happen as the file says it: a sentence for each.
    public var notes: [String] {
        var notes: [String] = []
        if gpuCount > 0 {
            notes.append(
                "n_gpu: \(gpuCount) has no effect, as trainings run on the processor; set it to 0")
        }
        if architecture == .dcgan, penaltyCoefficient != nil {
            notes.append(
                "gp_lambda has no effect with arch: DCGAN, whose discriminator has no penalty; "
                    + "remove it")
        }
        if architecture == .sngan, penaltyCoefficient != nil {
            notes.append(
                "arch: SNGAN with gp_lambda is trained with the gradient penalty, as by the "
                    + "program of these keys; leave gp_lambda out for spectral normalisation")
        }
        if architecture != .generator, quantity != nil {
            notes.append("quantity has no effect unless arch is Generator; remove it")
        }
        return notes
    }
}

extension AIDL21Settings {
    /// The generator's step size where the critic's is given in units of it.
    private static let unitLearningRate = 2e-4
    /// Critic updates from one set of samples to the next.
    private static let sampleInterval = 500

    /// The same training in our own keys: a file for `wgan train`.
    public var configurationYAML: String {
        """
        # The training of an AIDL21-SAGAN file: images of \(imageSize) pixels, arch \
        \(architecture.rawValue).
        name: \(doubleQuoted(name))
        summary: Images of \(imageSize) pixels by the settings of an AIDL21-SAGAN file.
        seed: \(seed)

        data:
          imageFolder:
            path: \(doubleQuoted(path))
            size: \(imageSize)
            channels: \(channels)
            fit: crop
            workers: \(max(workers, 1))

        batchSize: \(batchSize)
        latent: {size: \(latentSize), distribution: normal}

        generator:
          initialisation: dcgan
          layers:
        \(Self.listed(generatorLayers))
          optimiser:
            adam: \(adam(generatorLearningRate))

        critic:
          initialisation: dcgan
          layers:
        \(Self.listed(criticLayers))
          optimiser:
            adam: \(adam(criticLearningRate))

        objective: \(architecture == .dcgan ? "classical" : "wasserstein")
        constraint: \(constraint)
        schedule:
          fixed: {iterations: \(criticIterations)}
        learningRate: constant
        signs: realScoresHigh
        epochs: \(epochs)

        outputs:
          samples: {every: \(max(Self.sampleInterval / criticIterations, 1)), count: 64, columns: 8}
          report: {every: \(Self.sampleInterval), count: \(imageSize), prefix: \
        \(doubleQuoted(filePrefix))}
          metrics: {every: 1}

        """
    }

    /// The prefix of the files' names, fit to name a folder of ours.
    private var name: String { run.fileName() ?? "images" }

    private var criticLearningRate: Double {
        learningRate < 1 ? learningRate : Self.unitLearningRate * learningRate
    }

    private var generatorLearningRate: Double {
        learningRate < 1 ? learningRate : Self.unitLearningRate
    }

    private func adam(_ learningRate: Double) -> String {
        "{learningRate: \(learningRate), beta1: \(beta1), beta2: 0.999}"
    }

    private var constraint: String {
        switch (architecture, penaltyCoefficient) {
        case (.dcgan, _): "{combined: []}"
        case (.sngan, nil): "spectralReparametrisation"
        default: "{gradientPenalty: {coefficient: \(penaltyCoefficient ?? 10)}}"
        }
    }

    /// How many times the maps of the last level each level has, from the largest image to 4×4.
    private var levels: [Int] {
        var levels = [1]
        while levels.count < imageSize.trailingZeroBitCount - 2 { levels.append(levels.last! * 2) }
        return levels
    }

    private var generatorLayers: [String] {
        var layers = ["reshape: {channels: \(latentSize), height: 1, width: 1}"]
        for (index, level) in levels.reversed().enumerated() {
            let placement = index == 0 ? "" : ", stride: 2, padding: 1"
            layers += [
                "convTranspose2d: {outputs: \(level * generatorMaps), kernel: 4\(placement), "
                    + "bias: false}",
                "batchNorm2d", "relu",
            ]
        }
        return layers + [
            "convTranspose2d: {outputs: \(channels), kernel: 4, stride: 2, padding: 1, "
                + "bias: false}",
            "tanh",
        ]
    }

    private var criticLayers: [String] {
        levels.flatMap { level in
            [
                "conv2d: {outputs: \(level * criticMaps), kernel: 4, stride: 2, padding: 1, "
                    + "bias: false}",
                "leakyReLU: 0.2",
            ]
        } + ["conv2d: {outputs: 1, kernel: 4, bias: false}", "flatten"]
    }

    private static func listed(_ layers: [String]) -> String {
        layers.map { "    - \($0)" }.joined(separator: "\n")
    }
}
