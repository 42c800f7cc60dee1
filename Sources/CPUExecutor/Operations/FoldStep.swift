package import CKernels
package import TensorGraph

/// The scatter after the matrix product by which a convolution's input gradient is computed.
package struct FoldStep: PlannedOperation {
    /// `[pixels of the output, channels · kernel height · kernel width]`.
    package var products: BufferReference
    package var image: BufferReference
    package var extents: ConvolutionExtents
    package var threads: Int

    package var reads: [BufferReference] { [products] }
    package var writes: [BufferReference] { [image] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let (e, g) = (extents, extents.geometry)
        let kernel = wk_fold_kernel(
            products: addresses[products], image: addresses[image], batch: Int64(e.batch),
            height: Int64(e.height), width: Int64(e.width), channels: Int64(e.channels),
            rows: Int64(e.outputHeight), columns: Int64(e.outputWidth),
            kernel_height: Int64(e.kernelHeight), kernel_width: Int64(e.kernelWidth),
            stride_height: Int64(g.strideHeight), stride_width: Int64(g.strideWidth),
            pad_top: Int64(g.top), pad_left: Int64(g.left), threads: Int32(threads))
        return wk_step(run: wk_run_fold, context: arguments.keep([kernel]))
    }
}

extension FoldStep: OperationKind {
    /// An input gradient with few channels as one matrix product, of each output pixel with all
    /// kernels, whose results are then added up where they overlap.
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool {
        guard let call = ConvolutionCall(number, builder.values),
            call.direction == .inputGradient, call.extents.prefersProduct(builder.tuning)
        else { return false }
        let extents = call.extents
        let e = MatrixProduct.Extents(
            batch: 1, m: extents.batch * extents.outputHeight * extents.outputWidth,
            n: extents.channels * extents.kernelHeight * extents.kernelWidth,
            k: extents.outputChannels)
        let products = builder.allocated(e.m * e.n)
        let (first, second) = (builder.dense(call.output), builder.dense(call.weights))
        let product = try MatrixProductStep(
            first, second, to: products, e, (false, false), threads: builder.threads,
            builder.processor)
        builder.append(product, number)
        let (image, shape) = (builder.target(of: number), builder.values.shape(number))
        builder.append(
            FoldStep(products: products, image: image, extents: extents, threads: builder.threads),
            "fold \(shape)", Cost(bytes: 4 * (e.m * e.n + shape.count)))
        return true
    }
}

extension ConvolutionExtents {
    /// Whether so few channels come out that oneDNN's kernels have no full vectors.
    fileprivate func prefersProduct(_ tuning: Tuning) -> Bool {
        geometry.groups == 1 && channels <= tuning.foldedChannels
            && outputChannels >= tuning.foldedOutputs
    }
}
