import CPUExecutor
import TensorGraph
import Testing

@Suite("Mistakes in the use of the CPU executor") struct ExecutionErrorTests {
    private let w = Variable("critic.weight", [2, 3])

    @Test("such as a variable without a value are named at the run")
    func missingValue() throws {
        let device = CPUDevice(threads: 1)
        let executable = try device.compile(
            Program(outputs: [("y", w.tensor.sum())], updates: [(w, w.tensor + 1)]))
        let missing = ExecutionError(
            "the variable critic.weight has no value; set it before the run")
        for _ in 0..<2 { #expect(throws: missing) { try executable.run(RandomClock()) } }
        var times = [Int64](repeating: 0, count: 10)
        #expect(throws: missing) {
            try (executable as! CPUExecutable).profile(RandomClock(), &times)
        }
        #expect(device.value(of: w) == nil)
        try device.set(w, to: [1, 2, 3, 4, 5, 6])
        try executable.run(RandomClock())
        #expect(executable.scalar("y") == 21)
    }

    @Test("such as a wrong number of values leave the variable as it was")
    func wrongCount() throws {
        let device = CPUDevice(threads: 1)
        try device.set(w, to: [1, 2, 3, 4, 5, 6])
        let wrong = ExecutionError(
            "5 values cannot fill the variable critic.weight of shape [2, 3]")
        #expect(throws: wrong) { try device.set(w, to: [1, 2, 3, 4, 5]) }
        #expect(device.value(of: w) == [1, 2, 3, 4, 5, 6])
    }

    @Test("such as one name for variables of two shapes are refused")
    func twoShapes() throws {
        let device = CPUDevice(threads: 1)
        try device.set(w, to: [1, 2, 3, 4, 5, 6])
        let other = Variable("critic.weight", [4])
        let refusal = ExecutionError(
            "the variable critic.weight has shape [2, 3] on this device, not [4]; "
                + "use another name or another device")
        #expect(throws: refusal) { try device.set(other, to: [1, 2, 3, 4]) }
        #expect(throws: refusal) {
            try device.compile(Program(outputs: [("y", other.tensor + 1)]))
        }
        #expect(device.value(of: w) == [1, 2, 3, 4, 5, 6])
    }
}
