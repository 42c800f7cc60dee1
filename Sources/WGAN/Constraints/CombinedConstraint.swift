public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Several constraints at once: each acts on what the one before left, penalties add up.
public struct CombinedConstraint: LipschitzConstraint {
    /// The constraints in the order in which they act.
    public var constraints: [any LipschitzConstraint]

    /// All of `constraints`; none at all leaves the critic free.
    public init(_ constraints: [any LipschitzConstraint]) { self.constraints = constraints }

    /// What the last constraint makes of the values that those before it made of `value`.
    public func beginning(_ value: Tensor, of parameter: Parameter) -> Tensor {
        constraints.reduce(value) { $1.beginning($0, of: parameter) }
    }

    /// What the last constraint makes of the values that those before it made of `value`.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        constraints.reduce(value) { $1.reparametrised($0, of: parameter, in: &context) }
    }

    /// The sum of all penalties; nil where no constraint has one.
    public func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor? {
        constraints.reduce(nil) { sum, constraint in
            let term = constraint.penalty(
                critic: critic, real: real, generated: generated, in: &context)
            guard let sum, let term else { return sum ?? term }
            return sum + term
        }
    }

    /// The direction that the last constraint makes of those before it.
    public func direction(
        _ gradient: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        constraints.reduce(gradient) { $1.direction($0, of: parameter, in: &context) }
    }

    /// What the last constraint makes of the values that those before it made of `value`.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        constraints.reduce(value) { $1.projected($0, of: parameter, in: &context) }
    }
}

extension CombinedConstraint: ConfigurableConstraint {
    /// `combined: [spectralProjection, {gradientPenalty: {coefficient: 1}}]`.
    package static let configurationName = "combined"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        section.shorthand(for: "constraints")
        var constraints: [any LipschitzConstraint] = []
        for setting in try section.taggedList("constraints") {
            constraints.append(try ConstraintCatalogue.read(setting))
        }
        return CombinedConstraint(constraints)
    }
}
