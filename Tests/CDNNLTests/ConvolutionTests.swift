import CDNNL
import Testing

@Suite("Convolutions of oneDNN") struct ConvolutionTests {
    private static let layouts: [cdnnl_weights_layout] = [
        .CDNNL_WEIGHTS_PREFERRED, .CDNNL_WEIGHTS_PLAIN,
    ]

    /// A random small geometry with the kernels, strides and paddings that networks use.
    private func shape(_ numbers: inout Numbers) -> cdnnl_convolution_shape {
        var shape = cdnnl_convolution_shape()
        shape.batch = numbers.pick([1, 2, 3])
        shape.groups = numbers.pick([1, 1, 2, 3, 8])
        shape.channels = shape.groups * numbers.pick([1, 2, 3, 5, 16, 20])
        shape.outputs = shape.groups * numbers.pick([1, 3, 8, 16, 24, 33])
        shape.kernel_height = numbers.pick([1, 3, 4, 5, 7])
        shape.kernel_width = numbers.pick([shape.kernel_height, 1, 3, 4])
        shape.stride_height = numbers.pick([1, 2, 3])
        shape.stride_width = numbers.pick([shape.stride_height, 1, 2, 3])
        shape.pad_top = Int64.random(in: 0...shape.kernel_height / 2, using: &numbers)
        shape.pad_bottom = Int64.random(in: 0...shape.kernel_height / 2, using: &numbers)
        shape.pad_left = Int64.random(in: 0...shape.kernel_width / 2, using: &numbers)
        shape.pad_right = Int64.random(in: 0...shape.kernel_width / 2, using: &numbers)
        shape.height = Int64.random(in: shape.kernel_height...12, using: &numbers)
        shape.width = Int64.random(in: shape.kernel_width...12, using: &numbers)
        return shape
    }

    @Test(
        "agree with their definition forward, backward and for weights", arguments: UInt64(1)...60)
    func agree(seed: UInt64) throws {
        var numbers = Numbers(seed: seed)
        let shape = shape(&numbers)
        let naive = NaiveConvolution(shape: shape)
        var x = numbers.floats(naive.sourceCount)
        var w = numbers.floats(naive.weightsCount)
        var y = numbers.floats(naive.destinationCount)
        for layout in Self.layouts {
            let forward = try Convolution(shape, .CDNNL_FORWARD, layout)
            var destination = [Float](repeating: .nan, count: y.count)
            try forward.run(source: &x, weights: &w, destination: &destination)
            let output = naive.forward(source: x, weights: w)
            #expect(relativeError(destination, output) < 2e-6, "forward \(shape)")

            let data = try Convolution(shape, .CDNNL_BACKWARD_DATA, layout)
            var source = [Float](repeating: .nan, count: x.count)
            try data.run(source: &source, weights: &w, destination: &y)
            let input = naive.backwardData(weights: w, destination: y)
            #expect(relativeError(source, input) < 2e-6, "backward data \(shape)")

            let gradient = try Convolution(shape, .CDNNL_BACKWARD_WEIGHTS, layout)
            var weights = [Float](repeating: .nan, count: w.count)
            try gradient.run(source: &x, weights: &weights, destination: &y)
            let expected = naive.backwardWeights(source: x, destination: y)
            #expect(relativeError(weights, expected) < 2e-6, "backward weights \(shape)")
        }
    }

