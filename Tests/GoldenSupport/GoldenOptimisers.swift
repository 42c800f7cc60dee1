import NeuralNetworks
import TensorGraph

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
}
