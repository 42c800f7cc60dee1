package import NeuralNetworks
package import TensorGraph

extension TrainingSetup {
    /// The numbers with which parameters begin, the critic's as its constraint wants them.
    ///
    /// - Parameters:
    ///   - parameters: Those of both networks, and what belongs to them.
    ///   - device: Computes what the constraint asks for; its variables stay as they are.
    /// - Throws: `ParameterError` if two parameters were created under one name, and what compiling
    ///   throws.
    package func initialValues(
        of parameters: ParameterStore, on device: any Device
    ) throws -> [(variable: Variable, values: [Float])] {
        var values = try parameters.initialValues(seed: seed)
        let critic = parameters.trainable(in: "critic")
        for index in values.indices {
            let variable = values[index].variable
            guard let parameter = critic.first(where: { $0.variable == variable }) else { continue }
            let input = Tensor.input("value", variable.shape)
            let result = constraint.beginning(input, of: parameter)
            guard result.node !== input.node else { continue }
            let program = try device.compile(Program(outputs: [("result", result)]))
            _ = program.input("value").update(fromContentsOf: values[index].values)
            try program.run(RandomClock(seed: seed))
            values[index].values = Array(program.output("result"))
        }
        return values
    }

    /// What the critic computes with in place of its parameters, outside training.
    ///
    /// - Parameter device: Holds the parameters' values. The constraint's state that a saved run
    ///   does not have is given a value there, and settles.
    /// - Returns: The values, and the context that the constraint has left.
    /// - Throws: What compiling throws.
    func criticWeights(
        on device: any Device
    ) throws -> (weights: [Variable: Tensor], context: ConstraintContext) {
        var context = ConstraintContext(store: parameters)
        let weights = constraint.replacements(
            for: parameters.trainable(in: "critic"), in: &context)
        try settle(context, on: device)
        return (weights, context)
    }

    /// Power iterations for a vector that was not saved: as good as exact.
    private static let settlingRuns: UInt64 = 200

    private func settle(_ context: ConstraintContext, on device: any Device) throws {
        var isFresh = false
        for (variable, values) in try context.store.initialValues(seed: seed)
        where device.value(of: variable) == nil {
            try device.set(variable, to: values)
            isFresh = true
        }
        guard isFresh, !context.updates.isEmpty else { return }
        let settling = try device.compile(Program(updates: context.updates))
        for run in 0..<Self.settlingRuns { try settling.run(RandomClock(seed: seed, step: run)) }
    }

    /// The numbers that a network computes with in use: averages where there are any, the critic's
    /// weights as its constraint changes them, and the parameters themselves elsewhere.
    ///
    /// - Parameters:
    ///   - network: `generator` or `critic`.
    ///   - averaged: Whether averages stand in for the generator's parameters.
    ///   - device: Holds the values of all parameters, and of the averages.
    /// - Throws: What compiling throws.
    package func computedValues(
        of network: String, averaged: Bool, on device: any Device
    ) throws -> [Variable: [Float]] {
        var store = parameters
        let replacements =
            network == "critic"
            ? try criticWeights(on: device).weights
            : averaged
                ? averaging?.replacements(for: store.trainable(in: network), in: &store) ?? [:]
                : [:]
        var values: [Variable: [Float]] = [:]
        for parameter in parameters.parameters(in: network) {
            values[parameter.variable] = device.value(of: parameter.variable)
        }
        var outputs: [(name: String, tensor: Tensor)] = []
        for (variable, tensor) in replacements.sorted(by: { $0.key.name < $1.key.name }) {
            if let read = tensor.node.operation as? VariableRead {
                values[variable] = device.value(of: read.variable)
            } else {
                outputs.append((variable.name, tensor))
            }
        }
        guard !outputs.isEmpty else { return values }
        let program = try device.compile(Program(outputs: outputs))
        try program.run(RandomClock(seed: seed))
        for variable in replacements.keys
        where outputs.contains(where: { $0.name == variable.name }) {
            values[variable] = Array(program.output(variable.name))
        }
        return values
    }
}
