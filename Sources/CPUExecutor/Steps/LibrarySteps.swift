import CDNNL
package import TensorGraph

/// A matrix product, by oneDNN or by our own kernels.
package struct MatrixProductStep: Sendable {
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
    /// Of our own kernels.
    package var threads: Int

    package init(
        _ first: BufferReference, _ second: BufferReference, to target: BufferReference,
        _ extents: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool),
        accumulates: Bool = false, threads: Int, _ processor: Processor
    ) throws {
        (self.first, self.second, self.target) = (first, second, target)
        (self.extents, self.transposes, self.accumulates) = (extents, transposes, accumulates)
        self.threads = extents.flops < Self.flopsForThreads ? 1 : threads
        guard !Self.prefersOwnKernels(extents, processor) else { return }
        block = Self.block(of: extents, transposes, threads: self.threads)
        if let block {
            primitive = try Primitive.matrixProduct(
                extents, transposes: transposes, accumulates: accumulates, block: block)
            return
        }
        primitive = try Primitive.matrixProduct(
            extents, transposes: transposes, accumulates: accumulates)
    }

    /// Arithmetic below which a second thread costs more than it saves.
    private static let flopsForThreads = 1 << 20

    /// Blocks of which each thread takes the next as soon as it is done with one: it neither waits
    /// for a slower thread nor for numbers that another core has written last, as much as with
    /// equal shares.
    ///
    /// - Returns: Nil where oneDNN was measured to be as fast by itself: it packs transposed right
    ///   operands, which would be done for each block, and a thread needs some blocks.
    private static func block(
        of e: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool), threads: Int
    ) -> (rows: Int, columns: Int)? {
        let side = 128
        guard threads > 1, e.batch == 1, !transposes.second, e.m % side == 0, e.n % side == 0,
            e.k >= side
        else { return nil }
        let count = (e.m / side) * (e.n / side)
        return count >= 2 * threads && count <= 64 ? (side, side) : nil
    }

    /// Whether our own kernels were measured to be faster: all of them where oneDNN has none of its
    /// newer ones, which need AVX-512, and else those that are too thin or too small to pay for a
    /// call.
    private static func prefersOwnKernels(
        _ e: MatrixProduct.Extents, _ processor: Processor
    ) -> Bool {
        if processor.vectors == .avx2 { return true }
        let isThin = (e.n <= 8 || e.k <= 8) && e.k > 1
        return e.batch == 1 && (isThin || e.m * e.n * e.k <= 1 << 16)
    }
}

extension MatrixProduct.Extents {
    fileprivate var flops: Int { 2 * batch * m * n * k }
}

/// A convolution or one of its adjoints by oneDNN.
package struct ConvolutionStep: Sendable {
    package enum Direction: Sendable { case forward, inputGradient, weightGradient }

    package var direction: Direction
    package var input: BufferReference
    /// In the layout that the primitive prefers.
    package var weights: BufferReference
    package var output: BufferReference
    package var primitive: Primitive

    package var operands: [BufferReference] {
        switch direction {
        case .forward: [input, weights]
        case .inputGradient: [weights, output]
        case .weightGradient: [input, output]
        }
    }

    package var target: BufferReference {
        switch direction {
        case .forward: output
        case .inputGradient: input
        case .weightGradient: weights
        }
    }
}

/// The scatter after the matrix product by which a convolution's input gradient is computed.
package struct FoldStep: Sendable {
    /// `[pixels of the output, channels · kernel height · kernel width]`.
    package var products: BufferReference
    package var image: BufferReference
    package var extents: ConvolutionExtents
    package var threads: Int
}

/// Convolution weights moved between the plain layout and the one that a primitive prefers.
package struct ReorderStep: Sendable {
    package var source: BufferReference
    package var target: BufferReference
    package var primitive: Primitive
}

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
