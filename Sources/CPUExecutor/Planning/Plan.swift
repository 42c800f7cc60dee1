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
        steps = Bands(builder.steps, builder.buffers, threads: threads, processor.tuning)
            .gathered()
        buffers = builder.buffers
        memory = MemoryPlan(buffers, steps, threads: threads)
        self.threads = threads
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
