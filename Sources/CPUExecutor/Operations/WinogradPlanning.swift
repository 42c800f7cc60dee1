import TensorGraph

/// Convolutions by Winograd's scheme: transforms of the operands, a batch of matrix products, a
/// transform back; for a few images at a time, so that what is between them stays in cache.
extension WinogradStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool {
        guard let call = ConvolutionCall(number, builder.values),
            let scheme = WinogradScheme(call.extents, builder.tuning)
        else { return false }
        try builder.plan(call, scheme, number)
        return true
    }
}

extension PlanBuilder {
    fileprivate mutating func plan(
        _ call: ConvolutionCall, _ scheme: WinogradScheme, _ number: Int
    ) throws {
        switch call.direction {
        case .forward:
            let kernels = kernelPlanes(call.weights, scheme)
            let (source, target) = (dense(call.input), target(of: number))
            for (images, part) in scheme.portions(tuning) {
                let (x, y) = (part.inputPlane, part.outputPlane)
                let planes = transform(.input, source, images, part)
                let e = part.product(x.rows, y.columns, x.columns)
                let product = try product(planes, kernels, e, (false, false))
                restore(.output, product, target, images, part)
            }
        case .inputGradient:
            let kernels = kernelPlanes(call.weights, scheme)
            let (source, target) = (dense(call.output), target(of: number))
            for (images, part) in scheme.portions(tuning) {
                let (x, y) = (part.inputPlane, part.outputPlane)
                let planes = transform(.outputAdjoint, source, images, part)
                let e = part.product(y.rows, x.columns, y.columns)
                let product = try product(planes, kernels, e, (false, true))
                restore(.inputAdjoint, product, target, images, part)
            }
        case .weightGradient:
            let (inputs, outputs) = (dense(call.input), dense(call.output))
            var sum: BufferReference?
            for (images, part) in scheme.portions(tuning) {
                let (x, y) = (part.inputPlane, part.outputPlane)
                let first = transform(.input, inputs, images, part)
                let second = transform(.outputAdjoint, outputs, images, part)
                let e = part.product(x.columns, y.columns, x.rows)
                sum = try product(first, second, e, (true, false), addedTo: sum)
            }
            guard let sum else { return }
            append(.kernelAdjoint, scheme, sum, target(of: number))
        }
    }

    /// Transformed kernels, made once for all convolutions that read them.
    private mutating func kernelPlanes(
        _ number: Int, _ scheme: WinogradScheme
    ) -> BufferReference {
        let kernels = StridedCopy(view: values.views[number], shape: values.shape(number))
        return shared(KernelPlanes(kernels: kernels, size: scheme.size)) { builder in
            let source = builder.dense(number)
            let target = builder.allocated(scheme.planesCount(.kernel))
            builder.append(.kernel, scheme, source, target)
            return target
        }
    }

    /// Some images, transformed.
    private mutating func transform(
        _ transform: WinogradStep.Transform, _ source: BufferReference, _ images: Range<Int>,
        _ scheme: WinogradScheme
    ) -> BufferReference {
        let target = allocated(scheme.planesCount(transform))
        append(transform, scheme, source.advanced(by: images, transform, scheme), target)
        return target
    }

    /// The transform back to some images.
    private mutating func restore(
        _ transform: WinogradStep.Transform, _ planes: BufferReference, _ target: BufferReference,
        _ images: Range<Int>, _ scheme: WinogradScheme
    ) {
        append(transform, scheme, planes, target.advanced(by: images, transform, scheme))
    }

    private mutating func product(
        _ first: BufferReference, _ second: BufferReference, _ e: MatrixProduct.Extents,
        _ transposes: (first: Bool, second: Bool), addedTo sum: BufferReference? = nil
    ) throws -> BufferReference {
        let count = e.batch * e.m * e.n
        let target = sum ?? allocated(count)
        append(
            try MatrixProductStep(
                first, second, to: target, e, transposes, accumulates: sum != nil,
                threads: threads, processor),
            "winograd product \(e.batch) × [\(e.m), \(e.k)] [\(e.k), \(e.n)]",
            Cost(flops: 2 * count * e.k, bytes: 4 * (count + e.batch * (e.m + e.n) * e.k)))
        return target
    }

    private mutating func append(
        _ transform: WinogradStep.Transform, _ scheme: WinogradScheme, _ source: BufferReference,
        _ target: BufferReference
    ) {
        let shape = scheme.shape(transform)
        append(
            WinogradStep(
                transform: transform, scheme: scheme, source: source, target: target,
                threads: threads),
            "winograd \(transform.rawValue) \(shape)",
            Cost(bytes: 4 * (shape.count + scheme.planesCount(transform))))
    }
}

extension WinogradScheme {
    fileprivate func product(_ m: Int, _ n: Int, _ k: Int) -> MatrixProduct.Extents {
        MatrixProduct.Extents(batch: points, m: m, n: n, k: k)
    }

    /// The numbers in the planes that a transform writes or reads.
    fileprivate func planesCount(_ transform: WinogradStep.Transform) -> Int {
        let plane =
            switch transform {
            case .input, .inputAdjoint: inputPlane
            case .output, .outputAdjoint: outputPlane
            case .kernel, .kernelAdjoint: kernelPlane
            }
        return points * plane.rows * plane.columns
    }

    /// The shape of the tensor that a transform reads or writes.
    fileprivate func shape(_ transform: WinogradStep.Transform) -> Shape {
        let e = extents
        return switch transform {
        case .input, .inputAdjoint: [e.batch, e.height, e.width, e.channels]
        case .output, .outputAdjoint: [e.batch, e.outputHeight, e.outputWidth, e.outputChannels]
        case .kernel, .kernelAdjoint: [e.outputChannels, e.channels, 4, 4]
        }
    }
}

extension BufferReference {
    /// Where some images of a tensor begin.
    fileprivate func advanced(
        by images: Range<Int>, _ transform: WinogradStep.Transform, _ scheme: WinogradScheme
    ) -> BufferReference {
        let image = scheme.shape(transform).count / max(scheme.extents.batch, 1)
        return BufferReference(buffer, offset: offset + images.lowerBound * image)
    }
}

/// What transformed kernels are known by; they are the same for batches of any size.
private struct KernelPlanes: Hashable {
    let kernels: StridedCopy
    let size: Int
}
