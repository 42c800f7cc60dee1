import TensorGraph
import Testing

/// The definitions that derivatives cannot check, against numbers worked out by hand.
@Suite("What primitives mean")
struct MeaningTests {
    private let grid = Tensor.constant([1, 2, 3, 4, 5, 6], [2, 3])

    @Test("layout changes put elements where NumPy would")
    func layouts() throws {
        #expect(try values(of: grid.transposed()) == [1, 4, 2, 5, 3, 6])
        #expect(
            try values(of: grid.sliced(from: [0, 0], to: [2, 3], by: [1, 2])) == [1, 3, 4, 6])
        #expect(try values(of: grid.sliced(axis: 1, 1..<2)) == [2, 5])
        #expect(
            try values(of: Tensor.constant([1, 2], [2]).padded(low: [1], high: [2], interior: [3]))
                == [0, 1, 0, 0, 0, 2, 0, 0])
        #expect(
            try values(of: .concatenated([grid, grid.sliced(axis: 1, 0..<1)], axis: 1))
                == [1, 2, 3, 1, 4, 5, 6, 4])
        #expect(
            try values(of: Tensor.constant([1, 2], [2, 1]).broadcast(to: [2, 2, 2]))
                == [1, 1, 2, 2, 1, 1, 2, 2])
        #expect(try values(of: .iota([2, 3], axis: 1)) == [0, 1, 2, 0, 1, 2])
    }

    @Test("reductions combine the named axes")
    func reductions() throws {
        #expect(try values(of: grid.sum(along: [0])) == [5, 7, 9])
        #expect(try values(of: grid.mean(along: [1])) == [2, 5])
        #expect(try values(of: (-grid).max(along: [1])) == [-1, -4])
        #expect(try values(of: grid.mean()) == [3.5])
    }

    @Test("matrix products pair rows with columns")
    func products() throws {
        #expect(try values(of: grid.matmul(grid, transposeSecond: true)) == [14, 32, 32, 77])
        #expect(
            try values(of: grid.matmul(grid, transposeFirst: true))
                == [17, 22, 27, 22, 29, 36, 27, 36, 45])
    }

    @Test("a convolution is a correlation, its partners are its adjoints")
    func convolutions() throws {
        let image = Tensor.constant((1...9).map(Double.init), [1, 3, 3, 1])
        let weights = Tensor.constant([1, 2, 3, 4], [1, 1, 2, 2])
        let plain = ConvolutionGeometry()
        #expect(try values(of: image.convolved(weights, plain)) == [37, 47, 67, 77])
        let sparse = ConvolutionGeometry(stride: 2, padding: 1)
        #expect(try values(of: image.convolved(weights, sparse)) == [4, 18, 36, 77])
        let one = Tensor.constant([1, 0, 0, 10], [1, 2, 2, 1])
        #expect(
            try values(of: one.convolutionInputGradient(weights, plain, inputSize: (3, 3)))
                == [1, 2, 0, 3, 14, 20, 0, 30, 40])
        #expect(
            try values(of: image.convolutionWeightGradient(one, plain, kernel: (2, 2)))
                == [51, 62, 84, 95])
    }

    @Test("each side of a convolution's input has its own number of zeros")
    func asymmetricPadding() throws {
        let image = Tensor.constant((1...12).map(Double.init), [1, 3, 4, 1])
        let weights = Tensor.constant((1...6).map(Double.init), [1, 1, 2, 3])
        let (top, bottom, left, right) = (1, 2, 3, 4)
        let padded = image.padded(low: [0, top, left, 0], high: [0, bottom, right, 0])
        for strides in [(1, 1), (2, 1), (1, 3)] {
            let inside = ConvolutionGeometry(
                strides: strides, top: top, bottom: bottom, left: left, right: right)
            let outside = ConvolutionGeometry(
                strides: strides, top: 0, bottom: 0, left: 0, right: 0)
            let expected = padded.convolved(weights, outside)
            let found = image.convolved(weights, inside)
            #expect(found.shape == expected.shape)
            #expect(try values(of: found) == values(of: expected))
        }
    }

    @Test("each group of a convolution's channels is a convolution of its own")
    func groups() throws {
        let (groups, inputs, outputs) = (3, 2, 4)
        let image = Tensor.constant((0..<96).map { Double($0 % 7) - 3 }, [1, 4, 4, 6])
        let weights = Tensor.constant((0..<96).map { Double($0 % 5) - 2 }, [12, 2, 2, 2])
        let whole = ConvolutionGeometry(stride: 2, padding: 1, groups: groups)
        let alone = ConvolutionGeometry(stride: 2, padding: 1)
        let parts = (0..<groups).map { group in
            image.sliced(axis: 3, inputs * group..<inputs * (group + 1))
                .convolved(
                    weights.sliced(axis: 0, outputs * group..<outputs * (group + 1)), alone)
        }
        let (found, expected) = (
            image.convolved(weights, whole), Tensor.concatenated(parts, axis: 3)
        )
        #expect(found.shape == [1, 3, 3, 12])
        #expect(try values(of: found) == values(of: expected))
        // A third of the products that the same channels have in one group.
        let program = try Program(
            outputs: [
                ("y", Tensor.input("x", image.shape).convolved(.input("w", weights.shape), whole))
            ])
        #expect(program.cost.flops == 2 * 3 * 3 * 12 * 2 * 4)
    }

    @Test("comparisons give 1 or 0, and a number that is not one compares with nothing")
    func comparisons() throws {
        let x = Tensor.constant([1, 2, 3, .nan], [4])
        #expect(try values(of: x .> 2) == [0, 0, 1, 0])
        #expect(try values(of: x .>= 2) == [0, 1, 1, 0])
        #expect(try values(of: x .< 2) == [1, 0, 0, 0])
        #expect(try values(of: x .<= 2) == [1, 1, 0, 0])
        #expect(try values(of: x .== 2) == [0, 1, 0, 0])
        #expect(try values(of: x .!= 2) == [1, 0, 1, 1])
        #expect(try values(of: .select(x .> 2, 5, 6)) == [6, 6, 5, 6])
    }

    @Test("maxima and minima pass on what is not a number")
    func notANumber() throws {
        let (x, y) = (Tensor.constant([1, .nan], [2]), Tensor.constant([.nan, 1], [2]))
        for tensor in [Tensor.maximum(x, y), .minimum(x, y), x.max().broadcast(to: [2])] {
            #expect(try values(of: tensor).allSatisfy(\.isNaN))
        }
    }
}
