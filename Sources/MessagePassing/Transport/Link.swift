import Synchronization

/// What an operation needs of the communication thread: the transport, and who this process is.
final class Link {
    let transport: any Transport
    let rank: Int
    let size: Int
    /// Bytes of all messages but those that keep the group together.
    let bytesSent: Counter
    /// The names of the machines, once they are known.
    var hosts: [String] = []

    init(_ transport: any Transport, rank: Int, size: Int, bytesSent: Counter) {
        (self.transport, self.rank, self.size) = (transport, rank, size)
        self.bytesSent = bytesSent
    }

    /// The other processes, beginning with the next one, so that not all send to the same.
    var peers: [Int] { (1..<max(size, 1)).map { (rank + $0) % size } }

    /// How people know a process.
    func name(of rank: Int) -> String {
        rank < hosts.count ? "rank \(rank) on \(hosts[rank])" : "rank \(rank)"
    }

    func error(_ cause: MessagePassingError.Cause, about rank: Int, _ words: String)
        -> MessagePassingError
    {
        MessagePassingError(
            cause, rank: rank, host: rank < hosts.count ? hosts[rank] : nil,
            "\(name(of: rank)) \(words)")
    }

    /// Does something with a process, whose name is in the error where it fails.
    func reaching<Result>(
        _ peer: Int, _ body: () throws(TransportFailure) -> Result
    ) throws -> Result {
        do { return try body() } catch {
            throw self.error(.communication, about: peer, "cannot be reached: \(error.words)")
        }
    }
}

/// A number that any thread may read while one counts.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    func add(_ amount: Int) { number.add(amount, ordering: .relaxed) }
}

/// What an operation came to when it went on.
enum Progress {
    /// It has got further.
    case advanced
    /// Other processes have to do something first.
    case waiting
    case done
}

/// Work of the communication thread that takes several steps.
protocol Operation: AnyObject {
    /// Goes on for a short while, and does not wait.
    func advance(_ link: Link) throws -> Progress
}
