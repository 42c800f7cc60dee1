package import TensorGraph

/// Elements moved from one layout to another, or zeros where there is no source.
package struct CopyStep: Sendable {
    package struct Box: Sendable {
        package var reference: BufferReference
        package var strides: [Int]
    }

    package var target: Box
    package var source: Box?
    package var extents: [Int]
    package var threads: Int

    package init(to target: Box, from source: Box?, extents: [Int], threads: Int) {
        let axes = Self.merged(target, source, extents)
        self.target = Box(reference: target.reference, strides: axes.map(\.target))
        self.source = source.map { Box(reference: $0.reference, strides: axes.map(\.source)) }
        self.extents = axes.map(\.extent)
        self.threads = extents.reduce(1, *) < 1 << 16 ? 1 : threads
    }

    private typealias Axis = (extent: Int, target: Int, source: Int)

    /// Axes of extent 1 dropped, and neighbours merged where both layouts allow it.
    private static func merged(_ target: Box, _ source: Box?, _ extents: [Int]) -> [Axis] {
        var axes: [Axis] = []
        for axis in extents.indices where extents[axis] != 1 {
            let next = (extents[axis], target.strides[axis], source?.strides[axis] ?? 0)
            if let last = axes.last, last.target == next.1 * next.0, last.source == next.2 * next.0
            {
                axes[axes.count - 1] = (last.extent * next.0, next.1, next.2)
            } else {
                axes.append(next)
            }
        }
        return axes.isEmpty ? [(1, 1, 1)] : axes
    }
}

/// Random numbers written to a buffer.
package struct RandomStep: Sendable {
    package var target: BufferReference
    package var count: Int
    package var kind: RandomKind
    package var stream: UInt32
}
