import CPUExecutor
import NeuralNetworks
import TensorGraph

extension Program {
    /// All results on the CPU executor, for inputs of repeatable small numbers.
    ///
    /// - Parameter store: Parameters that begin with their initial values.
    func results(
        threads: Int, with store: ParameterStore = ParameterStore()
    ) throws -> [String: [Float]] {
        let device = CPUDevice(threads: threads)
        for (variable, values) in try store.initialValues(seed: 3) {
            try device.set(variable, to: values)
        }
        let executable = try device.compile(self)
        fillInputs(of: executable)
        try executable.run(RandomClock())
        return Dictionary(
            uniqueKeysWithValues: outputs.map { ($0.name, Array(executable.output($0.name))) })
    }

    /// Gives the compiled program repeatable small numbers, other ones for each input.
    func fillInputs(of executable: any Executable) {
        for (number, input) in inputs.sorted(by: { $0.name < $1.name }).enumerated() {
            let place = executable.input(input.name)
            let numbers = Pairing.numbers(place.count, number)
            for index in place.indices { place[index] = Float(numbers[index]) }
        }
    }
}
