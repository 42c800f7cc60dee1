import Files
import StrictYAML

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
