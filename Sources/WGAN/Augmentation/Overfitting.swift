import TensorGraph

/// How sure a critic is of its real images: the share of them on the real side of a dividing score,
/// minus the share on the other side, in −1…1.
///
/// A classifier's dividing score is zero, and this is the source's heuristic r_t. Scores of a
/// Wasserstein critic have no zero: a constant added to all of them changes nothing. The half-way
/// point between the two means divides them there, which moves with such a constant, and is near
/// zero where a classifier's scores are balanced. A critic that has not overfitted can be sure too,
/// as long as the generator is bad; the measure says when the critic is too sure for the
/// generator to learn from it. The source's other heuristic, r_v, needs real images held back.
///
/// Source: Karras et al. 2020, eq. 1, arXiv:2006.06676.
enum Overfitting {
    /// - Parameters:
    ///   - real: Scores of real samples, `[N]` or `[N, 1]`, of which real samples have the high
    ///     ones.
    ///   - generated: Scores of generated samples.
    ///   - isAroundZero: Whether zero divides the scores.
    /// - Returns: A scalar.
    static func measure(real: Tensor, generated: Tensor, isAroundZero: Bool) -> Tensor {
        let divide: Tensor = isAroundZero ? 0 : 0.5 * (real.mean() + generated.mean())
        return (real - divide).sign().mean()
    }
}

extension TrainingSetup {
    /// The measure of a batch's scores, of which real samples have the high ones.
    func overfitting(real: Tensor, generated: Tensor) -> Tensor {
        Overfitting.measure(
            real: real, generated: generated, isAroundZero: objective.dividesAtZero)
    }
}
