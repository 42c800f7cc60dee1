package import CKernels
package import TensorGraph

/// A matrix product whose left operand is a mask times an outer product: see `wk_masked.h`.
package struct MaskedProductStep: PlannedOperation {
    /// Numbers that stand a stride apart.
    package struct Factors: Sendable {
        package var reference: BufferReference
        package var stride: Int
    }

    package var extents: MatrixProduct.Extents
    package var transposesFirst: Bool
    package var first: BufferReference
    package var second: BufferReference
    /// Of all, of each row of the result, and of each depth of the sum.
    package var scale: Float
    package var rows: Factors
    package var depths: Factors
    package var target: BufferReference
    /// Where the mask and the right operand are laid out.
    package var digits: BufferReference
    package var right: BufferReference
    package var threads: Int

    package var reads: [BufferReference] { [first, second, rows.reference, depths.reference] }
    package var writes: [BufferReference] { [digits, right, target] }
    package var threadScratchBytes: Int { Int(wk_masked_scratch_bytes()) }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        func factors(_ factors: Factors) -> wk_factors {
            wk_factors(base: addresses[factors.reference], stride: Int64(factors.stride))
        }
        let scratch = addresses.threadScratch
        let kernel = wk_masked_product(
            shape: wk_masked_shape(extents, transposesFirst: transposesFirst),
            a: addresses[first], b: addresses[second], c: addresses[target], scale: scale,
            rows: factors(rows), depths: factors(depths),
            digits: UnsafeMutableRawPointer(addresses[digits]).assumingMemoryBound(to: UInt8.self),
            right: addresses[right], scratch: scratch.base, thread_stride: Int64(scratch.stride),
            threads: Int32(threads),
            next: arguments.keep([Int32](repeating: 0, count: threads)))
        return wk_step(run: wk_run_masked_product, context: arguments.keep([kernel]))
    }
}

extension MaskedProductStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let product = builder.values.maskedProducts[number] else { return false }
        let (extents, operands) = (product.extents, builder.values.reads(number))
        let shape = wk_masked_shape(extents, transposesFirst: product.transposesFirst)
        let step = MaskedProductStep(
            extents: extents, transposesFirst: product.transposesFirst,
            first: builder.dense(operands[0]), second: builder.dense(operands[1]),
            scale: product.outer.scale, rows: builder.factors(product.rows),
            depths: builder.factors(product.depths),
            target: builder.target(of: number),
            digits: builder.allocated(shape.digitsCount),
            right: builder.allocated(shape.rightCount), threads: builder.threads)
        let (m, n, k) = (extents.m, extents.n, extents.k)
        builder.append(
            step, "masked " + builder.label(number),
            Cost(flops: (m + 16) * n * k / 4, bytes: 4 * (m * k + k * n + m * n)))
        return true
    }
}

extension PlanBuilder {
    fileprivate mutating func factors(
        _ place: (operand: Int, axis: Int)?
    ) -> MaskedProductStep.Factors {
        guard let place else { return .init(reference: filled(1, 1), stride: 0) }
        let view = values.views[place.operand]
        return .init(reference: base(of: view), stride: view.strides[place.axis])
    }
}

extension wk_masked_shape {
    init(_ extents: MatrixProduct.Extents, transposesFirst: Bool) {
        self.init(
            m: Int64(extents.m), n: Int64(extents.n), k: Int64(extents.k),
            transpose_a: transposesFirst ? 1 : 0)
    }

    /// Numbers in whose memory the mask's digits fit.
    var digitsCount: Int {
        withUnsafePointer(to: self) { (Int(wk_masked_digits_bytes($0)) + 3) / 4 }
    }

    /// Numbers of the right operand laid out.
    var rightCount: Int { withUnsafePointer(to: self) { Int(wk_masked_right_count($0)) } }
}

/// A matrix product whose left operand is a mask times an outer product: see `wk_masked.h`.
struct MaskedProduct {
    let extents: MatrixProduct.Extents
    let transposesFirst: Bool
    /// The left operand without its mask, as it is stored.
    let outer: OuterProduct

    /// What gives each row of the result, and each depth of the sum, its factor: the operand and
    /// the axis along which it goes.
    var rows: (operand: Int, axis: Int)? {
        transposesFirst ? outer.columns.map { ($0, 1) } : outer.rows.map { ($0, 0) }
    }
    var depths: (operand: Int, axis: Int)? {
        transposesFirst ? outer.rows.map { ($0, 0) } : outer.columns.map { ($0, 1) }
    }

    /// A factor of all numbers, a factor of each row and one of each column, where there are such.
    struct OuterProduct {
        var scale: Float = 1
        /// Operands of the matrix's shape that are the same in all columns, or in all rows.
        var rows: Int?
        var columns: Int?

        /// The products, element by element, if they are an outer product.
        static func * (a: Self, b: Self) -> Self? {
            guard a.rows == nil || b.rows == nil, a.columns == nil || b.columns == nil else {
                return nil
            }
            return Self(
                scale: a.scale * b.scale, rows: a.rows ?? b.rows, columns: a.columns ?? b.columns)
        }
    }
}

extension Values {
    /// The product as one of a mask, if it is such and large enough.
    func maskedProduct(_ number: Int, _ tuning: Tuning) -> MaskedProduct? {
        guard let product = operation(number) as? MatrixProduct, !product.transposeSecond else {
            return nil
        }
        let (first, second) = (reads(number)[0], reads(number)[1])
        let extents = product.extents(shape(first), shape(second))
        guard extents.pays(tuning), shape(first).rank == 2, isOwn(first),
            let gate = Gate(first, self), let outer = outerProduct(gate.value)
        else { return nil }
        return MaskedProduct(
            extents: extents, transposesFirst: product.transposeFirst, outer: outer)
    }

    private func outerProduct(_ number: Int) -> MaskedProduct.OuterProduct? {
        if let splat = splats[number] { return .init(scale: splat) }
        let strides = views[number].strides
        if strides[1] == 0 { return .init(rows: number) }
        if strides[0] == 0 { return .init(columns: number) }
        guard operation(number) as? Binary == .multiply, isOwn(number),
            let first = outerProduct(reads(number)[0]),
            let second = outerProduct(reads(number)[1])
        else { return nil }
        return first * second
    }
}

extension MatrixProduct.Extents {
    /// Whether the scheme applies and was measured to be faster.
    fileprivate func pays(_ tuning: Tuning) -> Bool {
        batch == 1 && m % 8 == 0 && n % 32 == 0 && k % 64 == 0 && m >= tuning.maskedRows
            && n >= tuning.maskedColumns && m * n * k >= tuning.maskedTerms
    }
}
