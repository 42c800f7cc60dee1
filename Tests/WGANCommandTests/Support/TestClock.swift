import Synchronization

/// A clock that moves when it is told to.
final class TestClock: Sendable {
    private let time = Mutex(Duration.zero)

    @Sendable func read() -> Duration { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}
