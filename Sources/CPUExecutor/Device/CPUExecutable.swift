import CDNNL
import CKernels
package import TensorGraph

/// A plan with its memory: every step bound to addresses once, then run without allocation.
package final class CPUExecutable: Executable {
    package let plan: Plan
    private let device: CPUDevice
    private let memory: ProgramMemory
    /// Where buffers lie, for each shard of this process: shared ones have one place.
    private var pointers: [[UnsafeMutablePointer<Float>]] = []
    /// The planned step that each bound one belongs to.
    private var plannedSteps: [Int] = []
    private var ownedMemory: [AlignedMemory] = []
    private var inputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
    private let sharded: ShardedBuffers
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
        // A program that is not divided is each process's own.
        let processes = plan.shards > 1 ? device.exchange?.processes ?? 1 : 1
        guard plan.shards.isMultiple(of: processes) else {
            throw ExecutionError(
                "\(plan.shards) shards cannot be shared by \(processes) processes; start as many "
                    + "as divide the shards")
        }
        let shards = plan.shards / processes
        memory = try device.programMemory(bytes: plan.memory.bytes(shards: shards))
        clock = .allocate(capacity: 1)
        clock.initialize(to: wk_clock())
        let sharded = ShardedBuffers(plan.steps)
        self.sharded = sharded
        plannedSteps = plan.steps.enumerated().flatMap { index, planned in
            Array(repeating: index, count: sharded.areWritten(by: planned.step) ? shards : 1)
        }
        steps = .allocate(capacity: plannedSteps.count)
        let first = try plan.buffers.indices.map { try locate($0, shard: 0) }
        pointers = [first]
        for shard in 1..<max(shards, 1) {
            pointers.append(
                try plan.buffers.indices.map {
                    sharded.contains($0) ? try locate($0, shard: shard) : first[$0]
                })
        }
        var addresses = Addresses(
            buffers: first, scratch: memory.base, threadStride: plan.memory.threadScratchBytes,
            clock: clock)
        addresses.shards = pointers
        addresses.exchange = processes > 1 ? device.exchange : nil
        let firstShard = (device.exchange?.process ?? 0) * shards
        var shard = 0
        for (place, index) in plannedSteps.enumerated() {
            shard = place > 0 && plannedSteps[place - 1] == index ? shard + 1 : 0
            (addresses.buffers, addresses.shard) = (pointers[shard], firstShard + shard)
            steps.initializeElement(
                at: place, to: plan.steps[index].step.bound(to: addresses, &arguments))
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
        try end(wk_run_steps(steps.baseAddress, Int64(plannedSteps.count)))
    }

    /// Runs once and adds each step's time in nanoseconds to `times`.
    package func profile(_ now: RandomClock, _ times: inout [Int64]) throws {
        try begin(now)
        var each = [Int64](repeating: 0, count: plannedSteps.count)
        try end(wk_profile_steps(steps.baseAddress, Int64(plannedSteps.count), &each))
        for (index, time) in zip(plannedSteps, each) { times[index] += time }
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
            if let failure = arguments.calls.values.lazy.compactMap(\.failure).first {
                throw failure
            }
            let label = plan.steps[plannedSteps[Int(failed)]].label
            throw ExecutionError("oneDNN failed in the step \(label)")
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

    /// Where a buffer lies; of those that each shard has, this shard's.
    private func locate(_ index: Int, shard: Int) throws -> UnsafeMutablePointer<Float> {
        let buffer = plan.buffers[index]
        switch buffer.place {
        case .arena:
            // Outputs are read after other programs have run.
            guard !buffer.isOutput, let offset = plan.memory.offsets[index] else {
                return owned(buffer.count)
            }
            let arena = memory.base + plan.memory.scratchBytes
            guard sharded.contains(index) else {
                return (arena + offset).assumingMemoryBound(to: Float.self)
            }
            let own = arena + plan.memory.arenaBytes + shard * plan.memory.shardBytes
            return (own + offset).assumingMemoryBound(to: Float.self)
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
        pointers[0][reference.buffer] + reference.offset
    }
}
