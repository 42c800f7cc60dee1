import CKernels
package import TensorGraph

/// A piece of memory that steps read and write.
package struct Buffer: Sendable {
    package enum Place: Sendable {
        /// In the arena, shared with others that are not needed at the same time.
        case arena
        case variable(Variable)
        case input(String)
        case constant([Float])
    }

    package var place: Place
    /// Elements.
    package var count: Int
    /// Kept to the end of a run, since an output is read from it.
    package var isOutput = false
}

/// A place in a buffer.
package struct BufferReference: Hashable, Sendable {
    package var buffer: Int
    /// Elements before the place.
    package var offset = 0

    package init(_ buffer: Int, offset: Int = 0) {
        self.buffer = buffer
        self.offset = offset
    }
}

/// A step with what people want to know of it.
package struct PlannedStep: Sendable {
    package var step: any PlannedOperation
    package var label: String
    package var cost: Cost
}

/// A compiled program without its memory: immutable, to be bound by any number of executables.
package struct Plan: Sendable {
    package var buffers: [Buffer]
    package var steps: [PlannedStep]
    package var outputs: [String: (reference: BufferReference, count: Int)]
    package var memory: MemoryPlan
    package var threads: Int
    /// The parts into which the program's batches are divided.
    package var shards: Int
}

extension Plan {
    /// The plan of a program for a number of threads of a processor.
    ///
    /// Planning is a chain of values, each made from those before it: ``Values`` says for each
    /// instruction whether its result is memory of its own or a view of another's, ``Chains`` puts
    /// element-wise operations together that one loop can do, ``Placement`` decides on their order
    /// and on what is stored, ``PlanBuilder`` makes the steps, ``Bands`` joins steps that can go
    /// over a batch some rows at a time, and ``MemoryPlan`` gives each buffer its address.
    ///
    /// - Throws: ``ExecutionError`` where an operation has more axes than kernels can go through,
    ///   or neither a kernel nor oneDNN can do it.
    package init(_ program: Program, threads: Int, _ processor: Processor) throws {
        let values = Values(program, processor.tuning)
        let placement = Placement(values, Chains(values, processor.tuning))
        var builder = PlanBuilder(values, placement, threads: threads, processor)
        outputs = try builder.build()
        for step in builder.steps { try step.checkRank() }
        steps = CollectiveEnd.inserted(
            in: Bands(builder.steps, builder.buffers, threads: threads, processor.tuning)
                .gathered())
        buffers = builder.buffers
        memory = MemoryPlan(buffers, steps, threads: threads)
        self.threads = threads
        shards = program.shards
    }

    /// Whether oneDNN is called to share work among its own threads.
    package var callsLibrary: Bool { steps.contains { $0.step.callsLibrary } }

    /// Buffers whose content a run needs at its beginning.
    var readBeforeWritten: Set<Int> {
        var (read, written) = (Set<Int>(), Set<Int>())
        for planned in steps {
            read.formUnion(planned.step.reads.map(\.buffer).filter { !written.contains($0) })
            written.formUnion(planned.step.writes.map(\.buffer))
        }
        return read
    }
}

extension PlannedStep {
    fileprivate func checkRank() throws {
        guard step.rank > WK_MAX_RANK else { return }
        throw ExecutionError(
            "the CPU executor goes through at most \(WK_MAX_RANK) axes at once and \(label) needs "
                + "\(step.rank); reshape the tensor to fewer axes")
    }
}

extension Plan: CustomStringConvertible {
    /// One line for each step with its arithmetic and its bytes, then the memory.
    package var description: String { describe(times: nil) }

    /// The same with measured times: nanoseconds for each step, summed over `runs` runs.
    package func describe(times: [Int64]?, runs: Int = 1) -> String {
        var lines = steps.enumerated().map { index, step in
            let number = padded("\(index)", 4)
            let size =
                padded(scaled(step.cost.flops, "FLOP"), 12)
                + padded(scaled(step.cost.bytes, "B"), 10)
            guard let times else { return "\(number)\(size)  \(step.label)" }
            let nanoseconds = Double(times[index]) / Double(runs)
            // Times below the clock's resolution have no rates.
            let rate = { (amount: Int, unit: String) in
                nanoseconds > 0 ? "\(decimal(Double(amount) / nanoseconds)) \(unit)" : "–"
            }
            let rates =
                padded(decimal(nanoseconds / 1000) + " µs", 13)
                + padded(rate(step.cost.flops, "GFLOP/s"), 16)
                + padded(rate(step.cost.bytes, "GB/s"), 13)
            return "\(number)\(size)\(rates)  \(step.label)"
        }
        let total = totalCost
        lines.append(
            "\(steps.count) steps, \(scaled(total.flops, "FLOP")), \(scaled(total.bytes, "B"))")
        let sharded =
            shards > 1 ? ", each of \(shards) shards \(scaled(memory.shardBytes, "B"))" : ""
        lines.append(
            "arena \(scaled(memory.arenaBytes, "B")) "
                + "(\(scaled(memory.unsharedBytes, "B")) without reuse)\(sharded), "
                + "scratch \(scaled(memory.scratchBytes, "B")), "
                + "\(threads) \(threads == 1 ? "thread" : "threads")"
        )
        return lines.joined(separator: "\n")
    }

    /// The arithmetic and the traffic of all steps.
    package var totalCost: Cost {
        steps.reduce(into: Cost()) {
            $0.flops += $1.cost.flops
            $0.bytes += $1.cost.bytes
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A number with one decimal.
private func decimal(_ x: Double) -> String {
    let tenths = Int((x * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

/// A quantity with a prefix that keeps it below a thousand: 1500 B is 1.5 kB.
package func scaled(_ value: Int, _ unit: String) -> String {
    var (value, prefixes) = (Double(value), ["", "k", "M", "G", "T"][...])
    while value >= 1000, prefixes.count > 1 {
        value /= 1000
        prefixes.removeFirst()
    }
    return "\(decimal(value)) \(prefixes.first!)\(unit)"
}
