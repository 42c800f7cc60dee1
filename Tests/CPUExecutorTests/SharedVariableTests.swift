import CPUExecutor
import TensorGraph
import Testing

@Suite("Variables of a device") struct SharedVariableTests {
    private let w = Variable("w", [3])

    @Test("are shared by its programs and by nobody else")
    func sharing() throws {
        let (device, other) = (CPUDevice(threads: 1), CPUDevice(threads: 1))
        let add = try Program(updates: [(w, w.tensor + 1)])
        let double = try Program(outputs: [("sum", w.tensor.sum())], updates: [(w, 2 * w.tensor)])
        let first = try device.compile(add)
        let second = try device.compile(double)
        try device.set(w, to: [1, 2, 3])
        try other.set(w, to: [0, 0, 0])
        for _ in 0..<2 {
            try first.run(RandomClock())
            try second.run(RandomClock())
        }
        #expect(device.value(of: w) == [10, 14, 18])
        #expect(second.scalar("sum") == 21)
        #expect(other.value(of: w) == [0, 0, 0])
        try device.set(w, to: [5, 5, 5])
        try first.run(RandomClock())
        #expect(device.value(of: w) == [6, 6, 6])
    }

    @Test("need no value before a program that only assigns them, and have one after it")
    func onlyAssigned() throws {
        let device = CPUDevice(threads: 1)
        let x = Tensor.input("x", [3])
        let updates: [(variable: Variable, value: Tensor)] = [(w, x)]
        let executable = try device.compile(Program(updates: updates))
        #expect(device.value(of: w) == nil)
        _ = executable.input("x").update(from: [1, 2, 3])
        try executable.run(RandomClock())
        #expect(device.value(of: w) == [1, 2, 3])
        let reader = try device.compile(Program(outputs: [("y", w.tensor * 2)]))
        try reader.run(RandomClock())
        #expect(Array(reader.output("y")) == [2, 4, 6])
    }

    @Test("can change without changing the outputs of an earlier run")
    func outputsStay() throws {
        let device = CPUDevice(threads: 1)
        let x = Tensor.input("x", [3])
        let new = w.tensor + x
        let outputs = [
            ("new", new, [11, 12, 13]), ("part", new.sliced(axis: 0, 1..<3), [12, 13]),
            ("old", w.tensor, [1, 2, 3]), ("input", x, [10, 10, 10] as [Float]),
        ]
        for (name, tensor, expected) in outputs {
            let executable = try device.compile(
                Program(outputs: [(name, tensor), ("sum", new.sum())], updates: [(w, new)]))
            try device.set(w, to: [1, 2, 3])
            _ = executable.input("x").update(from: [10, 10, 10])
            try executable.run(RandomClock())
            #expect(device.value(of: w) == [11, 12, 13])
            try device.set(w, to: [0, 0, 0])
            executable.input("x").update(repeating: 0)
            #expect(Array(executable.output(name)) == expected, "\(name)")
        }
    }
}
