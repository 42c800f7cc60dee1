import Foundation
import MessagePassing

/// Joins the group, with little patience.
func joined() throws -> ProcessGroup {
    var launcher = Launcher()
    if verb == "mistaken", let real = launcher {
        launcher = Launcher(environment: [
            "OMPI_COMM_WORLD_SIZE": "\(real.size)", "OMPI_COMM_WORLD_RANK": "\(real.rank)",
        ])
    }
    return try ProcessGroup(launcher, patience: .seconds(3))
}

/// Sums and bytes, compared with what they must be.
func work(_ group: ProcessGroup) throws {
    var isRight = true
    for shards in [group.size, 2 * group.size, 12] {
        for count in [0, 1, 1000, 300_001] {
            let sum = try sum(group, shards: shards, count: count)
            if sum != reference(shards, count) { isRight = false }
        }
    }
    for count in [0, 1, 5_000_000] {
        let bytes = (0..<group.size).map { rank in
            [UInt8](repeating: UInt8(rank), count: count * (rank + 1) / group.size)
        }
        let all = try group.allGather(bytes[group.rank])
        let atRoot = try group.gather(bytes[group.rank])
        let first = try group.broadcast(bytes[group.rank])
        isRight =
            isRight && all == bytes && atRoot == (group.rank == 0 ? bytes : nil)
            && first == bytes[0]
    }
    if group.rank == group.size - 1 { group.requestStop() }
    while !group.isStopRequested { usleep(1000) }
    say("rank \(group.rank) of \(group.size): \(isRight ? "all is right" : "WRONG")")
}

/// Adds on and on; one process fails after a while.
func fail(_ group: ProcessGroup, _ how: String, rank: Int) throws {
    for round in 0... {
        _ = try sum(group, shards: group.size, count: 100_000)
        guard round == 200, group.rank == rank else { continue }
        switch how {
        case "kill": kill(getpid(), SIGKILL)
        case "freeze": kill(getpid(), SIGSTOP)
        default: group.endAll("the disk is full")
        }
    }
}

/// The median time of sums of `count` floats.
func time(_ group: ProcessGroup, _ count: Int) throws {
    let part = UnsafeMutablePointer<Float>.allocate(capacity: count)
    let result = UnsafeMutablePointer<Float>.allocate(capacity: count)
    part.initialize(repeating: 1, count: count)
    result.initialize(repeating: 0, count: count)
    var times: [Duration] = []
    for _ in 0..<101 {
        try group.barrier()
        let start = SuspendingClock.now
        try group.wait(
            group.begin(
                sum: [UnsafePointer(part)], count: count, into: result, shards: group.size))
        times.append(.now - start)
    }
    times.sort()
    say("rank \(group.rank): \(4 * count) bytes in \(times[50] / .microseconds(1)) µs (median)")
}

private func value(_ shard: Int, _ index: Int) -> Float {
    let mixed = UInt32(truncatingIfNeeded: (index &* 31 &+ shard) &* 2_654_435_761)
    let scale: [Float] = [1e-3, 1, 1e3, 1e6]
    return (Float(mixed >> 8) / Float(1 << 23) - 1) * scale[Int(mixed & 3)]
}

private func sum(_ group: ProcessGroup, shards: Int, count: Int) throws -> [Float] {
    let share = shards / group.size
    let parts = (0..<share).map { part in
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: count + 1)
        for index in 0..<count { memory[index] = value(group.rank * share + part, index) }
        return memory
    }
    let result = UnsafeMutablePointer<Float>.allocate(capacity: count + 1)
    result.initialize(repeating: .nan, count: count + 1)
    try group.wait(
        group.begin(
            sum: parts.map { UnsafePointer($0) }, count: count, into: result, shards: shards))
    // After a failure the memory stays: it may still be written to.
    for part in parts { part.deallocate() }
    defer { result.deallocate() }
    return Array(UnsafeBufferPointer(start: result, count: count))
}

/// The sum by the definition: neighbours in pairs, level by level.
private func reference(_ shards: Int, _ count: Int) -> [Float] {
    (0..<count).map { index in
        var level = (0..<shards).map { value($0, index) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                $0 + 1 < level.count ? level[$0] + level[$0 + 1] : level[$0]
            }
        }
        return level[0]
    }
}
