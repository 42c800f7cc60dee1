import CKernels

extension ContextStore {
    mutating func bind(
        _ step: StrassenPlanesStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>
    ) -> wk_step {
        let kernel = wk_strassen_right(
            shape: wk_strassen_shape(step.scheme), b: pointer(step.source),
            planes: pointer(step.planes), threads: Int32(step.threads))
        return wk_step(run: wk_run_strassen_right, context: keep([kernel]))
    }

    mutating func bind(
        _ step: StrassenProductStep, _ pointer: (BufferReference) -> UnsafeMutablePointer<Float>,
        _ scratch: ThreadScratch
    ) -> wk_step {
        let kernel = wk_strassen_product(
            shape: wk_strassen_shape(step.scheme), a: pointer(step.first),
            planes: pointer(step.planes), c: pointer(step.target),
            scratch: scratch.base, apart: Int64(scratch.apart), threads: Int32(step.threads),
            next: keep([Int32](repeating: 0, count: step.threads)))
        return wk_step(run: wk_run_strassen_product, context: keep([kernel]))
    }
}
