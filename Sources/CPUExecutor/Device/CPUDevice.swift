import CDNNL
import Foundation
public import TensorGraph

/// The processor of this machine: programs in float32 by oneDNN and loops of our own.
///
/// Equal programs, inputs and thread counts give equal bits. Not for use from several threads at
/// once: its executables share its variables.
public final class CPUDevice: Device {
    /// Threads that a program may use.
    public let threads: Int
    /// The other processes that divided programs are shared with; nil for all shards in this one.
    public let exchange: (any ShardExchange)?
    private let processor: Processor
    private var variables: [String: VariableBuffer] = [:]
    private var sharedMemory: ProgramMemory?

    /// A device that uses `threads` threads; by default as many as there are processors, at most
    /// 64.
    ///
    /// - Parameters:
    ///   - threads: Threads that a program may use; nil for one on each processor.
    ///   - exchange: The processes among which the shards of divided programs are shared; nil for
    ///     all of them in this process.
    public convenience init(threads: Int? = nil, exchange: (any ShardExchange)? = nil) {
        self.init(threads: threads, for: .current, exchange: exchange)
    }

    /// A device whose plans are those that it would make on `processor`: to look at plans for other
    /// machines than this one.
    ///
    /// It can run them only where that processor's level of vector instructions is the one in use
    /// here. Elsewhere ``compile(_:)`` throws; ``plan(_:)`` and ``describe(_:)`` work all the same.
    package init(
        threads: Int?, for processor: Processor, exchange: (any ShardExchange)? = nil
    ) {
        self.exchange = exchange
        self.processor = processor
        self.threads = min(max(threads ?? processor.cores, 1), 64)
    }

    /// Such as "CPU, 8 threads, oneDNN 3.1.1".
    public var name: String {
        "CPU, \(threads) \(threads == 1 ? "thread" : "threads"), oneDNN \(Self.libraryVersion)"
    }

    /// The version of the oneDNN library in use.
    public static var libraryVersion: String { String(cString: cdnnl_version()) }

    /// Gives a variable its value, in row-major order.
    ///
    /// - Throws: `ExecutionError` where the number of values is not the shape's, or a variable of
    ///   the same name and another shape is known.
    public func set(_ variable: Variable, to values: [Float]) throws {
        guard values.count == variable.shape.count else {
            throw ExecutionError(
                "\(values.count) values cannot fill the variable \(variable.name) of shape "
                    + "\(variable.shape)"
            )
        }
        try storage(of: variable).assign(values)
    }

    /// A copy of the variable's present value in row-major order; nil where it has none.
    public func value(of variable: Variable) -> [Float]? {
        variables[variable.name].flatMap { $0.isSet ? $0.values : nil }
    }

    /// Whether all numbers of a variable are finite, without copying them; one that has no value
    /// counts as finite.
    public func isFinite(_ variable: Variable) -> Bool {
        guard let buffer = variables[variable.name], buffer.isSet else { return true }
        // As whole numbers, magnitudes keep their order, and a loop over them is vector code.
        let largest = buffer.floats.reduce(UInt32(0)) {
            max($0, $1.magnitude.bitPattern)
        }
        return largest < Float.infinity.bitPattern
    }

    /// Makes a program ready to run: chooses its kernels and its memory.
    ///
    /// - Throws: `ExecutionError` where the program needs more memory than this machine has, an
    ///   operation has more axes than kernels can go through, or the environment asks for vector
    ///   instructions that this machine lacks.
    public func compile(_ program: Program) throws -> any Executable { try executable(program) }

    private func executable(_ program: Program) throws -> CPUExecutable {
        try VectorLevel.checkEnvironment()
        guard processor.vectors == .inUse else {
            throw ExecutionError(
                "a plan for \(processor.vectors) cannot be run where \(VectorLevel.inUse) is in "
                    + "use; it can only be looked at")
        }
        guard program.precision != .bfloat16 else {
            throw ExecutionError(
                "the CPU's own executor has no products of bfloat16; set precision to float32, or "
                    + "choose another device")
        }
        let plan = try plan(program)
        let bytes = plan.memory.bytes(
            shards: max(1, plan.shards / (exchange?.processes ?? 1)))
        guard bytes <= Self.memoryBytes else {
            throw ExecutionError(
                "a step needs \(scaled(bytes, "B")) of memory, more than this machine has; "
                    + "use smaller batches or layers")
        }
        return try CPUExecutable(plan, self)
    }

    /// What compiling a program comes to, for people to read.
    public func describe(_ program: Program) throws -> String { try plan(program).description }

    /// Runs a program `runs` times and tells how long each of its operations takes; its variables
    /// change, its inputs are zeros.
    public func profile(_ program: Program, runs: Int) throws -> String {
        let executable = try executable(program)
        try executable.run(RandomClock())
        var times = [Int64](repeating: 0, count: executable.plan.steps.count)
        for run in 0..<runs { try executable.profile(RandomClock(step: UInt64(run)), &times) }
        return executable.plan.describe(times: times, runs: runs)
    }

    package func plan(_ program: Program) throws -> Plan {
        let threads = program.cost.flops < processor.tuning.programForThreads ? 1 : threads
        // oneDNN plans for the calling thread's count, which another device may have set.
        cdnnl_set_threads(Int32(threads))
        return try Plan(program, threads: threads, processor)
    }

    /// Memory for a program that needs `bytes` of it.
    func programMemory(bytes: Int) throws -> ProgramMemory {
        let shared = try sharedMemory ?? ProgramMemory(bytes: Self.memoryBytes)
        sharedMemory = shared
        shared.prepare(bytes)
        return shared
    }

    private static let memoryBytes = Int(ProcessInfo.processInfo.physicalMemory)

    func storage(of variable: Variable) throws -> VariableBuffer {
        if let known = variables[variable.name] {
            guard known.shape == variable.shape else {
                throw ExecutionError(
                    "the variable \(variable.name) has shape \(known.shape) on this device, "
                        + "not \(variable.shape); use another name or another device")
            }
            return known
        }
        let buffer = VariableBuffer(shape: variable.shape)
        variables[variable.name] = buffer
        return buffer
    }
}

extension CPUDevice {
    /// Computes a matrix product and a chain of element-wise operations and checks the result.
    ///
    /// - Throws: `ExecutionError` where the numbers are wrong or oneDNN fails.
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
