import NeuralNetworks
package import TensorGraph

/// An update of one of the networks that left infinite or undefined numbers.
package struct UnsoundUpdate: Sendable {
    /// The step that the update is part of, counted from 1.
    package let step: Int
    /// `critic` or `generator`.
    package let network: String
    /// The update's number, counted from 0: what its random numbers are a function of.
    package let number: Int
    /// What is not finite after it.
    package let quantities: [String]
    /// Where it began; nil where the operations one by one stay finite.
    package let origin: NonFiniteOrigin?
}

extension Trainer {
    /// Goes on to step number `end` update by update, and examines the first one that leaves a
    /// number that is not finite.
    ///
    /// - Returns: nil where all updates are sound.
    package func firstUnsoundUpdate(upTo end: Int) throws -> UnsoundUpdate? {
        while step < end {
            let turns = setup.schedule.updates(inStep: step)
            for _ in 0..<turns.critic {
                if let update = try examined(.critic) { return update }
            }
            for _ in 0..<turns.generator {
                if let update = try examined(.generator) { return update }
            }
            step += 1
            losses.step = step
        }
        return nil
    }

    private enum Network: String {
        case critic
        case generator
    }

    /// One update; what it computes is looked at one by one where its results are not finite.
    private func examined(_ network: Network) throws -> UnsoundUpdate? {
        let before = parameters.parameters.map { ($0.variable, value(of: $0)) }
        let number = network == .critic ? criticUpdates : generatorUpdates
        var quantities: [String] = []
        do {
            switch network {
            case .critic: try updateCritic()
            case .generator: try updateGenerator()
            }
        } catch TrainingError.nonFinite(_, let quantity) {
            quantities.append(quantity)
        }
        quantities += parameters.parameters.filter { !device.isFinite($0.variable) }.map(\.name)
        guard !quantities.isEmpty else { return nil }
        for (variable, values) in before { try device.set(variable, to: values) }
        return UnsoundUpdate(
            step: step + 1, network: network.rawValue, number: number, quantities: quantities,
            origin: try origin(network, number))
    }

    /// Runs the update with all its values visible; the variables change.
    private func origin(_ network: Network, _ number: Int) throws -> NonFiniteOrigin? {
        var store = setup.parameters
        let critic = try CriticStep(
            setup, sampleShape: sampleShape, hasPenalty: setup.hasPenalty(inUpdate: number),
            in: &store)
        let program =
            network == .critic
            ? critic.program
            : try GeneratorStep(setup, sampleShape: sampleShape, in: &store).program
        let update = try CompiledUpdate(program.exposingValues, setup, in: store, on: device)
        let executable = update.executable
        if network == .critic {
            let hasLabels = program.inputs.contains { $0.name == CriticStep.labelInput }
            data.fill(
                Batch(
                    samples: executable.input(CriticStep.realInput),
                    labels: hasLabels ? executable.input(CriticStep.labelInput) : nil),
                number: number)
        } else {
            try fillPairs(of: executable)
        }
        let progress = setup.progress(
            step: step, criticUpdates: network == .critic ? number : criticUpdates,
            generatorUpdates: network == .critic ? generatorUpdates : number,
            reductions: reductions)
        try update.run(number, at: progress)
        return program.nonFiniteOrigin(executable)
    }
}
