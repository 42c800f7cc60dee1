/// Where each buffer lies in the arena, and which writes happen in place.
package struct MemoryPlan: Sendable {
    /// Bytes from the arena's beginning, for buffers that live there; for those that each shard
    /// has, from the beginning of the shard's own arena.
    package private(set) var offsets: [Int?]
    package private(set) var arenaBytes = 0
    /// Bytes of the arena that each shard of a divided program has; they follow the shared one.
    package private(set) var shardBytes = 0
    /// Bytes of the steps' own working memory, which lies before the arena.
    package private(set) var scratchBytes = 0
    /// Bytes of each thread's part of the working memory, for steps where threads have one. What a
    /// thread writes there stays in its own core's cache, since programs mostly agree on this power
    /// of two.
    package private(set) var threadScratchBytes = 1
    /// Bytes of the whole arena with so many shards in this process.
    package func bytes(shards: Int) -> Int { scratchBytes + arenaBytes + shards * shardBytes }
    /// Bytes that the arena would have without reuse.
    package private(set) var unsharedBytes = 0

    private static let alignment = 64

    private struct Lifetime { var first = Int.max, last = -1 }

    package init(_ buffers: [Buffer], _ steps: [PlannedStep], threads: Int) {
        offsets = Array(repeating: nil, count: buffers.count)
        var lifetimes = Array(repeating: Lifetime(), count: buffers.count)
        for (time, planned) in steps.enumerated() {
            for reference in planned.step.reads + planned.step.writes {
                lifetimes[reference.buffer].first = min(lifetimes[reference.buffer].first, time)
                lifetimes[reference.buffer].last = max(lifetimes[reference.buffer].last, time)
            }
            scratchBytes = max(scratchBytes, planned.step.sharedScratchBytes)
            while threadScratchBytes < planned.step.threadScratchBytes { threadScratchBytes *= 2 }
        }
        scratchBytes = CacheLine.padded(max(scratchBytes, threads * threadScratchBytes))
        for index in buffers.indices where buffers[index].isOutput { lifetimes[index].last = .max }
        let sharded = ShardedBuffers(steps)
        let heirs = Self.inPlace(buffers, steps, lifetimes).filter {
            sharded.contains($0) == sharded.contains($1)
        }
        arenaBytes = place(buffers, lifetimes, heirs) { !sharded.contains($0) }
        shardBytes = CacheLine.padded(place(buffers, lifetimes, heirs, where: sharded.contains))
    }

    /// For each buffer the one whose memory it takes over, since a chain reads the old and writes
    /// the new element by element.
    private static func inPlace(
        _ buffers: [Buffer], _ steps: [PlannedStep], _ lifetimes: [Lifetime]
    ) -> [Int: Int] {
        var (predecessor, taken) = ([Int: Int](), Set<Int>())
        for (time, planned) in steps.enumerated() {
            guard let step = planned.step as? FusedStep else { continue }
            for store in step.stores {
                let target = store.reference.buffer
                guard case .arena = buffers[target].place, lifetimes[target].first == time else {
                    continue
                }
                let source = step.loads.first { load in
                    let buffer = load.reference.buffer
                    guard case .arena = buffers[buffer].place, load.isDense else { return false }
                    return buffers[buffer].count == buffers[target].count
                        && lifetimes[buffer].last == time && !taken.contains(buffer)
                        && step.loads.filter { $0.reference.buffer == buffer }.count == 1
                }
                guard let source else { continue }
                predecessor[target] = source.reference.buffer
                taken.insert(source.reference.buffer)
            }
        }
        return predecessor
    }

    /// Largest first, each at the lowest place that is free during its life.
    ///
    /// - Returns: The bytes that they take.
    private mutating func place(
        _ buffers: [Buffer], _ lifetimes: [Lifetime], _ predecessor: [Int: Int],
        where isPlaced: (Int) -> Bool
    ) -> Int {
        func head(_ buffer: Int) -> Int {
            var buffer = buffer
            while let earlier = predecessor[buffer] { buffer = earlier }
            return buffer
        }
        var lives: [Int: Lifetime] = [:]
        for index in buffers.indices where lifetimes[index].last >= 0 && isPlaced(index) {
            guard case .arena = buffers[index].place else { continue }
            let size = Self.bytes(buffers[index])
            unsharedBytes += size
            var life = lives[head(index)] ?? Lifetime()
            life.first = min(life.first, lifetimes[index].first)
            life.last = max(life.last, lifetimes[index].last)
            lives[head(index)] = life
        }
        var packing = IntervalPacking()
        let order = lives.keys.sorted {
            (buffers[$0].count, lives[$1]!.first, $1) > (buffers[$1].count, lives[$0]!.first, $0)
        }
        for index in order {
            let life = lives[index]!
            offsets[index] = packing.place(
                bytes: Self.bytes(buffers[index]), during: life.first...life.last)
        }
        for index in buffers.indices where predecessor[index] != nil && isPlaced(index) {
            offsets[index] = offsets[head(index)]
        }
        return packing.bytes
    }

    private static func bytes(_ buffer: Buffer) -> Int {
        (max(buffer.count, 1) * 4 + alignment - 1) / alignment * alignment
    }
}

/// Gives arrays places in memory, such that those that are there at the same time do not overlap.
struct IntervalPacking {
    /// Bytes of all places together.
    private(set) var bytes = 0
    private var placed: [(life: ClosedRange<Int>, range: Range<Int>)] = []

    /// The lowest place that is free during the whole life.
    mutating func place(bytes size: Int, during life: ClosedRange<Int>) -> Int {
        let busy = placed.filter { $0.life.overlaps(life) }.map(\.range)
            .sorted { $0.lowerBound < $1.lowerBound }
        var offset = 0
        for range in busy where range.upperBound > offset {
            if range.lowerBound >= offset + size { break }
            offset = range.upperBound
        }
        placed.append((life, offset..<offset + size))
        bytes = max(bytes, offset + size)
        return offset
    }
}

/// What one thread writes keeps its distance from what others write: a line that two of them write
/// goes from core to core, which takes as long as hundreds of operations.
enum CacheLine {
    /// Processors fetch lines of 64 bytes in pairs.
    private static let bytes = 128

    /// The next multiple of the length of a pair of lines.
    static func padded(_ bytes: Int) -> Int {
        (bytes + Self.bytes - 1) / Self.bytes * Self.bytes
    }
}
