extension CriticSchedule {
    /// The updates of each network that one step of a training makes, the critic's first.
    ///
    /// A step is a generator update with the critic updates before it, but with ``everyStep(period:)``
    /// a single update of either network, as its original counts.
    public func updates(inStep step: Int) -> (critic: Int, generator: Int) {
        guard case .everyStep(let period) = self else { return (criticIterations(before: step), 1) }
        return step % period == 0 ? (0, 1) : (1, 0)
    }
}
