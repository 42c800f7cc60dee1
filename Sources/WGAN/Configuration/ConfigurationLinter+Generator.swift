import Datasets
import NeuralNetworks
import Philox
import StrictYAML
import TensorGraph

extension ConfigurationLinter {
    /// A last layer that cannot reach all of the data.
    var unreachableData: String? {
        guard let last = layers(in: [setup.generator]).last(where: { !$0.keepsRange }),
            let (name, range) = last.range
        else { return nil }
        let wanted = dataRange
        let slack = 1e-3 * (wanted.upperBound - wanted.lowerBound)
        guard
            wanted.lowerBound < range.lowerBound - slack
                || wanted.upperBound > range.upperBound + slack
        else { return nil }
        let shown = { (bound: Double) in "\((100 * bound).rounded() / 100)" }
        let isImage = setup.sampleShape.rank == 3
        return "the generator ends with \(name), whose values are "
            + (range.upperBound.isInfinite
                ? "\(shown(range.lowerBound)) or more"
                : "\(shown(range.lowerBound))…\(shown(range.upperBound))")
            + ", but the data's are \(shown(wanted.lowerBound))…\(shown(wanted.upperBound)): it "
            + "cannot make the rest; "
            + (isImage ? "end it with tanh" : "end it with a linear layer")
    }

    /// Running statistics that still hold much of what they began with when sampling uses them.
    var unsettledStatistics: String? {
        guard case .steps(let steps) = length else { return nil }
        let momenta = layers(in: [setup.generator]).compactMap { ($0 as? BatchNorm2d)?.momentum }
        guard let momentum = momenta.min(), momentum > 0 else { return nil }
        // Both networks' updates run the generator, and so move its statistics.
        let updates = setup.schedule.updates(beforeStep: steps)
        let needed = Int((Self.timeConstants / momentum).rounded(.up))
        guard updates.critic + updates.generator < needed else { return nil }
        return "the generator's batch normalisation will have seen "
            + counted(updates.critic + updates.generator, "batch", "batches")
            + " by the end, and its running statistics, which samples are made with, need "
            + "\(needed): samples will differ from those of training; give more steps, or a larger "
            + "momentum than \(momentum)"
    }

    /// After so many times 1/momentum updates nothing is left of a statistic's beginning.
    private static let timeConstants = 10.0

    /// Between which values nearly all numbers of the data are.
    private var dataRange: ClosedRange<Double> {
        guard let distribution = data.distribution else { return -1...1 }
        var random = RandomStream(seed: 0, stream: PointSource.stream)
        let numbers = distribution.sample(1000, using: &random).sorted()
        let cut = numbers.count / 200
        return Double(numbers[cut])...Double(numbers[numbers.count - 1 - cut])
    }
}

extension Layer {
    /// The name of a layer whose results are bounded, and between which values they are.
    fileprivate var range: (name: String, values: ClosedRange<Double>)? {
        switch self {
        case is Tanh: ("tanh", -1...1)
        case is Sigmoid: ("sigmoid", 0...1)
        case is ReLU: ("relu", 0...Double.infinity)
        case is Softplus: ("softplus", 0...Double.infinity)
        case let layer as ELU: ("elu", -layer.alpha...Double.infinity)
        default: nil
        }
    }

    /// Whether the layer's results are between the same values as what it is given.
    fileprivate var keepsRange: Bool {
        self is NeuralNetworks.Reshape || self is Flatten || self is Upsample || self is AvgPool2d
            || self is BilinearUpsample || self is BilinearDownsample
    }
}
