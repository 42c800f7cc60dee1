import CKernels
package import TensorGraph

/// A matrix product whose left operand is a mask times an outer product: see `wk_masked.h`.
package struct MaskedProductStep: Sendable {
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

    package static var scratchBytes: Int { Int(wk_masked_scratch_bytes()) }
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
