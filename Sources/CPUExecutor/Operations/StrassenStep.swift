package import CKernels
package import TensorGraph

/// A large matrix product by seven products of quarters instead of eight: see `wk_strassen.h`.
package struct StrassenProductStep: PlannedOperation {
    package var scheme: StrassenScheme
    package var first: BufferReference
    /// The right operand's, from a `StrassenPlanesStep` with the same scheme but for m.
    package var planes: BufferReference
    package var target: BufferReference
    package var threads: Int

    package var reads: [BufferReference] { [first, planes] }
    package var writes: [BufferReference] { [target] }
    package var threadScratchBytes: Int { Int(wk_strassen_scratch_bytes()) }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let scratch = addresses.threadScratch
        let kernel = wk_strassen_product(
            shape: wk_strassen_shape(scheme), a: addresses[first], planes: addresses[planes],
            c: addresses[target], scratch: scratch.base, thread_stride: Int64(scratch.stride),
            threads: Int32(threads),
            next: arguments.keep([Int32](repeating: 0, count: threads)))
        return wk_step(run: wk_run_strassen_product, context: arguments.keep([kernel]))
    }
}

/// The right operand of Strassen's products, laid out for all that read it.
package struct StrassenPlanesStep: PlannedOperation {
    package var scheme: StrassenScheme
    package var source: BufferReference
    package var planes: BufferReference
    package var threads: Int

    package var reads: [BufferReference] { [source] }
    package var writes: [BufferReference] { [planes] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let kernel = wk_strassen_right(
            shape: wk_strassen_shape(scheme), b: addresses[source], planes: addresses[planes],
            threads: Int32(threads))
        return wk_step(run: wk_run_strassen_right, context: arguments.keep([kernel]))
    }
}

/// What Strassen's scheme is used for: `[m, k] · [k, n]` → `[m, n]`.
package struct StrassenScheme: Sendable {
    package let m, n, k: Int
    /// Whether the right operand is stored as `[n, k]`.
    package let transposesSecond: Bool
    private let vectors: VectorLevel

    /// The scheme for a product; nil where it does not apply, without AVX2, and where the sums were
    /// measured to cost as much as the eighth product.
    ///
    /// Products with a transposed left operand are the gradients of weights. Optimisers divide each
    /// by its own size, so that its error must not be that of the largest.
    package init?(
        _ extents: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool),
        _ processor: Processor
    ) {
        let (m, n, k) = (extents.m, extents.n, extents.k)
        guard extents.batch == 1, !transposes.first, m % 2 == 0, n % 64 == 0, k % 64 == 0,
            m >= processor.tuning.strassenRows, n >= processor.tuning.strassenColumns,
            k >= processor.tuning.strassenDepth, processor.vectors > .baseline
        else { return nil }
        (self.m, self.n, self.k, transposesSecond) = (m, n, k, transposes.second)
        vectors = processor.vectors
    }

    package var planesCount: Int {
        withUnsafePointer(to: wk_strassen_shape(self)) {
            Int(wk_strassen_planes_count(vectors.rawValue, $0))
        }
    }
}

extension StrassenProductStep: OperationKind {
    /// A matrix product, if the scheme is worth its planes.
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let scheme = StrassenScheme(number, builder.values, builder.processor) else {
            return false
        }
        let key = RightPlanes(number, scheme, builder.values)
        guard builder.rows(reading: key) >= builder.tuning.rowsForPlanes else { return false }
        let operands = builder.values.reads(number)
        let planes = builder.planes(key, of: operands[1], scheme)
        let first = builder.dense(operands[0])
        builder.append(
            StrassenProductStep(
                scheme: scheme, first: first, planes: planes, target: builder.target(of: number),
                threads: builder.threads),
            "strassen " + builder.label(number),
            Cost(
                flops: builder.cost(number).flops / 8 * 7,
                bytes: 4 * (scheme.planesCount + scheme.m * (scheme.n + scheme.k))))
        return true
    }
}

extension PlanBuilder {
    /// The rows that all products have together which could read a right operand's planes.
    fileprivate func rows(reading key: RightPlanes) -> Int {
        values.program.instructions.indices.reduce(0) { sum, number in
            guard let scheme = StrassenScheme(number, values, processor),
                RightPlanes(number, scheme, values) == key
            else { return sum }
            return sum + scheme.m
        }
    }

    /// A right operand's planes, made once for all products that read them.
    fileprivate mutating func planes(
        _ key: RightPlanes, of right: Int, _ scheme: StrassenScheme
    ) -> BufferReference {
        shared(key) { builder in
            let source = builder.dense(right)
            let target = builder.allocated(scheme.planesCount)
            builder.append(
                StrassenPlanesStep(
                    scheme: scheme, source: source, planes: target, threads: builder.threads),
                "strassen planes \(key.shape)\(key.isTransposed ? "ᵀ" : "")",
                Cost(bytes: 4 * (scheme.planesCount + scheme.n * scheme.k)))
            return target
        }
    }
}

extension StrassenScheme {
    /// The scheme for an instruction; nil too where that is no matrix product.
    fileprivate init?(_ number: Int, _ values: Values, _ processor: Processor) {
        guard let product = values.operation(number) as? MatrixProduct,
            values.maskedProducts[number] == nil
        else { return nil }
        let operands = values.reads(number).map(values.shape)
        self.init(
            product.extents(operands[0], operands[1]),
            (first: product.transposeFirst, second: product.transposeSecond), processor)
    }
}

/// What a right operand's planes are known by; they are the same for any number of rows.
private struct RightPlanes: Hashable {
    let view: StridedView
    let shape: Shape
    let isTransposed: Bool

    init(_ number: Int, _ scheme: StrassenScheme, _ values: Values) {
        let right = values.reads(number)[1]
        (view, shape) = (values.views[right], values.shape(right))
        isTransposed = scheme.transposesSecond
    }
}

extension wk_strassen_shape {
    init(_ scheme: StrassenScheme) {
        self.init(
            m: Int64(scheme.m), n: Int64(scheme.n), k: Int64(scheme.k),
            transpose_b: scheme.transposesSecond ? 1 : 0)
    }
}
