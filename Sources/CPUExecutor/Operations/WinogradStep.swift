package import CKernels
package import TensorGraph

/// How a convolution with 4×4 kernels of stride 2 is done by fewer products: Winograd's scheme
/// F(m×m, 2×2) over the four interleaved phases of the input.
///
/// See `wk_winograd.h`. The same scheme serves all three products over a convolution's tensors, so
/// that what one of them has transformed the others need not.
package struct WinogradScheme: Hashable, Sendable {
    package let extents: ConvolutionExtents
    /// m: outputs of a tile in each direction.
    package let size: Int

    /// The scheme for a convolution; nil where the direct sum is better or the scheme does not
    /// apply.
    init?(_ extents: ConvolutionExtents, _ tuning: Tuning) {
        let g = extents.geometry
        guard extents.kernelHeight == 4, extents.kernelWidth == 4, g.groups == 1,
            g.strideHeight == 2, g.strideWidth == 2,
            extents.channels % Self.lanes == 0, extents.outputChannels % Self.lanes == 0,
            // Every pixel lies in some tile.
            (extents.height + g.top + g.bottom) % 2 == 0,
            (extents.width + g.left + g.right) % 2 == 0,
            extents.flops >= tuning.winogradOperations,
            extents.channels * extents.outputChannels
                >= tuning.winogradChannels * (extents.channels + extents.outputChannels)
        else { return nil }
        self.extents = extents
        // Few large tiles would be thin matrices times a great many transformed weights.
        size = min(extents.outputHeight, extents.outputWidth) > 4 ? 4 : 2
        guard tiles >= tuning.winogradTiles else { return nil }
    }

    private static let lanes = 16

    /// The scheme for some of the images.
    private init(_ scheme: WinogradScheme, images: Int) {
        extents = scheme.extents.with(batch: images)
        size = scheme.size
    }

    /// The images in portions whose planes stay in a processor's cache, with the scheme for each
    /// portion.
    func portions(
        _ tuning: Tuning
    ) -> [(images: Range<Int>, scheme: WinogradScheme)] {
        let floats = points * tiles * (inputPlane.columns + outputPlane.columns)
        let bytes = tuning.winogradBytes
        let count = min((4 * floats + bytes - 1) / bytes, extents.batch)
        return (0..<count).map { index in
            let images = extents.batch * index / count..<extents.batch * (index + 1) / count
            return (images, WinogradScheme(self, images: images.count))
        }
    }

    package var points: Int { (size + 1) * (size + 1) }
    package var tileRows: Int { (extents.outputHeight + size - 1) / size }
    package var tileColumns: Int { (extents.outputWidth + size - 1) / size }
    package var tiles: Int { extents.batch * tileRows * tileColumns }

    /// The rows and columns of a plane of each of the three tensors.
    package var inputPlane: (rows: Int, columns: Int) { (tiles, 4 * extents.channels) }
    package var outputPlane: (rows: Int, columns: Int) { (tiles, extents.outputChannels) }
    package var kernelPlane: (rows: Int, columns: Int) {
        (4 * extents.channels, extents.outputChannels)
    }
}

/// Numbers brought to the form in which Winograd's products are made, or back.
package struct WinogradStep: PlannedOperation {
    /// Which numbers, and which way.
    package enum Transform: String, Sendable {
        case input, output, kernel
        case inputAdjoint = "input adjoint"
        case outputAdjoint = "output adjoint"
        case kernelAdjoint = "kernel adjoint"

        /// Whether planes are read and not written.
        var readsPlanes: Bool { self == .output || self == .inputAdjoint || self == .kernelAdjoint }
    }

    package var transform: Transform
    package var scheme: WinogradScheme
    package var source: BufferReference
    package var target: BufferReference
    package var threads: Int

    package var reads: [BufferReference] { [source] }
    package var writes: [BufferReference] { [target] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let (e, readsPlanes) = (scheme.extents, transform.readsPlanes)
        let (plain, planes) =
            readsPlanes
            ? (addresses[target], addresses[source]) : (addresses[source], addresses[target])
        switch transform {
        case .kernel, .kernelAdjoint:
            let plane = scheme.kernelPlane
            let kernels = wk_winograd_kernels(
                kernels: plain, planes: planes, outputs: Int64(e.outputChannels),
                inputs: Int64(e.channels), plane: Int64(plane.rows * plane.columns),
                size: Int32(scheme.size), threads: Int32(threads))
            return readsPlanes
                ? wk_step(run: wk_winograd_kernel_adjoint, context: arguments.keep([kernels]))
                : wk_step(run: wk_winograd_kernel, context: arguments.keep([kernels]))
        case .input, .inputAdjoint:
            let images = images(
                plain, planes, (e.height, e.width, e.channels), scheme.inputPlane)
            return readsPlanes
                ? wk_step(run: wk_winograd_input_adjoint, context: arguments.keep([images]))
                : wk_step(run: wk_winograd_input, context: arguments.keep([images]))
        case .output, .outputAdjoint:
            let images = images(
                plain, planes, (e.outputHeight, e.outputWidth, e.outputChannels),
                scheme.outputPlane)
            return readsPlanes
                ? wk_step(run: wk_winograd_output, context: arguments.keep([images]))
                : wk_step(run: wk_winograd_output_adjoint, context: arguments.keep([images]))
        }
    }

    private func images(
        _ plain: UnsafeMutablePointer<Float>,
        _ planes: UnsafeMutablePointer<Float>, _ size: (height: Int, width: Int, channels: Int),
        _ plane: (rows: Int, columns: Int)
    ) -> wk_winograd_images {
        let geometry = scheme.extents.geometry
        return wk_winograd_images(
            image: plain, planes: planes, images: Int64(scheme.extents.batch),
            height: Int64(size.height), width: Int64(size.width), channels: Int64(size.channels),
            tile_rows: Int64(scheme.tileRows), tile_columns: Int64(scheme.tileColumns),
            plane: Int64(plane.rows * plane.columns), pad_top: Int64(geometry.top),
            pad_left: Int64(geometry.left), size: Int32(scheme.size),
            threads: Int32(threads))
    }
}
