import TensorGraph

/// Convolutions and their adjoints: three products over the same three tensors.
extension Planner {
    /// A convolution or an adjoint; the tensor that `direction` computes is the step's own result.
    mutating func emit(
        _ direction: ConvolutionStep.Direction, _ geometry: ConvolutionGeometry, input: Int,
        weights: Int, output: Int, _ number: Int
    ) throws {
        let extents = ConvolutionExtents(
            input: values.shape(input), weights: values.shape(weights),
            output: values.shape(output), geometry: geometry)
        if let scheme = WinogradScheme(extents) {
            return try emit(
                direction, scheme, input: input, weights: weights, output: output, number)
        }
        if direction == .inputGradient, extents.prefersProductForInputGradient {
            return try emitProductAndFold(extents, weights: weights, output: output, number)
        }
        let primitive = try Primitive.convolution(extents, direction)
        let plain = BufferReference(buffer(of: number))
        let inputs = direction == .inputGradient ? plain : try dense(input)
        let outputs = direction == .forward ? plain : try dense(output)
        let kernel =
            direction == .weightGradient
            ? preferred(plain, for: primitive) : try reorderedWeights(weights, for: primitive)
        append(
            .convolution(
                ConvolutionStep(
                    direction: direction, input: inputs, weights: kernel, output: outputs,
                    primitive: primitive)),
            label(number), cost(number))
        if direction == .weightGradient, kernel != plain {
            try reorder(kernel, to: plain, from: primitive, to: nil)
        }
    }

    /// The input gradient as one matrix product, of each output pixel with all kernels, whose
    /// results are then added up where they overlap.
    private mutating func emitProductAndFold(
        _ extents: ConvolutionExtents, weights: Int, output: Int, _ number: Int
    ) throws {
        let e = MatrixProduct.Extents(
            batch: 1, m: extents.batch * extents.outputHeight * extents.outputWidth,
            n: extents.channels * extents.kernelHeight * extents.kernelWidth,
            k: extents.outputChannels)
        let products = BufferReference(allocate(e.m * e.n))
        let (first, second) = (try dense(output), try dense(weights))
        try emitProduct(
            first, second, to: products, e, (false, false), label(number), cost(number))
        let image = BufferReference(buffer(of: number))
        append(
            .fold(
                FoldStep(products: products, image: image, extents: extents, threads: threads)),
            "fold \(values.shape(number))",
            Cost(bytes: 4 * (e.m * e.n + values.shape(number).count)))
    }

    /// Where a primitive writes weights that are to end in the plain layout at `plain`.
    private mutating func preferred(
        _ plain: BufferReference, for primitive: Primitive
    ) -> BufferReference {
        primitive.weightsAreHowTheProgramStoresThem
            ? plain : BufferReference(allocate(primitive.weightsCount))
    }

    /// Weights in the layout that `primitive` prefers, reordered once for all that share it.
    private mutating func reorderedWeights(
        _ number: Int, for primitive: Primitive
    ) throws -> BufferReference {
        let plain = try dense(number)
        if primitive.weightsAreHowTheProgramStoresThem { return plain }
        let key = StridedCopy(view: values.views[number], shape: values.shape(number))
        let known = reordered[key, default: []]
        if let shared = known.first(where: { $0.primitive.sharesWeightsLayout(with: primitive) }) {
            return shared.reference
        }
        let target = BufferReference(allocate(primitive.weightsCount))
        try reorder(plain, to: target, from: nil, to: primitive)
        reordered[key] = known + [(primitive, target)]
        return target
    }

    private mutating func reorder(
        _ source: BufferReference, to target: BufferReference, from: Primitive?, to: Primitive?
    ) throws {
        let count = (from ?? to)?.weightsCount ?? 0
        append(
            .reorder(
                ReorderStep(
                    source: source, target: target,
                    primitive: try Primitive.reorder(from: from, to: to))),
            "reorder weights", Cost(bytes: 8 * count))
    }
}
