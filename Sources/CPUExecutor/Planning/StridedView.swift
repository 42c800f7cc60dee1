package import TensorGraph

/// Elements of another value's dense buffer, in the order that offset and strides give.
package struct StridedView: Hashable, Sendable {
    /// The instruction whose result is looked at.
    package var root: Int
    /// Elements before the first.
    package var offset: Int
    /// Elements between neighbours along each axis; 0 repeats.
    package var strides: [Int]

    /// The whole of an instruction's own result.
    package init(whole root: Int, _ shape: Shape) {
        (self.root, offset, strides) = (root, 0, shape.strides)
    }

    /// Whether the elements stand one after the other.
    package func isDense(_ shape: Shape) -> Bool {
        zip(zip(strides, shape.strides), shape.dimensions).allSatisfy {
            $0.0 == $0.1 || $1 == 1
        }
    }

    package func transposed(_ permutation: [Int]) -> StridedView {
        var view = self
        view.strides = permutation.map { strides[$0] }
        return view
    }

    package func broadcast(_ operation: Broadcast) -> StridedView {
        var view = self
        view.strides = [Int](repeating: 0, count: operation.target.rank)
        for (axis, stride) in zip(operation.axes, strides) { view.strides[axis] = stride }
        return view
    }

    package func sliced(_ slice: Slice) -> StridedView {
        var view = self
        view.offset += zip(slice.starts, strides).map(*).reduce(0, +)
        view.strides = zip(slice.strides, strides).map(*)
        return view
    }

    /// The view under another shape, or nil where its elements have no such strides.
    package func reshaped(from source: Shape, to target: Shape) -> StridedView? {
        // No elements, nothing to go wrong, and extents that cannot be divided by.
        guard source.count > 0 else { return StridedView(whole: root, target) }
        let merged = mergedAxes(source)
        var (strides, group, rest) = ([Int](), 0, merged.first?.extent ?? 1)
        for extent in target.dimensions {
            if extent == 1 {
                strides.append(0)
                continue
            }
            if rest == 1 {
                group += 1
                guard group < merged.count else { return nil }
                rest = merged[group].extent
            }
            guard rest % extent == 0 else { return nil }
            rest /= extent
            strides.append(merged[group].stride * rest)
        }
        var view = self
        view.strides = strides
        return view
    }

    /// Axes of extent other than 1, neighbours merged where one continues the other.
    private func mergedAxes(_ shape: Shape) -> [(extent: Int, stride: Int)] {
        var merged: [(extent: Int, stride: Int)] = []
        for (extent, stride) in zip(shape.dimensions, strides) where extent != 1 {
            if let last = merged.last, last.stride == stride * extent {
                merged[merged.count - 1] = (last.extent * extent, stride)
            } else {
                merged.append((extent, stride))
            }
        }
        return merged
    }
}
