import NeuralNetworks
public import TensorGraph

/// All that a training needs, beside its setup and its data, to go on with the same bits.
///
/// Random numbers are functions of the seed and of the number of an update (Philox, keyed by it),
/// batches of data are functions of their number, the schedules of both networks and numbers that
/// change are functions of steps and updates: the counts are the whole state of them all. What
/// optimisers, constraints, normalisations, averages and an adaptive augmentation remember is among
/// the tensors.
public struct TrainerState: Sendable {
    /// The values of a parameter or a state variable.
    public struct Tensor: Sendable {
        /// The parameter's name.
        public var name: String
        /// Its extents.
        public var shape: Shape
        /// Its values in row-major order.
        public var values: [Float]

        /// The values of the parameter called `name`.
        public init(name: String, shape: Shape, values: [Float]) {
            (self.name, self.shape, self.values) = (name, shape, values)
        }
    }

    /// Steps done.
    public var step: Int
    /// Updates of the critic done, which is also the number of the next batch.
    public var criticUpdates: Int
    /// Updates of the generator done.
    public var generatorUpdates: Int
    /// How often the learning rate was reduced.
    public var reductions: Int
    /// The losses of the last step: records repeat those that a step does not compute.
    public var losses: StepLosses
    /// All variables of the training.
    public var tensors: [Tensor]

    /// The state after so many steps and updates.
    public init(
        step: Int = 0, criticUpdates: Int = 0, generatorUpdates: Int = 0, reductions: Int = 0,
        losses: StepLosses = StepLosses(), tensors: [Tensor]
    ) {
        (self.step, self.criticUpdates) = (step, criticUpdates)
        (self.generatorUpdates, self.reductions) = (generatorUpdates, reductions)
        (self.losses, self.tensors) = (losses, tensors)
    }

    /// The first tensor that holds an infinite or undefined number; nil where all are sound.
    public var firstNonFinite: String? {
        tensors.first { !$0.values.allSatisfy(\.isFinite) }?.name
    }
}

extension [String: TrainerState.Tensor] {
    /// The weights whose average a variable is; nil for other variables.
    fileprivate func averaged(by variable: Variable) -> TrainerState.Tensor? {
        guard let name = ExponentialMovingAverage.parameterName(of: variable.name) else {
            return nil
        }
        return self[name].flatMap { $0.shape == variable.shape ? $0 : nil }
    }
}

extension Trainer {
    /// All that the training needs to go on from here.
    public var state: TrainerState {
        TrainerState(
            step: step, criticUpdates: criticUpdates, generatorUpdates: generatorUpdates,
            reductions: reductions, losses: losses,
            tensors: parameters.parameters.map {
                .init(name: $0.name, shape: $0.shape, values: value(of: $0))
            })
    }

    /// The state before the first step.
    package var initialState: TrainerState {
        get throws {
            TrainerState(
                tensors: try setup.initialValues(of: parameters, on: device).map {
                    .init(name: $0.variable.name, shape: $0.variable.shape, values: $0.values)
                })
        }
    }

    /// Where in the data the next batch lies.
    public var dataPosition: DataPosition { data.position(ofBatch: criticUpdates) }

    /// Batches in one pass over the data; nil where the data has no end.
    public var batchesPerEpoch: Int? { data.batchesPerEpoch }

    /// Whether an interval ends with the step that was just done.
    public func isDue(_ interval: OutputInterval) -> Bool { isDue(interval, atStep: step) }

    /// Whether an interval ends with step number `step`, this one or one to come.
    public func isDue(_ interval: OutputInterval, atStep step: Int) -> Bool {
        switch interval {
        case .steps(let steps): step % steps == 0
        case .epochs(let epochs): isEnd(of: epochs, atStep: step)
        }
    }

    /// Whether so many whole passes of the critic over the data end in a step; never for a
    /// distribution without end.
    private func isEnd(of epochs: Int, atStep end: Int) -> Bool {
        guard let batches = batchesPerEpoch, batches > 0 else { return false }
        let updates = { self.setup.schedule.updates(inStep: $0).critic }
        let after = criticUpdates + (step..<max(step, end)).map(updates).reduce(0, +)
        return after / batches / epochs > (after - updates(end - 1)) / batches / epochs
    }

    /// The batch of the critic's last update, in row-major order; empty before the first one.
    public var lastBatch: [Float] {
        guard criticUpdates > 0 else { return [] }
        fillBatch(criticUpdates - 1)
        return Array(realBatch)
    }

    /// Batches of data as the critic sees them, by their numbers.
    package func batches(_ numbers: Range<Int>) -> [(number: Int, values: [Float])] {
        numbers.map { number in
            (
                number,
                data.samples(ofBatches: number..<number + 1, size: setup.realBatchSize)
            )
        }
    }

    /// Goes back or forth to a state: the training then goes on as from there.
    ///
    /// State that the saved training did not keep, as after a change of the optimiser, begins anew:
    /// averages with the saved weights, all else as in a new training.
    ///
    /// - Returns: The names of the variables that begin anew.
    /// - Throws: A ``TrainingError`` where a network's parameter is missing or has another shape;
    ///   nothing has then changed.
    public func restore(_ state: TrainerState) throws -> [String] {
        var saved: [String: TrainerState.Tensor] = [:]
        for tensor in state.tensors { saved[tensor.name] = tensor }
        var values: [(Variable, [Float])] = []
        var anew: [String] = []
        for (variable, initial) in try parameters.initialValues(seed: setup.seed) {
            if let tensor = saved[variable.name], tensor.shape == variable.shape {
                values.append((variable, tensor.values))
                continue
            }
            guard parameters[variable.name]?.role == .state else {
                throw Self.misfit(variable, saved[variable.name]?.shape)
            }
            anew.append(variable.name)
            values.append((variable, saved.averaged(by: variable)?.values ?? initial))
        }
        for (variable, values) in values { try device.set(variable, to: values) }
        (step, reductions, losses) = (state.step, state.reductions, state.losses)
        (criticUpdates, generatorUpdates) = (state.criticUpdates, state.generatorUpdates)
        if criticUpdates > 0 { fillBatch(criticUpdates - 1) }
        return anew
    }

    private static func misfit(_ variable: Variable, _ shape: Shape?) -> TrainingError {
        let found = shape.map { "has the shape \($0) there" } ?? "is missing there"
        return .setting(
            "the saved training was of other networks: \(variable.name) of shape "
                + "\(variable.shape) \(found); undo the change, or start a new run")
    }
}
