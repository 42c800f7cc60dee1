package import CKernels
package import TensorGraph

/// A matrix product, by oneDNN or by our own kernels.
package struct MatrixProductStep: PlannedOperation {
    package var first: BufferReference
    package var second: BufferReference
    package var target: BufferReference
    package var extents: MatrixProduct.Extents
    package var transposes: (first: Bool, second: Bool)
    /// Whether the product is added to what the target holds.
    package var accumulates: Bool
    /// A row that is added to each row of the product, which is then rectified; in bands alone.
    package var rectifiedBias: BufferReference?
    /// Nil where our own kernels are used.
    package var primitive: Primitive?
    /// Rows and columns of the blocks in which threads share the product, if they do; the primitive
    /// is for one of them and one thread.
    package var block: (rows: Int, columns: Int)?
    /// Rows of the blocks of a symmetric result, of which only those on and below the diagonal are
    /// computed; the step is followed by copies to the other side.
    package var mirroredSide: Int?
    /// Of our own kernels.
    package var threads: Int

    package init(
        _ first: BufferReference, _ second: BufferReference, to target: BufferReference,
        _ extents: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool),
        accumulates: Bool = false, isSymmetric: Bool = false, threads: Int, _ processor: Processor
    ) throws {
        (self.first, self.second, self.target) = (first, second, target)
        (self.extents, self.transposes, self.accumulates) = (extents, transposes, accumulates)
        self.threads = extents.flops < processor.tuning.productForThreads ? 1 : threads
        if Self.prefersOwnKernels(extents, processor.tuning) {
            let side = processor.tuning.blockSide
            let hasBlocks = extents.batch == 1 && extents.m % side == 0 && extents.m > side
            mirroredSide = isSymmetric && hasBlocks ? side : nil
            return
        }
        block = Self.block(
            of: extents, transposes, isSymmetric, threads: self.threads, processor.tuning)
        if let block {
            mirroredSide = isSymmetric ? block.rows : nil
            primitive = try Primitive.matrixProduct(
                extents, transposes: transposes, accumulates: accumulates, block: block)
            return
        }
        primitive = try Primitive.matrixProduct(
            extents, transposes: transposes, accumulates: accumulates)
    }

    package var reads: [BufferReference] {
        [first, second] + (accumulates ? [target] : []) + (rectifiedBias.map { [$0] } ?? [])
    }
    package var writes: [BufferReference] { [target] }
    package var threadScratchBytes: Int { block == nil ? 0 : primitive?.scratchBytes ?? 0 }
    package var sharedScratchBytes: Int { block == nil ? primitive?.scratchBytes ?? 0 : 0 }
    package var callsLibrary: Bool { primitive != nil && block == nil }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let (a, b, c) = (addresses[first], addresses[second], addresses[target])
        guard let primitive else {
            let kernel = wk_product_kernel(
                shape: wk_gemm_shape(self), batch: Int64(extents.batch), a: a, b: b, c: c,
                mirrored_side: Int64(mirroredSide ?? 0), threads: Int32(threads))
            return wk_step(run: wk_run_product, context: arguments.keep([kernel]))
        }
        guard let block else { return arguments.call(primitive, a, b, c, addresses.scratch) }
        let blocks = blocks(block, primitive, a, b, c, addresses.threadScratch, &arguments)
        let kernel = wk_blocks_kernel(
            bindings: UnsafePointer(arguments.keep(blocks)), count: Int32(blocks.count / threads),
            threads: Int32(threads), next: 0, error: 0)
        return wk_step(run: wk_run_blocks, context: arguments.keep([kernel]))
    }

    /// The blocks of a product, each bound to the memory of each thread, since any may take it.
    private func blocks(
        _ block: (rows: Int, columns: Int), _ primitive: Primitive,
        _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ scratch: ThreadScratch,
        _ arguments: inout KernelArguments
    ) -> [OpaquePointer?] {
        var blocks: [OpaquePointer?] = []
        for thread in 0..<threads {
            for row in stride(from: 0, to: extents.m, by: block.rows) {
                let end = mirroredSide == nil ? extents.n : row + block.rows
                for column in stride(from: 0, to: end, by: block.columns) {
                    let left = a + (transposes.first ? row : row * extents.k)
                    let right = b + (transposes.second ? column * extents.k : column)
                    blocks.append(
                        arguments.binding(
                            primitive, left, right, c + row * extents.n + column,
                            scratch.base + thread * scratch.stride))
                }
            }
        }
        return blocks
    }

    /// Blocks of which each thread takes the next as soon as it is done with one: it neither waits
    /// for a slower thread nor for numbers that another core has written last, as much as with
    /// equal shares.
    ///
    /// - Returns: Nil where oneDNN was measured to be as fast by itself: it packs transposed right
    ///   operands, which would be done for each block, and a thread needs some blocks. One thread
    ///   gains by them where the result is symmetric.
    private static func block(
        of e: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool),
        _ isSymmetric: Bool, threads: Int, _ tuning: Tuning
    ) -> (rows: Int, columns: Int)? {
        let side = tuning.blockSide
        guard threads > 1 || isSymmetric, e.batch == 1, !transposes.second, e.m % side == 0,
            e.n % side == 0, e.k >= side
        else { return nil }
        let rows = e.m / side
        let count = isSymmetric ? rows * (rows + 1) / 2 : rows * (e.n / side)
        return count >= 2 * threads && count <= tuning.mostBlocks ? (side, side) : nil
    }

    /// Whether our own kernels were measured to be faster.
    private static func prefersOwnKernels(
        _ e: MatrixProduct.Extents, _ tuning: Tuning
    ) -> Bool {
        if tuning.ownProductsAlways { return true }
        let isThin = min(e.n, e.k) <= tuning.thinProduct && e.k > 1
        return e.batch == 1 && (isThin || e.m * e.n * e.k <= tuning.smallProduct)
    }
}

extension MatrixProduct.Extents {
    fileprivate var flops: Int { 2 * batch * m * n * k }
}

extension MatrixProductStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool {
        guard let product = builder.values.operation(number) as? MatrixProduct else { return false }
        let operands = builder.values.reads(number)
        let extents = product.extents(
            builder.values.shape(operands[0]), builder.values.shape(operands[1]))
        let transposes = (first: product.transposeFirst, second: product.transposeSecond)
        let (first, second) = (builder.dense(operands[0]), builder.dense(operands[1]))
        let isSymmetric = operands[0] == operands[1] && transposes.first != transposes.second
        let step = try MatrixProductStep(
            first, second, to: builder.target(of: number), extents, transposes,
            isSymmetric: isSymmetric, threads: builder.threads, builder.processor)
        builder.append(step, number)
        if let side = step.mirroredSide { builder.mirror(step.target, extents.m, side) }
        return true
    }
}

extension PlanBuilder {
    /// Copies what lies below the diagonal's blocks of a square matrix to the mirrored places.
    fileprivate mutating func mirror(_ matrix: BufferReference, _ extent: Int, _ side: Int) {
        for start in stride(from: side, to: extent, by: side) {
            let (below, right) = (matrix.offset + start * extent, matrix.offset + start)
            append(
                CopyStep(
                    to: .init(
                        reference: BufferReference(matrix.buffer, offset: right),
                        strides: [extent, 1]),
                    from: .init(
                        reference: BufferReference(matrix.buffer, offset: below),
                        strides: [1, extent]),
                    extents: [start, side], threads: threads, tuning),
                "mirror [\(side), \(start)]", Cost(bytes: 8 * start * side))
        }
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
