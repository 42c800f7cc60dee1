import Datasets
import NeuralNetworks
import StrictYAML
import TensorGraph

/// What conditional networks are told of each sample: its class.
///
/// Generated samples are given labels too. Those that the critic compares with real ones have the
/// real batch's, so that both kinds have the same classes in the same shares (a critic could
/// otherwise tell them apart by that), and a point between a real and a generated sample, where a
/// gradient penalty looks, has one class. Those that the generator learns from have classes drawn
/// uniformly, so that it learns all of them equally well.
public struct Condition: Hashable, Sendable {
    /// How many classes there are, at least 2; labels are 0, 1, … classes − 1.
    public var classes: Int

    /// A condition of so many classes.
    public init(classes: Int) { self.classes = classes }

    /// `count` uniformly drawn class numbers of a random stream: `[count]`.
    func sample(_ count: Int, stream: UInt32) -> Tensor {
        let numbers = Tensor(Double(classes)) * .randomUniform([count, 1], stream: stream)
        // As many of the limits 1, 2, … classes − 1 as a number has reached.
        let limits = Tensor.iota([count, classes - 1], axis: 1) + 1
        return (numbers .>= limits).sum(along: [1])
    }

    /// Class numbers for `count` samples in which all classes follow each other again and again.
    public func cycle(_ count: Int) -> [Int] { (0..<count).map { $0 % classes } }
}

extension Condition {
    /// `condition: {classes: 10}`.
    init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(classes: try section.integer("classes", in: 2...ImageSet.mostClasses))
    }
}
