package import TensorGraph

/// Runs each program once on a device of its own.
package func runner(on device: @escaping () throws -> any Device) -> ProgramRunner {
    { program, inputs, variables in
        let device = try device()
        for (name, value) in variables {
            try device.set(Variable(name, value.shape), to: value.values.map(Float.init))
        }
        let executable = try device.compile(program)
        for (name, value) in inputs {
            _ = executable.input(name).update(from: value.values.map(Float.init))
        }
        try executable.run(RandomClock())
        // Shapes of outputs do not matter to the comparison, but those of images do.
        let outputs = program.outputs.map { output in
            let shape = program.instructions[output.instruction].shape
            return (output.name, tensor(Array(executable.output(output.name)), shape))
        }
        let after = program.variables.map { variable in
            (variable.name, tensor(device.value(of: variable) ?? [], variable.shape))
        }
        return GoldenRun(
            outputs: Dictionary(uniqueKeysWithValues: outputs),
            variables: Dictionary(uniqueKeysWithValues: after))
    }
}

private func tensor(_ values: [Float], _ shape: Shape) -> ReferenceTensor {
    ReferenceTensor(shape: shape, values: values.map(Double.init))
}
