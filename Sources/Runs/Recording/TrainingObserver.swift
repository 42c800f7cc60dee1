public import WGAN

/// Someone who watches a training.
///
/// What an observer records must survive the process, or be made again with the same bits: a
/// training that was killed goes on from its last checkpoint. So an observer makes durable what it
/// has when it is told to settle, and takes it up again when the training begins at a later step
/// than the first.
public protocol TrainingObserver {
    /// Called before the first step, and again where the training goes back.
    ///
    /// Where `trainer.step` is not 0 the training goes on: the observer restores its records up to
    /// this step, at which it settled, and drops later ones.
    func began(_ trainer: Trainer) throws
    /// Whether the parameters after step number `step` are needed, and not its losses alone.
    ///
    /// Where nobody needs them a device may carry out several steps by one call; ``stepped(_:)`` is
    /// then called for each of them, with its losses, when all are done.
    func needsState(of trainer: Trainer, atStep step: Int) -> Bool
    /// Called after every step.
    func stepped(_ trainer: Trainer) throws
    /// Called before a checkpoint is written: what was recorded up to this step is to be durable.
    func settle(_ trainer: Trainer) throws
    /// Called once after the last step.
    func ended(_ trainer: Trainer) throws
    /// Called in place of ``ended(_:)`` where the training stops early: closes what is open.
    func stopped(_ trainer: Trainer)
}

extension TrainingObserver {
    /// By default nothing is restored.
    public func began(_ trainer: Trainer) throws {}
    /// By default the parameters of every step are needed.
    public func needsState(of trainer: Trainer, atStep step: Int) -> Bool { true }
    /// By default nothing is recorded of a step.
    public func stepped(_ trainer: Trainer) throws {}
    /// By default nothing waits to be made durable.
    public func settle(_ trainer: Trainer) throws {}
    /// By default nothing is left to be written at the end.
    public func ended(_ trainer: Trainer) throws {}
    /// By default nothing is open.
    public func stopped(_ trainer: Trainer) {}
}
