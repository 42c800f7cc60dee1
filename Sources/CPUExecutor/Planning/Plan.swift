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

/// One thing that a compiled program does.
package enum Step: Sendable {
    case fused(FusedStep)
    case copy(CopyStep)
    case random(RandomStep)
    case matrixProduct(MatrixProductStep)
    case convolution(ConvolutionStep)
    case reorder(ReorderStep)
    case fold(FoldStep)
    case winograd(WinogradStep)
    case strassenPlanes(StrassenPlanesStep)
    case strassenProduct(StrassenProductStep)
    case maskedProduct(MaskedProductStep)
    case band(BandStep)
}

/// A step with what people want to know of it.
package struct PlannedStep: Sendable {
    package var step: Step
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
    /// Whether oneDNN is called to share work among its own threads.
    package var callsLibrary: Bool {
        steps.contains { planned in
            switch planned.step {
            case .convolution, .reorder: true
            case .matrixProduct(let product): product.primitive != nil && product.block == nil
            case .fused, .copy, .random, .fold, .winograd, .strassenPlanes, .strassenProduct,
                .maskedProduct, .band:
                false
            }
        }
    }

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

extension Step {
    package var reads: [BufferReference] {
        switch self {
        case .fused(let step): step.loads.map(\.reference)
        case .copy(let step): step.source.map { [$0.reference] } ?? []
        case .random: []
        case .matrixProduct(let step):
            [step.first, step.second] + (step.accumulates ? [step.target] : [])
                + (step.rectifiedBias.map { [$0] } ?? [])
        case .convolution(let step): step.operands
        case .reorder(let step): [step.source]
        case .fold(let step): [step.products]
        case .winograd(let step): [step.source]
        case .strassenPlanes(let step): [step.source]
        case .strassenProduct(let step): [step.first, step.planes]
        case .maskedProduct(let step):
            [step.first, step.second, step.rows.reference, step.depths.reference]
        case .band(let step): step.reads
        }
    }

    package var writes: [BufferReference] {
        switch self {
        case .fused(let step): step.stores.map(\.reference) + step.reductions.map(\.reference)
        case .copy(let step): [step.target.reference]
        case .random(let step): [step.target]
        case .matrixProduct(let step): [step.target]
        case .convolution(let step): [step.target]
        case .reorder(let step): [step.target]
        case .fold(let step): [step.image]
        case .winograd(let step): [step.target]
        case .strassenPlanes(let step): [step.planes]
        case .strassenProduct(let step): [step.target]
        case .maskedProduct(let step): [step.digits, step.right, step.target]
        case .band(let step): step.writes
        }
    }

    /// Bytes of working memory that each thread needs for itself.
    package var threadScratchBytes: Int {
        switch self {
        case .fused(let step): step.scratchBytes
        case .band(let step): step.scratchBytes
        case .matrixProduct(let step):
            step.block == nil ? 0 : step.primitive?.scratchBytes ?? 0
        case .strassenProduct: StrassenProductStep.scratchBytes
        case .maskedProduct: MaskedProductStep.scratchBytes
        case .copy, .random, .convolution, .reorder, .fold, .winograd, .strassenPlanes: 0
        }
    }

    /// Bytes of working memory that threads need together.
    package var sharedScratchBytes: Int {
        switch self {
        case .matrixProduct(let step):
            step.block == nil ? step.primitive?.scratchBytes ?? 0 : 0
        case .convolution(let step): step.primitive.scratchBytes
        case .reorder(let step): step.primitive.scratchBytes
        case .fused, .copy, .random, .fold, .winograd, .strassenPlanes, .strassenProduct,
            .maskedProduct, .band:
            0
        }
    }
}
