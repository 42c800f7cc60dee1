import TensorGraph

/// The running moments that Adam's variants share, and the corrections of their beginnings.
///
/// A correction is kept as `c ← β c + (1 − β)` from 0, which is 1 − βᵗ without cancellation and
/// without a step number; one scalar serves all parameters of an optimiser.
struct AdamMoments {
    let beta1: Double
    let beta2: ScheduledNumber
    /// The name before what all parameters share, such as `critic`.
    let scope: String

    /// 1 − β₁ᵗ and 1 − β₂ᵗ after this step.
    func corrections(
        in store: inout ParameterStore, _ updates: inout [VariableUpdate]
    ) -> (first: Tensor, second: Tensor) {
        (
            correction(.constant(beta1), "\(scope).adam.correction1", in: &store, &updates),
            correction(beta2, "\(scope).adam.correction2", in: &store, &updates)
        )
    }

    /// The moments of `gradient` after this step; without β₁ the first is the gradient itself.
    func moments(
        of gradient: Tensor, for parameter: Parameter, in store: inout ParameterStore,
        _ updates: inout [VariableUpdate]
    ) -> (first: Tensor, second: Tensor) {
        let square = store.state(beside: parameter, "adam.v")
        let second = square.tensor.averaged(
            with: gradient * gradient, decay: store.tensor(of: beta2, named: "\(scope).beta2"))
        updates.append((square, second))
        guard beta1 != 0 else { return (gradient, second) }
        let mean = store.state(beside: parameter, "adam.m")
        let first = mean.tensor.averaged(with: gradient, decay: beta1)
        updates.append((mean, first))
        return (first, second)
    }

    private func correction(
        _ beta: ScheduledNumber, _ name: String, in store: inout ParameterStore,
        _ updates: inout [VariableUpdate]
    ) -> Tensor {
        guard beta != 0 else { return 1 }
        let variable = store.state(name, [])
        let value = variable.tensor.averaged(
            with: 1, decay: store.tensor(of: beta, named: "\(scope).beta2"))
        updates.append((variable, value))
        return value
    }
}
