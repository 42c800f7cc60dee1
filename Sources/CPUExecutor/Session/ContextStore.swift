import CDNNL
import CKernels
import TensorGraph

/// Working memory of a step of which each thread has its own part.
struct ThreadScratch {
    /// The first thread's.
    var base: UnsafeMutableRawPointer
    /// Bytes from one thread's part to the next thread's.
    var apart: Int

    static func + (scratch: Self, offset: Int) -> Self {
        Self(base: scratch.base + offset, apart: scratch.apart)
    }
}

/// Owns the C structures that bound steps point to.
struct ContextStore: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []
    private var bindings: [OpaquePointer] = []

    deinit {
        for block in blocks { block.deallocate() }
        for binding in bindings { cdnnl_binding_destroy(binding) }
    }

    mutating func keep<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let place = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
        place.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(place))
        return place
    }

    /// - Parameter isLocal: Whether a buffer is in the memory of each thread, for a range of a
    ///   band.
    mutating func bind(
        _ step: FusedStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch, isLocal: (BufferReference) -> Bool = { _ in false }
    ) -> wk_step {
        let loads = step.loads.map { load in
            var result = wk_load()
            result.base = UnsafePointer(pointer(load.reference))
            withArray(&result.strides) { $0.fill(load.strides) }
            result.target = Int32(load.register)
            result.is_dense = load.isDense ? 1 : 0
            result.is_periodic = load.isPeriodic ? 1 : 0
            result.is_local = isLocal(load.reference) ? 1 : 0
            return result
        }
        let operations = step.operations.map { operation in
            let operands = operation.operands.map(Int32.init) + [0, 0, 0]
            return wk_operation(
                opcode: operation.opcode, target: Int32(operation.target), a: operands[0],
                b: operands[1], c: operands[2], d: operands[3])
        }
        let stores = step.stores.map { store in
            let base = pointer(store.reference)
            let isRead = zip(loads, step.loads).contains { bound, load in
                bound.base == UnsafePointer(base) && step.reads(load, after: store)
            }
            return wk_store(
                base: base, source: Int32(store.register), is_deferred: isRead ? 1 : 0,
                is_local: isLocal(store.reference) ? 1 : 0)
        }
        let reductions = reductions(of: step, pointer, scratch.base)
        var kernel = wk_fused_kernel()
        withArray(&kernel.extents) { $0.fill(step.extents) }
        kernel.count = Int64(step.count)
        kernel.rank = Int32(step.extents.count)
        kernel.threads = Int32(step.threads)
        kernel.tile = Int32(step.tile)
        kernel.register_stride = Int32(step.registerStride)
        kernel.registers = Int32(step.registers)
        kernel.alignment = Int64(step.alignment)
        kernel.loads_count = Int32(loads.count)
        kernel.operations_count = Int32(operations.count)
        kernel.stores_count = Int32(stores.count)
        kernel.reductions_count = Int32(reductions.count)
        kernel.loads = UnsafePointer(keep(loads))
        kernel.operations = UnsafePointer(keep(operations))
        kernel.stores = UnsafePointer(keep(stores))
        kernel.reductions = UnsafePointer(keep(reductions))
        kernel.rows_apart = step.rowsApart ? 1 : 0
        kernel.scratch = scratch.base.assumingMemoryBound(to: Float.self)
        kernel.apart = Int64(scratch.apart)
        return wk_step(run: wk_run_fused, context: keep([kernel]))
    }

    private func reductions(
        of step: FusedStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutableRawPointer
    ) -> [wk_reduction] {
        var accumulators = (scratch + step.registerBytes).assumingMemoryBound(to: Double.self)
        return step.reductions.map { reduction in
            var result = wk_reduction()
            result.base = pointer(reduction.reference)
            result.accumulators = accumulators
            withArray(&result.strides) { $0.fill(reduction.strides) }
            result.count = Int64(reduction.count)
            result.source = Int32(reduction.register)
            let kind = reduction.kind == .sum ? WK_SUM : WK_MAX
            result.kind = Int32(kind.rawValue)
            accumulators += reduction.count
            return result
        }
    }

    mutating func bind(
        _ step: CopyStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>
    ) -> wk_step {
        var kernel = wk_copy_kernel()
        kernel.target = pointer(step.target.reference)
        kernel.source = step.source.map { UnsafePointer(pointer($0.reference)) }
        withArray(&kernel.target_strides) { $0.fill(step.target.strides) }
        withArray(&kernel.source_strides) { $0.fill(step.source?.strides ?? []) }
        withArray(&kernel.extents) { $0.fill(step.extents) }
        kernel.rank = Int32(step.extents.count)
        kernel.threads = Int32(step.threads)
        return wk_step(run: wk_run_copy, context: keep([kernel]))
    }

    mutating func bind(
        _ step: RandomStep, _ target: UnsafeMutablePointer<Float>,
        _ clock: UnsafeMutablePointer<wk_clock>
    ) -> wk_step {
        let kind: wk_random_kind =
            switch step.kind {
            case .bits: WK_BITS
            case .uniform: WK_UNIFORM
            case .normal: WK_NORMAL
            }
        let kernel = wk_random_kernel(
            target: target, clock: clock, count: Int64(step.count), stream: step.stream,
            kind: Int32(kind.rawValue))
        return wk_step(run: wk_run_random, context: keep([kernel]))
    }

    mutating func bind(
        _ step: MatrixProductStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) -> wk_step {
        let (a, b, c) = (pointer(step.first), pointer(step.second), pointer(step.target))
        if let primitive = step.primitive, let block = step.block {
            return bind(primitive, step, block, a, b, c, scratch)
        }
        if let primitive = step.primitive { return bind(primitive, a, b, c, scratch.base) }
        let kernel = wk_product_kernel(
            shape: wk_gemm_shape(step), batch: Int64(step.extents.batch), a: a, b: b, c: c,
            threads: Int32(step.threads))
        return wk_step(run: wk_run_product, context: keep([kernel]))
    }

    mutating func bind(
        _ step: FoldStep, _ products: UnsafeMutablePointer<Float>,
        _ image: UnsafeMutablePointer<Float>
    ) -> wk_step {
        let (e, g) = (step.extents, step.extents.geometry)
        let kernel = wk_fold_kernel(
            products: products, image: image, batch: Int64(e.batch), height: Int64(e.height),
            width: Int64(e.width), channels: Int64(e.channels), rows: Int64(e.outputHeight),
            columns: Int64(e.outputWidth), kernel_height: Int64(e.kernelHeight),
            kernel_width: Int64(e.kernelWidth), stride_height: Int64(g.strideHeight),
            stride_width: Int64(g.strideWidth), pad_top: Int64(g.top), pad_left: Int64(g.left),
            threads: Int32(step.threads))
        return wk_step(run: wk_run_fold, context: keep([kernel]))
    }

    mutating func bind(
        _ step: WinogradStep, _ source: UnsafeMutablePointer<Float>,
        _ target: UnsafeMutablePointer<Float>
    ) -> wk_step {
        let (e, reads) = (step.scheme.extents, step.transform.readsPlanes)
        let (plain, planes) = reads ? (target, source) : (source, target)
        switch step.transform {
        case .kernel, .kernelAdjoint:
            let plane = step.scheme.kernelPlane
            let kernels = wk_winograd_kernels(
                kernels: plain, planes: planes, outputs: Int64(e.outputChannels),
                inputs: Int64(e.channels), plane: Int64(plane.rows * plane.columns),
                size: Int32(step.scheme.size), threads: Int32(step.threads))
            return reads
                ? wk_step(run: wk_winograd_kernel_adjoint, context: keep([kernels]))
                : wk_step(run: wk_winograd_kernel, context: keep([kernels]))
        case .input, .inputAdjoint:
            let images = images(
                step, plain, planes, (e.height, e.width, e.channels), step.scheme.inputPlane)
            return reads
                ? wk_step(run: wk_winograd_input_adjoint, context: keep([images]))
                : wk_step(run: wk_winograd_input, context: keep([images]))
        case .output, .outputAdjoint:
            let images = images(
                step, plain, planes, (e.outputHeight, e.outputWidth, e.outputChannels),
                step.scheme.outputPlane)
            return reads
                ? wk_step(run: wk_winograd_output, context: keep([images]))
                : wk_step(run: wk_winograd_output_adjoint, context: keep([images]))
        }
    }

    private func images(
        _ step: WinogradStep, _ plain: UnsafeMutablePointer<Float>,
        _ planes: UnsafeMutablePointer<Float>, _ size: (height: Int, width: Int, channels: Int),
        _ plane: (rows: Int, columns: Int)
    ) -> wk_winograd_images {
        let (scheme, geometry) = (step.scheme, step.scheme.extents.geometry)
        return wk_winograd_images(
            image: plain, planes: planes, images: Int64(scheme.extents.batch),
            height: Int64(size.height), width: Int64(size.width), channels: Int64(size.channels),
            tile_rows: Int64(scheme.tileRows), tile_columns: Int64(scheme.tileColumns),
            plane: Int64(plane.rows * plane.columns), pad_top: Int64(geometry.top),
            pad_left: Int64(geometry.left), size: Int32(scheme.size),
            threads: Int32(step.threads))
    }

    /// A product in blocks: each of them bound to the memory of each thread, since any may take it.
    private mutating func bind(
        _ primitive: Primitive, _ step: MatrixProductStep, _ block: (rows: Int, columns: Int),
        _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ scratch: ThreadScratch
    ) -> wk_step {
        let e = step.extents
        var blocks: [OpaquePointer?] = []
        for thread in 0..<step.threads {
            for row in stride(from: 0, to: e.m, by: block.rows) {
                for column in stride(from: 0, to: e.n, by: block.columns) {
                    let left = a + (step.transposes.first ? row : row * e.k)
                    let right = b + (step.transposes.second ? column * e.k : column)
                    blocks.append(
                        bound(
                            primitive, left, right, c + row * e.n + column,
                            scratch.base + thread * scratch.apart))
                }
            }
        }
        let kernel = wk_blocks_kernel(
            bindings: UnsafePointer(keep(blocks)), count: Int32(blocks.count / step.threads),
            threads: Int32(step.threads), next: 0, error: 0)
        return wk_step(run: wk_run_blocks, context: keep([kernel]))
    }

    mutating func bind(
        _ primitive: Primitive, _ source: UnsafeMutablePointer<Float>,
        _ weights: UnsafeMutablePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutableRawPointer
    ) -> wk_step {
        let binding = bound(primitive, source, weights, target, scratch)
        return wk_step(
            run: { cdnnl_run(OpaquePointer($0!)) }, context: UnsafeMutableRawPointer(binding))
    }

    private mutating func bound(
        _ primitive: Primitive, _ source: UnsafeMutablePointer<Float>,
        _ weights: UnsafeMutablePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutableRawPointer
    ) -> OpaquePointer {
        guard let binding = cdnnl_bind(primitive.pointer, source, weights, target, scratch) else {
            preconditionFailure("oneDNN cannot bind: \(String(cString: cdnnl_last_error()))")
        }
        bindings.append(binding)
        return binding
    }
}

extension wk_gemm_shape {
    init(_ step: MatrixProductStep) {
        let e = step.extents
        self.init(
            m: Int64(e.m), n: Int64(e.n), k: Int64(e.k), transpose_a: step.transposes.first ? 1 : 0,
            transpose_b: step.transposes.second ? 1 : 0, accumulates: step.accumulates ? 1 : 0)
    }
}

/// A C array in a struct, which Swift sees as a tuple, as a buffer.
private func withArray<Tuple>(
    _ tuple: inout Tuple, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void
) {
    withUnsafeMutableBytes(of: &tuple) { body($0.assumingMemoryBound(to: Int64.self)) }
}

extension UnsafeMutableBufferPointer<Int64> {
    fileprivate func fill(_ values: [Int]) {
        for (index, value) in values.enumerated() { self[index] = Int64(value) }
    }
}
