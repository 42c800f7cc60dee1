import CPUExecutor
import Philox
import TensorGraph
import Testing

@Suite("Strided views") struct StridedViewTests {
    /// A view and, for each of its elements, the place that it must have.
    private struct Sample {
        var shape: Shape
        var view: StridedView
        var places: [Int]

        init(_ shape: Shape) {
            self.shape = shape
            view = StridedView(whole: 0, shape)
            places = Array(0..<shape.count)
        }

        /// What an operation makes of the places, by its definition, and of the view.
        mutating func move(_ tensor: Tensor) {
            let operation = tensor.node.operation
            switch operation {
            case let transpose as Transpose: view = view.transposed(transpose.permutation)
            case let slice as Slice: view = view.sliced(slice)
            case let broadcast as Broadcast: view = view.broadcast(broadcast)
            default: Issue.record("\(operation.name) is not a view")
            }
            let numbers = ReferenceTensor(shape: shape, values: places.map(Double.init))
            places = operation.evaluate([numbers], RandomClock()).values.map { Int($0) }
            shape = tensor.shape
        }

        mutating func step(_ random: inout RandomStream) {
            let (axes, x) = (Array(0..<shape.rank), Tensor.input("x", shape))
            switch Int.random(in: 0..<3, using: &random) {
            case 0: move(x.transposed(axes.shuffled(using: &random)))
            case 1:
                let starts = axes.map { Int.random(in: 0..<max(shape[$0] / 2, 1), using: &random) }
                let strides = axes.map { _ in Int.random(in: 1...2, using: &random) }
                move(x.sliced(from: starts, to: shape.dimensions, by: strides))
            default:
                let position = Int.random(in: 0...shape.rank, using: &random)
                var target = shape.dimensions
                target.insert(Int.random(in: 1...3, using: &random), at: position)
                let kept = axes.map { $0 < position ? $0 : $0 + 1 }
                move(x.broadcast(to: Shape(target), axes: kept))
            }
        }
    }

    private func places(_ view: StridedView, _ shape: Shape) -> [Int] {
        var places: [Int] = []
        shape.forEachIndex { _, index in
            places.append(view.offset + zip(index, view.strides).map(*).reduce(0, +))
        }
        return places
    }

    /// Whether offset and strides can describe the places at all.
    private func hasStrides(_ places: [Int], _ shape: Shape) -> Bool {
        let strides = zip(shape.strides, shape.dimensions).map { stride, extent in
            extent > 1 ? places[stride] - places[0] : 0
        }
        var isDescribed = true
        shape.forEachIndex { element, index in
            let place = places[0] + zip(index, strides).map(*).reduce(0, +)
            isDescribed = isDescribed && place == places[element]
        }
        return isDescribed
    }

    /// Shapes of as many elements.
    private func factorisations(of shape: Shape, _ random: inout RandomStream) -> [Shape] {
        (0..<12).map { _ in
            var (rest, extents) = (shape.count, [Int]())
            for factor in [2, 3, 2, 5, 2, 3].shuffled(using: &random)
            where rest % factor == 0 && Bool.random(using: &random) {
                extents.append(factor)
                rest /= factor
            }
            extents.insert(rest, at: Int.random(in: 0...extents.count, using: &random))
            if Bool.random(using: &random) { extents.append(1) }
            return Shape(extents)
        }
    }

    @Test("see the elements that slicing, transposing and repeating leave", arguments: 0..<150)
    func operations(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), stream: 1)
        var sample = Sample(
            Shape((0...seed % 3).map { _ in [1, 2, 4, 6].randomElement(using: &random)! }))
        for _ in 0..<1 + seed % 4 { sample.step(&random) }
        #expect(places(sample.view, sample.shape) == sample.places)
        let isRow = sample.places.enumerated().allSatisfy {
            $0.element == sample.places[0] + $0.offset
        }
        #expect(sample.view.isDense(sample.shape) == isRow)
    }

    @Test("take another shape exactly where that has strides", arguments: 0..<150)
    func reshapes(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), stream: 2)
        var sample = Sample(
            Shape((0...seed % 3).map { _ in [1, 2, 4, 6].randomElement(using: &random)! }))
        for _ in 0..<seed % 4 { sample.step(&random) }
        for target in factorisations(of: sample.shape, &random) {
            let view = sample.view.reshaped(from: sample.shape, to: target)
            #expect(
                (view != nil) == hasStrides(sample.places, target), "\(sample.shape) to \(target)")
            if let view { #expect(places(view, target) == sample.places) }
        }
    }

    @Test("without elements can have any shape without elements")
    func empty() {
        let view = StridedView(whole: 0, [0, 3])
        for target: Shape in [[0], [3, 0], [0, 3], [2, 0, 5]] {
            #expect(view.reshaped(from: [0, 3], to: target) != nil)
        }
    }
}
