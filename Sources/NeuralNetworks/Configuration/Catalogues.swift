package import StrictYAML
package import TensorGraph

/// A layer that configuration files can name.
package protocol ConfigurableLayer: Configurable, Layer {
    /// The layer that `section` describes.
    ///
    /// - Parameters:
    ///   - input: The shape of a batch that arrives at the layer, `[N, …]`.
    ///   - store: Where the layer creates its parameters.
    init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError)
}

extension ConfigurableLayer where Self: WithoutSettings {
    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init()
    }
}

/// The layers that configuration files can name.
package enum LayerCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableLayer.Type] = [
        AvgPool2d.self, BatchNorm2d.self, BilinearDownsample.self, BilinearUpsample.self,
        Branches.self, Cones.self, Conv2d.self, ConvTranspose2d.self, Dropout.self, ELU.self,
        Flatten.self, GlobalAvgPool2d.self, GroupSort.self, InstanceNorm2d.self,
        InvertedBottleneck.self, LabelConcatenation.self, LabelProjection.self, LayerNorm.self,
        LeakyReLU.self, Linear.self, MaxPool2d.self, MinibatchStandardDeviation.self,
        PixelNorm.self, ReLU.self, Reshape.self, Residual.self,
        ResidualDown.self, ResidualUp.self, SELU.self, SelfAttention.self, Sigmoid.self,
        Softplus.self, Tanh.self, Upsample.self,
    ]
}

/// The ranges of layers' settings: wide enough for any network, and so narrow that the extents of
/// no layer's result, given an input within ``LayerLimits/elements``, overflow when multiplied.
package enum LayerLimits {
    /// Numbers in a tensor: 2³¹.
    package static let elements = 1 << 31
    /// Numbers that a dense layer gives for each sample.
    static let features = 1...1 << 24
    /// Channels of an image.
    static let channels = 1...1 << 16
    /// Rows and columns of an image.
    static let size = 1...1 << 13
    /// Rows and columns of a kernel or window, pixels between windows, factors of enlargement.
    static let window = 1...64
    /// Rows and columns of zeros on each side of an image.
    static let padding = 0...64
}

extension ConfigurationSection {
    /// How many numbers each vector of a batch of shape `input` has.
    func features(of input: Shape) throws(ConfigurationError) -> Int {
        guard input.rank == 2 else {
            throw failure(
                "takes vectors [N, F] but is given \(input); put 'flatten' before it")
        }
        return input[1]
    }

    /// How many channels the images of a batch of shape `input` have.
    func channels(of input: Shape) throws(ConfigurationError) -> Int {
        guard input.rank == 4 else {
            throw failure(
                "takes images [N, H, W, C] but is given \(input); put 'reshape' before it")
        }
        return input[3]
    }
}

/// A scheme of initial values that configuration files can name.
package protocol ConfigurableInitialisation: ReadFromSettings, Initialisation {}

/// The schemes that configuration files can name.
package enum InitialisationCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableInitialisation.Type] = [
        DCGANInitialisation.self, FanInNormalInitialisation.self, HeNormalInitialisation.self,
        LecunNormalInitialisation.self, NormalInitialisation.self, PyTorchInitialisation.self,
        XavierInitialisation.self,
    ]

    /// The scheme that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any Initialisation {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .init(reading: setting.section)
    }
}

/// An optimiser that configuration files can name.
package protocol ConfigurableOptimiser: ReadFromSettings, Optimiser {
    /// Whether a step goes on in the direction of the steps before.
    var hasMomentum: Bool { get }

    /// The settings that may change over a training, by their keys.
    var scheduledNumbers: [(name: String, number: ScheduledNumber)] { get }
}

extension ConfigurableOptimiser {
    package var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        [("learningRate", learningRate)]
    }
}

/// The optimisers that configuration files can name.
package enum OptimiserCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableOptimiser.Type] = [
        Adam.self, AdamW.self, RMSprop.self, SGD.self, TensorFlowAdam.self, TensorFlowRMSprop.self,
    ]

    /// The optimiser that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any ConfigurableOptimiser {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .init(reading: setting.section)
    }
}

extension ConfigurationSection {
    /// The size of an optimiser's steps.
    func learningRate() throws(ConfigurationError) -> ScheduledNumber {
        try scheduledNumber("learningRate", in: .positive)
    }

    /// A share that is kept from step to step: 0 ≤ share < 1.
    func share(_ key: String, default fallback: Double) throws(ConfigurationError) -> Double {
        try value(key, .number(in: 0..<1), default: fallback)
    }
}
