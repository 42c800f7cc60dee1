import CPUExecutor
import GoldenSupport
import TensorGraph
import Testing

@Suite("The CPU executor beside PyTorch")
struct GoldenTests {
    @Test(
        "every golden case is reproduced to rounding error in single precision",
        .enabled(if: GoldenFiles.exist, "the folder ../shared/reference/golden is absent"),
        arguments: try GoldenFiles.trainingFiles)
    func reproduced(file: String) throws {
        let report = try GoldenTraining.reproduce(file, .single, run)
        #expect(report.comparisons > 10)
        #expect(report.mismatches.isEmpty, "\(report.mismatches.joined(separator: "\n"))")
    }

    private func run(
        _ program: Program, _ inputs: [String: ReferenceTensor],
        _ variables: [String: ReferenceTensor]
    ) throws -> GoldenRun {
        let device = CPUDevice(threads: 1)
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

    private func tensor(_ values: [Float], _ shape: Shape) -> ReferenceTensor {
        ReferenceTensor(shape: shape, values: values.map(Double.init))
    }
}
