import NeuralNetworks
package import StrictYAML

/// What becomes of a training in which a number is infinite or undefined.
public enum NonFiniteResponse: Hashable, Sendable {
    /// It ends.
    case stop
    /// It goes on from its last sound state with both learning rates multiplied by `factor`, in
    /// 0…1, at most `times` times; then it ends.
    case reduceLearningRate(factor: Double, times: Int)

    /// How often the training may go on.
    public var attempts: Int {
        switch self {
        case .stop: 0
        case .reduceLearningRate(_, let times): times
        }
    }

    /// What the learning rates are multiplied with after `reductions` reductions.
    func factor(after reductions: Int) -> Double {
        guard case .reduceLearningRate(let factor, _) = self else { return 1 }
        return (0..<reductions).reduce(1) { product, _ in product * factor }
    }
}

extension NonFiniteResponse {
    /// The names in configuration files: `stop`, `reduceLearningRate: {factor: 0.5, times: 3}`.
    package static let configurationNames = ["stop", "reduceLearningRate"]

    /// The response that a setting names.
    package init(reading setting: TaggedSection) throws(ConfigurationError) {
        let section = setting.section
        switch try section.entry(setting.kind, in: Self.configurationNames, name: { $0 }) {
        case "reduceLearningRate":
            section.shorthand(for: "factor")
            self = .reduceLearningRate(
                factor: try section.number("factor", default: 0.5, in: 0...1),
                times: try section.integer("times", default: 3, in: 1...1000))
        default: self = .stop
        }
    }
}
