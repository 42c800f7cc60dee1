import CKernels

extension ContextStore {
    mutating func bind(
        _ step: MaskedProductStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) -> wk_step {
        func factors(_ factors: MaskedProductStep.Factors) -> wk_factors {
            wk_factors(base: pointer(factors.reference), stride: Int64(factors.stride))
        }
        let kernel = wk_masked_product(
            shape: wk_masked_shape(step.extents, transposesFirst: step.transposesFirst),
            a: pointer(step.first), b: pointer(step.second),
            c: pointer(step.target), scale: step.scale, rows: factors(step.rows),
            depths: factors(step.depths),
            digits: UnsafeMutableRawPointer(pointer(step.digits)).assumingMemoryBound(
                to: UInt8.self),
            right: pointer(step.right),
            scratch: scratch.base, apart: Int64(scratch.apart), threads: Int32(step.threads),
            next: keep([Int32](repeating: 0, count: step.threads)))
        return wk_step(run: wk_run_masked_product, context: keep([kernel]))
    }
}