    @Test("are adjoint to their gradients", arguments: UInt64(101)...120)
    func adjoint(seed: UInt64) throws {
        var numbers = Numbers(seed: seed)
        let shape = shape(&numbers)
        let naive = NaiveConvolution(shape: shape)
        var x = numbers.floats(naive.sourceCount)
        var w = numbers.floats(naive.weightsCount)
        var y = numbers.floats(naive.destinationCount)
        var output = y
        var input = x
        var gradient = w
        try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PREFERRED)
            .run(source: &x, weights: &w, destination: &output)
        try Convolution(shape, .CDNNL_BACKWARD_DATA, .CDNNL_WEIGHTS_PREFERRED)
            .run(source: &input, weights: &w, destination: &y)
        try Convolution(shape, .CDNNL_BACKWARD_WEIGHTS, .CDNNL_WEIGHTS_PREFERRED)
            .run(source: &x, weights: &gradient, destination: &y)
        // ⟨conv(x, w), y⟩ = ⟨x, data(w, y)⟩ = ⟨w, weights(x, y)⟩
        let scale = (dot(output, output) * dot(y, y)).squareRoot() + 1
        #expect(abs(dot(output, y) - dot(x, input)) < 1e-6 * scale, "\(shape)")
        #expect(abs(dot(output, y) - dot(w, gradient)) < 1e-6 * scale, "\(shape)")
    }

    @Test("with plain weights say so, and share layouts only when they are equal")
    func layouts() throws {
        let shape = cdnnl_convolution_shape(
            batch: 2, height: 8, width: 8, channels: 32, outputs: 48, kernel_height: 4,
            kernel_width: 4, stride_height: 2, stride_width: 2, pad_top: 1, pad_left: 1,
            pad_bottom: 1, pad_right: 1, groups: 1)
        let plain = try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PLAIN).primitive
        let other = try Convolution(shape, .CDNNL_BACKWARD_DATA, .CDNNL_WEIGHTS_PLAIN).primitive
        let preferred = try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PREFERRED).primitive
        #expect(cdnnl_weights_are_plain(plain.pointer) == 1)
        #expect(cdnnl_weights_size(plain.pointer) == 48 * 32 * 16 * 4)
        #expect(cdnnl_same_weights_layout(plain.pointer, other.pointer) == 1)
        #expect(
            cdnnl_same_weights_layout(plain.pointer, preferred.pointer)
                == cdnnl_weights_are_plain(preferred.pointer))
        #expect(!String(cString: cdnnl_implementation(preferred.pointer)).isEmpty)
    }

    @Test("weights survive a round trip through the preferred layout of either direction")
    func roundTrip() throws {
        var numbers = Numbers(seed: 7)
        let shape = cdnnl_convolution_shape(
            batch: 1, height: 8, width: 8, channels: 3, outputs: 17, kernel_height: 3,
            kernel_width: 3, stride_height: 1, stride_width: 1, pad_top: 1, pad_left: 1,
            pad_bottom: 1, pad_right: 1, groups: 1)
        let forward = try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PREFERRED).primitive
        let data = try Convolution(shape, .CDNNL_BACKWARD_DATA, .CDNNL_WEIGHTS_PREFERRED).primitive
        var plain = numbers.floats(17 * 27)
        let original = plain
        var none: [Float]?
        var first = [Float](repeating: .nan, count: cdnnl_weights_size(forward.pointer) / 4)
        var second = [Float](repeating: .nan, count: cdnnl_weights_size(data.pointer) / 4)
        try Primitive(cdnnl_reorder(nil, forward.pointer))
            .run(source: &plain, weights: &none, destination: &first)
        try Primitive(cdnnl_reorder(forward.pointer, data.pointer))
            .run(source: &first, weights: &none, destination: &second)
        try Primitive(cdnnl_reorder(data.pointer, nil))
            .run(source: &second, weights: &none, destination: &plain)
        #expect(plain == original)
    }

    @Test(
        "with groups that do not divide the channels are refused with a reason", arguments: [0, 2])
    func refusesGroups(groups: Int64) {
        let shape = cdnnl_convolution_shape(
            batch: 1, height: 3, width: 3, channels: 3, outputs: 4, kernel_height: 1,
            kernel_width: 1, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0,
            pad_bottom: 0, pad_right: 0, groups: groups)
        #expect {
            try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PLAIN)
        } throws: {
            "\($0)".contains("groups")
        }
    }

    @Test("with a kernel larger than the padded source are refused with a reason")
    func refusesLargeKernel() {
        let shape = cdnnl_convolution_shape(
            batch: 1, height: 3, width: 3, channels: 1, outputs: 1, kernel_height: 4,
            kernel_width: 4, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0,
            pad_bottom: 0, pad_right: 0, groups: 1)
        #expect {
            try Convolution(shape, .CDNNL_FORWARD, .CDNNL_WEIGHTS_PLAIN)
        } throws: {
            "\($0)".contains("kernel")
        }
    }

    @Test("give the same bits on every run, forward, backward and for weights")
    func repeatable() throws {
        var numbers = Numbers(seed: 11)
        let shape = cdnnl_convolution_shape(
            batch: 16, height: 16, width: 16, channels: 64, outputs: 128, kernel_height: 4,
            kernel_width: 4, stride_height: 2, stride_width: 2, pad_top: 1, pad_left: 1,
            pad_bottom: 1, pad_right: 1, groups: 1)
        let naive = NaiveConvolution(shape: shape)
        let x = numbers.floats(naive.sourceCount)
        let w = numbers.floats(naive.weightsCount)
        let y = numbers.floats(naive.destinationCount)
        for direction in [
            cdnnl_direction.CDNNL_FORWARD, .CDNNL_BACKWARD_DATA, .CDNNL_BACKWARD_WEIGHTS,
        ] {
            let convolution = try Convolution(shape, direction, .CDNNL_WEIGHTS_PREFERRED)
            var results: [[[Float]]] = []
            for _ in 0..<3 {
                var (source, weights, destination) = (x, w, y)
                try convolution.run(source: &source, weights: &weights, destination: &destination)
                results.append([source, weights, destination])
            }
            #expect(results[0] == results[1] && results[1] == results[2])
        }
    }
}
