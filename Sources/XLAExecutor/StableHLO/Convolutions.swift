import TensorGraph

/// Images are `[N, H, W, C]` and weights `[O, C/groups, KH, KW]`.
extension Convolution: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let g = geometry
        return text.convolution(
            operands[0], operands[1], "[b, 0, 1, f]x[o, i, 0, 1]->[b, 0, 1, f]",
            "stride = [\(g.strideHeight), \(g.strideWidth)], "
                + "pad = [[\(g.top), \(g.bottom)], [\(g.left), \(g.right)]]",
            featureGroups: g.groups, to: shape)
    }
}

/// The adjoint in the input: a convolution of the output's cotangent, spread by the stride, with
/// the mirrored kernel, whose channels change places within each group.
extension ConvolutionInputGradient: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let (g, cotangent) = (geometry, operands[0])
        let w = operands[1].shape
        var weights = operands[1]
        if g.groups > 1 {
            let (outputs, inputs) = (w[0] / g.groups, w[1])
            weights = text.reshaped(weights, [g.groups, outputs, inputs, w[2], w[3]])
            weights = text.apply(
                "transpose", [weights], ", dims = [1, 0, 2, 3, 4]",
                to: [outputs, g.groups, inputs, w[2], w[3]])
            weights = text.reshaped(weights, [outputs, g.groups * inputs, w[2], w[3]])
        }
        let rows = Self.padding(
            w[2], g.strideHeight, g.top, from: cotangent.shape[1], to: height)
        let columns = Self.padding(
            w[3], g.strideWidth, g.left, from: cotangent.shape[2], to: width)
        return text.convolution(
            cotangent, weights, "[b, 0, 1, f]x[i, o, 0, 1]->[b, 0, 1, f]",
            "pad = [[\(rows.0), \(rows.1)], [\(columns.0), \(columns.1)]], "
                + "lhs_dilate = [\(g.strideHeight), \(g.strideWidth)], reverse = [true, true]",
            featureGroups: g.groups, to: shape)
    }

    private static func padding(
        _ kernel: Int, _ stride: Int, _ padding: Int, from outputs: Int, to inputs: Int
    ) -> (Int, Int) {
        let low = kernel - 1 - padding
        return (low, inputs + kernel - 1 - low - ((outputs - 1) * stride + 1))
    }
}

/// The adjoint in the weights: a convolution of the input with the output's cotangent as kernel,
/// spread by the stride, in which samples and channels change places.
extension ConvolutionWeightGradient: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let (g, x, y) = (geometry, operands[0], operands[1])
        let bottom =
            kernelHeight - 1 + (y.shape[1] - 1) * g.strideHeight + 1 - x.shape[1] - g.top
        let right = kernelWidth - 1 + (y.shape[2] - 1) * g.strideWidth + 1 - x.shape[2] - g.left
        return text.convolution(
            x, y, "[f, 0, 1, b]x[i, 0, 1, o]->[f, b, 0, 1]",
            "pad = [[\(g.top), \(bottom)], [\(g.left), \(right)]], "
                + "rhs_dilate = [\(g.strideHeight), \(g.strideWidth)]",
            batchGroups: g.groups, to: shape)
    }
}

extension Lowering {
    fileprivate mutating func convolution(
        _ x: Value, _ w: Value, _ axes: String, _ window: String, featureGroups: Int = 1,
        batchGroups: Int = 1, to shape: Shape
    ) -> Value {
        let factors = factors([x, w])
        let precision = "#stablehlo<precision \(precision.nameInStableHLO)>"
        // A convolution's result has the type of its factors on GPUs.
        let element = factors[0].element
        let result = define(
            "stablehlo.convolution(\(factors[0].name), \(factors[1].name)) "
                + "dim_numbers = \(axes), window = {\(window)} "
                + "{batch_group_count = \(batchGroups) : i64, feature_group_count = "
                + "\(featureGroups) : i64, precision_config = [\(precision), \(precision)]} : "
                + "(\(factors[0].type), \(factors[1].type)) -> \(Value.type(shape, element))",
            shape, element)
        return element == "f32" ? result : converted(result, to: "f32")
    }
}
