@testable import MessagePassing

/// Vectors whose sums depend on the order of the additions.
func vector(_ shard: Int, count: Int) -> [Float] {
    (0..<count).map { index in
        let mixed = UInt32(truncatingIfNeeded: (index &* 31 &+ shard) &* 2_654_435_761)
        let scale: [Float] = [1e-3, 1, 1e3, 1e6]
        return (Float(mixed >> 8) / Float(1 << 23) - 1) * scale[Int(mixed & 3)]
    }
}

/// The sum by the definition: neighbours in pairs, level by level.
func reference(shards: Int, count: Int) -> [Float] {
    var level = (0..<shards).map { vector($0, count: count) }
    while level.count > 1 {
        level = stride(from: 0, to: level.count, by: 2).map { index in
            index + 1 < level.count
                ? zip(level[index], level[index + 1]).map { $0 + $1 } : level[index]
        }
    }
    return level[0]
}

extension ProcessGroup {
    /// The sum of these vectors, of which this process has its share.
    func sum(shards: Int, count: Int) throws -> [Float] {
        let share = shards / size
        let parts = (0..<share).map { vector(rank * share + $0, count: count) }
        let memory = parts.map { part in
            let copy = UnsafeMutablePointer<Float>.allocate(capacity: count + 1)
            copy.initialize(from: part, count: count)
            return copy
        }
        let result = UnsafeMutablePointer<Float>.allocate(capacity: count + 1)
        result.initialize(repeating: .nan, count: count + 1)
        defer {
            for part in memory { part.deallocate() }
            result.deallocate()
        }
        let pointers = memory.map { UnsafePointer($0) }
        try wait(begin(sum: pointers, count: count, into: result, shards: shards))
        return Array(UnsafeBufferPointer(start: result, count: count))
    }
}
