import NeuralNetworks
import TensorGraph

extension Linear: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        var inputs = [input.name, try graph.constant(weight)]
        if let bias { inputs.append(try graph.constant(bias)) }
        return graph.apply("Gemm", to: inputs, [.integer("transB", 1)])
    }
}

extension Conv2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let geometry = padding.geometry(
            height: input.shape[1], width: input.shape[2], kernel: kernel, stride: stride)
        var inputs = [input.name, try graph.constant(weight)]
        if let bias { inputs.append(try graph.constant(bias)) }
        return graph.apply(
            "Conv", to: inputs, windows(kernel: kernel, stride: stride, geometry, groups))
    }
}

extension ConvTranspose2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let (height, width) = outputSize(height: input.shape[1], width: input.shape[2])
        let geometry = padding.geometry(
            height: height, width: width, kernel: (kernel, kernel), stride: stride)
        // What the windows, less the padding, do not reach.
        let rest = { (size: Int, inputs: Int, before: Int, after: Int) in
            size - ((inputs - 1) * stride + kernel - before - after)
        }
        let rests = [
            rest(height, input.shape[1], geometry.top, geometry.bottom),
            rest(width, input.shape[2], geometry.left, geometry.right),
        ]
        var inputs = [input.name, try graph.constant(weight)]
        if let bias { inputs.append(try graph.constant(bias)) }
        return graph.apply(
            "ConvTranspose", to: inputs,
            windows(kernel: (kernel, kernel), stride: stride, geometry, groups)
                + [.integers("output_padding", rests)])
    }
}

private func windows(
    kernel: (rows: Int, columns: Int), stride: Int, _ geometry: ConvolutionGeometry, _ groups: Int
) -> [ONNXAttributeProto] {
    [
        .integers("kernel_shape", [kernel.rows, kernel.columns]),
        .integers("strides", [stride, stride]),
        .integers("pads", [geometry.top, geometry.left, geometry.bottom, geometry.right]),
        .integer("group", groups),
    ]
}

extension BilinearUpsample: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        filtered("ConvTranspose", input, sum: 4, in: &graph)
    }
}

extension BilinearDownsample: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        filtered("Conv", input, sum: 1, in: &graph)
    }
}

/// Each channel by itself through the binomial filter.
private func filtered(
    _ type: String, _ input: ONNXGraph.Value, sum: Double, in graph: inout ONNXGraph
) -> String {
    let channels = input.shape[3]
    let filter = BinomialFilter.numbers(sum: sum).map { Float($0) }
    let weights = graph.constant(
        (0..<channels).flatMap { _ in filter }, [channels, 1, 4, 4])
    return graph.apply(
        type, to: [input.name, weights],
        windows(kernel: (4, 4), stride: 2, ConvolutionGeometry(stride: 2, padding: 1), channels))
}

extension AvgPool2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("AveragePool", to: [input.name], poolingWindows(window, stride, padding))
    }
}

extension MaxPool2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("MaxPool", to: [input.name], poolingWindows(window, stride, padding))
    }
}

/// Both kinds of pooling leave the padding out.
private func poolingWindows(_ window: Int, _ stride: Int, _ padding: Int) -> [ONNXAttributeProto] {
    [
        .integers("kernel_shape", [window, window]), .integers("strides", [stride, stride]),
        .integers("pads", [padding, padding, padding, padding]),
    ]
}

extension GlobalAvgPool2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        let mean = graph.apply("GlobalAveragePool", to: [input.name])
        return graph.apply("Reshape", to: [mean, graph.integers([0, -1])])
    }
}

extension Upsample: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        let scales = graph.constant([1, 1, Float(factor), Float(factor)])
        return graph.apply(
            "Resize", to: [input.name, "", scales],
            [
                .text("mode", "nearest"), .text("coordinate_transformation_mode", "asymmetric"),
                .text("nearest_mode", "floor"),
            ])
    }
}
