import CKernels
package import TensorGraph

/// A large matrix product by seven products of quarters instead of eight: see `wk_strassen.h`.
package struct StrassenProductStep: Sendable {
    package var scheme: StrassenScheme
    package var first: BufferReference
    /// The right operand's, from a `StrassenPlanesStep` with the same scheme but for m.
    package var planes: BufferReference
    package var target: BufferReference
    package var threads: Int

    package static var scratchBytes: Int { Int(wk_strassen_scratch_bytes()) }
}

/// The right operand of Strassen's products, laid out for all that read it.
package struct StrassenPlanesStep: Sendable {
    package var scheme: StrassenScheme
    package var source: BufferReference
    package var planes: BufferReference
    package var threads: Int
}

/// What Strassen's scheme is used for: `[m, k] · [k, n]` → `[m, n]`.
package struct StrassenScheme: Sendable {
    package let m, n, k: Int
    /// Whether the right operand is stored as `[n, k]`.
    package let transposesSecond: Bool
    private let vectors: VectorLevel

    /// Rows of all products with the same right operand below which its planes cost more than they
    /// save: fewer than one product has where that was measured, which is with AVX2; with AVX-512
    /// products are twice as fast, and what planes cost is not.
    package var fewestRows: Int { vectors == .avx2 ? 256 : 512 }

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
            m >= 256, n >= 512, k >= 512, processor.vectors > .baseline
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

extension wk_strassen_shape {
    init(_ scheme: StrassenScheme) {
        self.init(
            m: Int64(scheme.m), n: Int64(scheme.n), k: Int64(scheme.k),
            transpose_b: scheme.transposesSecond ? 1 : 0)
    }
}
