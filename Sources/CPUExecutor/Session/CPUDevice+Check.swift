import TensorGraph

extension CPUDevice {
    /// Computes a matrix product and a chain of element-wise operations and checks the result.
    ///
    /// - Throws: ``ExecutionError`` where the numbers are wrong or oneDNN fails.
    public func selfTest() throws {
        let size = 64
        let ones = Tensor.filled(1, [size, size])
        let x = Tensor.input("x", [size, size])
        let program = try Program(outputs: [("y", (x.matmul(ones) + 1).sum())])
        let executable = try compile(program)
        executable.input("x").update(repeating: 0.5)
        try executable.run(RandomClock())
        let expected = Float(size * size * (size / 2 + 1))
        guard executable.scalar("y") == expected else {
            throw ExecutionError("the sum came out as \(executable.scalar("y")), not \(expected)")
        }
    }
}
