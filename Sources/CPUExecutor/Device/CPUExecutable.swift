import CDNNL
import CKernels
package import TensorGraph

/// A plan with its memory: every step bound to addresses once, then run without allocation.
package final class CPUExecutable: Executable {
    package let plan: Plan
    private let device: CPUDevice
    private let memory: ProgramMemory
    private var pointers: [UnsafeMutablePointer<Float>] = []
    private var ownedMemory: [AlignedMemory] = []
    private var inputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
    private let clock: UnsafeMutablePointer<wk_clock>
    private let steps: UnsafeMutableBufferPointer<wk_step>
    private let usesHelpers: Int32
    private var arguments = KernelArguments()
    /// Variables whose values a run needs, until all of them have been seen to have one.
    private var required: [(variable: Variable, buffer: VariableBuffer)] = []
    /// Variables to which the first run gives a value.
    private var assigned: [VariableBuffer] = []

    init(_ plan: Plan, _ device: CPUDevice) throws {
        self.plan = plan
        usesHelpers = plan.callsLibrary ? 0 : 1
        self.device = device
        memory = try device.programMemory(bytes: plan.memory.bytes)
        clock = .allocate(capacity: 1)
        clock.initialize(to: wk_clock())
        steps = .allocate(capacity: plan.steps.count)
        for index in plan.buffers.indices { pointers.append(try locate(index)) }
        let addresses = Addresses(
            buffers: pointers, scratch: memory.base, threadStride: plan.memory.threadScratchBytes,
            clock: clock)
        for (index, planned) in plan.steps.enumerated() {
            steps.initializeElement(
                at: index, to: planned.step.bound(to: addresses, &arguments))
        }
        let needed = plan.readBeforeWritten
        for (index, buffer) in plan.buffers.enumerated() {
            guard case .variable(let variable) = buffer.place else { continue }
            let storage = try device.storage(of: variable)
            if needed.contains(index) {
                required.append((variable, storage))
            } else {
                assigned.append(storage)
            }
        }
    }

    deinit {
        // Bindings end before the primitives that the plan owns.
        arguments = KernelArguments()
        steps.deallocate()
        clock.deallocate()
    }

    package func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
        guard let place = inputs[name] else {
            preconditionFailure("the program has no input named \(name)")
        }
        return place
    }

    package func run(_ now: RandomClock) throws {
        try begin(now)
        try end(wk_run_steps(steps.baseAddress, Int64(steps.count)))
    }

    /// Runs once and adds each step's time in nanoseconds to `times`.
    package func profile(_ now: RandomClock, _ times: inout [Int64]) throws {
        try begin(now)
        try end(wk_profile_steps(steps.baseAddress, Int64(steps.count), &times))
    }

    private func begin(_ now: RandomClock) throws {
        cdnnl_use_helpers(usesHelpers)
        for (variable, buffer) in required where !buffer.isSet {
            throw ExecutionError(
                "the variable \(variable.name) has no value; set it before the run")
        }
        if !required.isEmpty { required = [] }
        clock.pointee = wk_clock(seed: now.seed, step: now.step)
    }

    private func end(_ failed: Int64) throws {
        guard failed < 0 else {
            throw ExecutionError("oneDNN failed in the step \(plan.steps[Int(failed)].label)")
        }
        for buffer in assigned { buffer.markSet() }
        if !assigned.isEmpty { assigned = [] }
    }

    package func output(_ name: String) -> UnsafeBufferPointer<Float> {
        guard let place = plan.outputs[name] else {
            preconditionFailure("the program has no output named \(name)")
        }
        return UnsafeBufferPointer(start: pointer(place.reference), count: place.count)
    }

    private func locate(_ index: Int) throws -> UnsafeMutablePointer<Float> {
        let buffer = plan.buffers[index]
        switch buffer.place {
        case .arena:
            // Outputs are read after other programs have run.
            guard !buffer.isOutput, let offset = plan.memory.offsets[index] else {
                return owned(buffer.count)
            }
            return (memory.base + plan.memory.scratchBytes + offset).assumingMemoryBound(
                to: Float.self)
        case .variable(let variable):
            return try device.storage(of: variable).floats.baseAddress!
        case .constant(let values):
            let place = owned(values.count)
            place.update(from: values, count: values.count)
            return place
        case .input(let name):
            let place = owned(buffer.count)
            inputs[name] = UnsafeMutableBufferPointer(start: place, count: buffer.count)
            return place
        }
    }

    private func owned(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory = AlignedMemory(bytes: 4 * count)
        ownedMemory.append(memory)
        return memory.base.assumingMemoryBound(to: Float.self)
    }

    private func pointer(_ reference: BufferReference) -> UnsafeMutablePointer<Float> {
        pointers[reference.buffer] + reference.offset
    }
}
