import NeuralNetworks
import TensorGraph
import WGAN

extension GoldenOptimiserSettings {
    /// This project's optimiser of the settings' kind.
    func optimiser() throws -> any Optimiser {
        switch kind {
        case "sgd": return SGD(learningRate: .constant(lr), momentum: momentum ?? 0)
        case "rmsprop":
            return RMSprop(learningRate: .constant(lr), alpha: alpha ?? 0.99, epsilon: eps ?? 1e-8)
        case "rmsprop_tf":
            return TensorFlowRMSprop(
                learningRate: .constant(lr), rho: rho ?? 0.9, epsilon: eps ?? 1e-10,
                momentum: momentum ?? 0,
                initialAccumulator: initialAccumulator ?? 1)
        case "adam":
            return Adam(
                learningRate: .constant(lr), beta1: beta1 ?? 0.9, beta2: .constant(beta2 ?? 0.999),
                epsilon: eps ?? 1e-8)
        case "adam_tf":
            return TensorFlowAdam(
                learningRate: .constant(lr), beta1: beta1 ?? 0.9, beta2: .constant(beta2 ?? 0.999),
                epsilon: eps ?? 1e-8)
        default: throw GoldenError("the harness knows no optimiser of kind \(kind)")
        }
    }

    /// The updates of one step on `loss`, projected by clipping where the settings ask for it.
    func updates(
        of scope: String, minimising loss: Tensor, in store: inout ParameterStore
    ) throws -> [VariableUpdate] {
        let parameters = store.trainable(in: scope)
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.tensor))
        let step = try optimiser().step(
            parameters, gradients: slopes, factor: 1, scope: scope, in: &store)
        let constraint: any LipschitzConstraint =
            clip.map { WeightClipping(bound: $0) } ?? CombinedConstraint([])
        var context = ConstraintContext(store: store)
        let values = zip(parameters, step.values).map { parameter, value in
            (parameter.variable, constraint.projected(value, of: parameter, in: &context))
        }
        return values + step.updates
    }
}
