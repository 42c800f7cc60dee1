/// What carries messages between the processes of a group.
///
/// One thread makes all calls. Messages with one sender, receiver and tag arrive in their order.
protocol Transport: AnyObject {
    /// Joins the processes.
    func start() throws(TransportFailure) -> (rank: Int, size: Int)
    /// Begins to send bytes, which stay as they are until the request is done.
    func send(
        _ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Tag
    ) throws(TransportFailure) -> Request
    /// Begins to receive at most so many bytes.
    func receive(
        _ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Tag
    ) throws(TransportFailure) -> Request
    /// The bytes that came where a request is done, and nil where it is not.
    func finished(_ request: inout Request) throws(TransportFailure) -> Int?
    /// A message with a tag that has arrived and is not yet received: its sender and size.
    func arrived(_ tag: Tag) throws(TransportFailure) -> (rank: Int, count: Int)?
    /// Parts from the processes, all of which do so.
    func finish() throws(TransportFailure)
    /// Ends all processes as far as it can; it may not return.
    func abort(_ code: Int32)
}

/// A message that is under way.
typealias Request = Int64

/// What a message is for.
enum Tag: Int32 {
    case control = 1
    case scatter, gather, bytes
}

/// A transport's error, in its own words.
struct TransportFailure: Error {
    let words: String
}

/// The transport of a process that is alone.
final class NoTransport: Transport {
    func start() -> (rank: Int, size: Int) { (0, 1) }
    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Tag) -> Request { 0 }
    func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Tag) -> Request { 0 }
    func finished(_ request: inout Request) -> Int? { 0 }
    func arrived(_ tag: Tag) -> (rank: Int, count: Int)? { nil }
    func finish() {}
    func abort(_ code: Int32) {}
}
