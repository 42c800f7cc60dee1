/// Who must be heard: rank 0 by all others, and all others by rank 0.
///
/// Silence is counted in this process's own beats. So a process that was itself stopped for a while
/// does not take that for the silence of others.
struct Heartbeat {
    let interval: Duration
    private let patience: Int
    private var missed: [Int: Int]
    private var last: SuspendingClock.Instant

    /// - Parameter patience: Beats after which a process that was not heard is given up.
    init(every interval: Duration, patience: Int, rank: Int, size: Int) {
        (self.interval, self.patience) = (interval, patience)
        let watched = rank == 0 ? Array(1..<max(size, 1)) : [0]
        missed = Dictionary(uniqueKeysWithValues: watched.map { ($0, 0) })
        last = .now
    }

    mutating func hear(_ peer: Int) { if missed[peer] != nil { missed[peer] = 0 } }

    /// Those to whom it is time to send a beat.
    mutating func due(_ now: SuspendingClock.Instant) -> [Int] {
        guard now - last >= interval else { return [] }
        last = now
        for peer in missed.keys { missed[peer]! += 1 }
        return missed.keys.sorted()
    }

    /// The first that was not heard for too long.
    var silent: Int? { missed.keys.sorted().first { missed[$0]! > patience } }
}
