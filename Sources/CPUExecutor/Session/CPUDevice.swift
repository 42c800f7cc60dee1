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
    private var variables: [String: VariableBuffer] = [:]

    /// A device that uses `threads` threads; by default as many as there are processors, at most 64.
    public init(threads: Int? = nil) {
        let available = ProcessInfo.processInfo.activeProcessorCount
        self.threads = min(max(threads ?? available, 1), 64)
        cdnnl_set_threads(Int32(self.threads))
    }

    public var name: String {
        "CPU, \(threads) \(threads == 1 ? "thread" : "threads"), oneDNN \(Self.libraryVersion)"
    }

    /// The version of the oneDNN library in use.
    public static var libraryVersion: String { String(cString: cdnnl_version()) }

    public func set(_ variable: Variable, to values: [Float]) throws {
        guard values.count == variable.shape.count else {
            throw ExecutionError(
                "\(values.count) values cannot fill the variable \(variable.name) of shape \(variable.shape)"
            )
        }
        storage(of: variable).assign(values)
    }

    public func value(of variable: Variable) -> [Float]? {
        variables[variable.name].flatMap { $0.isSet ? $0.values : nil }
    }

    public func compile(_ program: Program) throws -> any Executable {
        CPUExecutable(try plan(program), self)
    }

    /// What compiling a program comes to, for people to read.
    public func describe(_ program: Program) throws -> String { try plan(program).description }

    package func plan(_ program: Program) throws -> Plan {
        try Planner.plan(program, threads: threads)
    }

    func storage(of variable: Variable) -> VariableBuffer {
        if let known = variables[variable.name], known.count == variable.shape.count { return known }
        let buffer = VariableBuffer(count: variable.shape.count)
        variables[variable.name] = buffer
        return buffer
    }
}

/// The memory of a variable, shared by the device's programs.
final class VariableBuffer {
    let memory: AlignedMemory
    let count: Int
    private(set) var isSet = false

    init(count: Int) {
        memory = AlignedMemory(bytes: 4 * count)
        self.count = count
    }

    var floats: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            start: memory.base.assumingMemoryBound(to: Float.self), count: count)
    }

    var values: [Float] { Array(floats) }

    func assign(_ values: [Float]) {
        _ = floats.update(from: values)
        isSet = true
    }

    /// Called by a program that assigns the variable.
    func markSet() { isSet = true }
}

/// Zeroed memory on a cache line's boundary, freed with its owner.
final class AlignedMemory {
    let base: UnsafeMutableRawPointer

    init(bytes: Int) {
        let size = max((bytes + 63) / 64 * 64, 64)
        base = .allocate(byteCount: size, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { base.deallocate() }
}
