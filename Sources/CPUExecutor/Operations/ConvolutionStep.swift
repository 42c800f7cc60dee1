package import CKernels
import TensorGraph

/// A convolution or one of its adjoints by oneDNN.
package struct ConvolutionStep: PlannedOperation {
    package enum Direction: Sendable { case forward, inputGradient, weightGradient }

    package var direction: Direction
    package var input: BufferReference
    /// In the layout that the primitive prefers.
    package var weights: BufferReference
    package var output: BufferReference
    package var primitive: Primitive

    package var reads: [BufferReference] {
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

    package var writes: [BufferReference] { [target] }
    package var sharedScratchBytes: Int { primitive.scratchBytes }
    package var callsLibrary: Bool { true }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        arguments.call(
            primitive, addresses[input], addresses[weights], addresses[output], addresses.scratch)
    }
}

/// Convolution weights moved between the plain layout and the one that a primitive prefers.
package struct ReorderStep: PlannedOperation {
    package var source: BufferReference
    package var target: BufferReference
    package var primitive: Primitive

    package var reads: [BufferReference] { [source] }
    package var writes: [BufferReference] { [target] }
    package var sharedScratchBytes: Int { primitive.scratchBytes }
    package var callsLibrary: Bool { true }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        arguments.call(primitive, addresses[source], nil, addresses[target], addresses.scratch)
    }
}

/// A convolution or an adjoint as instructions have it: the tensor that `direction` computes is the
/// instruction's own result.
struct ConvolutionCall {
    let direction: ConvolutionStep.Direction
    /// The instructions that give the three tensors.
    let input: Int
    let weights: Int
    let output: Int
    let extents: ConvolutionExtents

    /// Nil for other instructions.
    init?(_ number: Int, _ values: Values) {
        let operands = values.reads(number)
        let geometry: ConvolutionGeometry
        switch values.operation(number) {
        case let convolution as Convolution:
            (direction, geometry) = (.forward, convolution.geometry)
            (input, weights, output) = (operands[0], operands[1], number)
        case let gradient as ConvolutionInputGradient:
            (direction, geometry) = (.inputGradient, gradient.geometry)
            (input, weights, output) = (number, operands[1], operands[0])
        case let gradient as ConvolutionWeightGradient:
            (direction, geometry) = (.weightGradient, gradient.geometry)
            (input, weights, output) = (operands[0], number, operands[1])
        default: return nil
        }
        extents = ConvolutionExtents(
            input: values.shape(input), weights: values.shape(weights),
            output: values.shape(output), geometry: geometry)
    }
}

extension ConvolutionStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool {
        guard let call = ConvolutionCall(number, builder.values) else { return false }
        let primitive = try Primitive.convolution(call.extents, call.direction)
        let plain = builder.target(of: number)
        let inputs =
            call.direction == .inputGradient ? plain : builder.dense(call.input)
        let outputs = call.direction == .forward ? plain : builder.dense(call.output)
        let kernel =
            call.direction == .weightGradient
            ? builder.preferred(plain, for: primitive)
            : try builder.reorderedWeights(call.weights, for: primitive)
        builder.append(
            ConvolutionStep(
                direction: call.direction, input: inputs, weights: kernel, output: outputs,
                primitive: primitive), number)
        if call.direction == .weightGradient, kernel != plain {
            try builder.reorder(kernel, to: plain, from: primitive, to: nil)
        }
        return true
    }
}

extension PlanBuilder {
    /// Where a primitive writes weights that are to end in the plain layout at `plain`.
    fileprivate mutating func preferred(
        _ plain: BufferReference, for primitive: Primitive
    ) -> BufferReference {
        primitive.weightsAreHowTheProgramStoresThem
            ? plain : allocated(primitive.weightsCount)
    }

    /// Weights in the layout that `primitive` prefers, reordered once for all that share it.
    fileprivate mutating func reorderedWeights(
        _ number: Int, for primitive: Primitive
    ) throws -> BufferReference {
        let plain = dense(number)
        if primitive.weightsAreHowTheProgramStoresThem { return plain }
        // A place would not do, since a variable's new value may stand where the old one was.
        let weights = StridedCopy(view: values.views[number], shape: values.shape(number))
        return try shared(WeightsLayout(weights: weights, primitive: primitive)) {
            builder throws in
            let target = builder.allocated(primitive.weightsCount)
            try builder.reorder(plain, to: target, from: nil, to: primitive)
            return target
        }
    }

    fileprivate mutating func reorder(
        _ source: BufferReference, to target: BufferReference, from: Primitive?, to: Primitive?
    ) throws {
        let count = (from ?? to)?.weightsCount ?? 0
        append(
            ReorderStep(
                source: source, target: target,
                primitive: try Primitive.reorder(from: from, to: to)),
            "reorder weights", Cost(bytes: 8 * count))
    }
}

/// What weights in a layout of oneDNN are known by.
private struct WeightsLayout: Hashable {
    let weights: StridedCopy
    /// One that prefers the layout.
    let primitive: Primitive

    static func == (a: Self, b: Self) -> Bool {
        a.weights == b.weights && a.primitive.sharesWeightsLayout(with: b.primitive)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(weights) }
}
