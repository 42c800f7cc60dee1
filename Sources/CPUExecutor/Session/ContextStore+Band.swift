import CKernels
import TensorGraph

extension ContextStore {
    mutating func bind(
        _ step: BandStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) -> wk_step {
        func place(_ reference: BufferReference) -> UnsafeMutablePointer<Float> {
            guard let offset = step.locals[reference.buffer] else { return pointer(reference) }
            return (scratch.base + offset).assumingMemoryBound(to: Float.self)
        }
        func isLocal(_ reference: BufferReference) -> Bool {
            step.locals[reference.buffer] != nil
        }
        var members: [wk_band_member] = []
        for (member, offset) in zip(step.members, step.scratchOffsets) {
            members.append(bind(member, rows: step.rows, place, scratch + offset, isLocal))
        }
        let kernel = wk_band_kernel(
            rows: Int64(step.rows), block: Int64(step.block), apart: Int64(scratch.apart),
            threads: Int32(step.threads), count: Int32(members.count),
            members: UnsafePointer(keep(members)))
        return wk_step(run: wk_run_band, context: keep([kernel]))
    }

    private mutating func bind(
        _ member: BandStep.Member, rows: Int,
        _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch, _ isLocal: (BufferReference) -> Bool
    ) -> wk_band_member {
        var result = wk_band_member()
        switch member {
        case .chain(let chain):
            let bound = bind(chain, pointer, scratch, isLocal: isLocal)
            result.kind = Int32(WK_BAND_CHAIN.rawValue)
            result.chain = UnsafePointer(
                bound.context.assumingMemoryBound(to: wk_fused_kernel.self))
            result.width = Int64(chain.count / rows)
        case .product(let product):
            result.kind = Int32(WK_BAND_PRODUCT.rawValue)
            result.set(product, pointer, isLocal)
        case .sum(let product):
            result.kind = Int32(WK_BAND_SUM.rawValue)
            result.set(product, pointer, isLocal)
            result.partials = scratch.base.assumingMemoryBound(to: Float.self)
            result.is_swapped = product.extents.n < product.extents.m ? 1 : 0
        }
        return result
    }
}

extension wk_band_member {
    fileprivate mutating func set(
        _ product: MatrixProductStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ isLocal: (BufferReference) -> Bool
    ) {
        shape = wk_gemm_shape(product)
        if kind == Int32(WK_BAND_SUM.rawValue) { shape.accumulates = 1 }
        a = UnsafePointer(pointer(product.first))
        b = UnsafePointer(pointer(product.second))
        c = pointer(product.target)
        a_is_local = isLocal(product.first) ? 1 : 0
        b_is_local = isLocal(product.second) ? 1 : 0
        c_is_local = isLocal(product.target) ? 1 : 0
        bias = product.rectifiedBias.map { UnsafePointer(pointer($0)) }
    }
}
