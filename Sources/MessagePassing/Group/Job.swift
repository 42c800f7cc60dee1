/// One piece of work for the communication thread.
///
/// `@unchecked Sendable`: `isDone` is guarded by the communicator's lock, the rest is constant.
final class Job: @unchecked Sendable {
    enum Work {
        case sum(
            [UnsafePointer<Float>], count: Int, into: UnsafeMutablePointer<Float>, shards: Int)
        case exchange(ByteExchange)
        case departure
    }

    let work: Work
    var isDone = false

    init(_ work: Work) { self.work = work }
}
