import CDNNL
package import TensorGraph

/// A computation that oneDNN has planned.
///
/// Sendable since the C object is never changed after its creation and oneDNN documents the
/// execution of one primitive from several threads as safe.
package final class Primitive: @unchecked Sendable {
    package let pointer: OpaquePointer

    package init(_ pointer: OpaquePointer?) throws {
        guard let pointer else {
            throw ExecutionError("oneDNN refuses: \(String(cString: cdnnl_last_error()))")
        }
        self.pointer = pointer
    }

    deinit { cdnnl_primitive_destroy(pointer) }

    package var scratchBytes: Int { cdnnl_scratch_size(pointer) }
    package var weightsAreHowTheProgramStoresThem: Bool { cdnnl_weights_are_plain(pointer) != 0 }
    package var weightsCount: Int { (cdnnl_weights_size(pointer) + 3) / 4 }
    package var implementation: String { String(cString: cdnnl_implementation(pointer)) }

    package func sharesWeightsLayout(with other: Primitive) -> Bool {
        cdnnl_same_weights_layout(pointer, other.pointer) != 0
    }

    /// - Parameter block: Rows and columns of the result that one thread computes; all by default,
    ///   by as many threads as are set.
    package static func matrixProduct(
        _ e: MatrixProduct.Extents, transposes: (first: Bool, second: Bool),
        accumulates: Bool = false, block: (rows: Int, columns: Int)? = nil
    ) throws -> Primitive {
        var shape = cdnnl_matmul_shape(
            batch: Int64(e.batch), m: Int64(e.m), n: Int64(e.n), k: Int64(e.k),
            transpose_a: transposes.first ? 1 : 0, transpose_b: transposes.second ? 1 : 0,
            accumulates: accumulates ? 1 : 0)
        guard let block else { return try Primitive(cdnnl_matmul(&shape)) }
        (shape.m, shape.n) = (Int64(block.rows), Int64(block.columns))
        let threads = cdnnl_threads()
        cdnnl_set_threads(1)
        defer { cdnnl_set_threads(threads) }
        return try Primitive(cdnnl_matmul_block(&shape, Int64(e.m), Int64(e.n)))
    }

    package static func convolution(
        _ e: ConvolutionExtents, _ direction: ConvolutionStep.Direction
    ) throws -> Primitive {
        let g = e.geometry
        var shape = cdnnl_convolution_shape(
            batch: Int64(e.batch), height: Int64(e.height), width: Int64(e.width),
            channels: Int64(e.channels), outputs: Int64(e.outputChannels),
            kernel_height: Int64(e.kernelHeight), kernel_width: Int64(e.kernelWidth),
            stride_height: Int64(g.strideHeight), stride_width: Int64(g.strideWidth),
            pad_top: Int64(g.top), pad_left: Int64(g.left), pad_bottom: Int64(g.bottom),
            pad_right: Int64(g.right), groups: Int64(g.groups))
        let code: cdnnl_direction =
            switch direction {
            case .forward: .CDNNL_FORWARD
            case .inputGradient: .CDNNL_BACKWARD_DATA
            case .weightGradient: .CDNNL_BACKWARD_WEIGHTS
            }
        return try Primitive(cdnnl_convolution(&shape, code, .CDNNL_WEIGHTS_PREFERRED))
    }

    package static func reorder(
        from: Primitive?, to: Primitive?
    ) throws -> Primitive {
        try Primitive(cdnnl_reorder(from?.pointer, to?.pointer))
    }
}
