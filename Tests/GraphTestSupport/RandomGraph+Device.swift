package import TensorGraph

extension RandomGraph {
    /// How far a run on a device is from the reference, in outputs and in variables.
    package func deviation(on device: any Device) throws -> Double {
        let reference = ReferenceExecutor(variables: variables)
        let program = try Program(tracing: outputs, updates)
        let expected = try reference.run(program, inputs: inputs, clock: clock)
            .merging(reference.variables) { output, _ in output }
        let found = try results(on: device)
        return expected.map { name, value in
            guard let values = found[name] else { return .infinity }
            let tensor = ReferenceTensor(shape: value.shape, values: values.map(Double.init))
            return tensor.deviation(from: value)
        }.max() ?? 0
    }

    /// The outputs of one run and the variables after it.
    package func results(on device: any Device) throws -> [String: [Float]] {
        let program = try Program(outputs: outputs, updates: updates)
        for (name, value) in variables {
            try device.set(Variable(name, value.shape), to: value.values.map(Float.init))
        }
        let executable = try device.compile(program)
        for (name, _) in program.inputs {
            _ = executable.input(name).update(from: inputs[name]!.values.map(Float.init))
        }
        try executable.run(clock)
        var results: [String: [Float]] = [:]
        for (name, _) in outputs { results[name] = Array(executable.output(name)) }
        let known = variables.map { Variable($0, $1.shape) }
        for variable in known + updates.map(\.variable) {
            results[variable.name] = device.value(of: variable)
        }
        return results
    }
}
