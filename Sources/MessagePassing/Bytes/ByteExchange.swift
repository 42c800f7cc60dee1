/// Bytes sent to some processes and received from some, of any lengths.
///
/// `@unchecked Sendable`: the communication thread alone touches it until it is done, and then the
/// one that waits for it.
final class ByteExchange: Operation, @unchecked Sendable {
    /// Bytes of a piece: messages stay far below what MPI can count.
    static let piece = 1 << 20

    /// What came, by sender.
    private(set) var received: [Int: [UInt8]] = [:]
    /// The length, and then the bytes.
    private let outgoing: UnsafeMutableRawBufferPointer
    private let targets: [Int], senders: [Int]
    private var out: [MessageStream] = []
    private var incoming: [Incoming] = []

    private struct Incoming {
        var stream: MessageStream
        let length: UnsafeMutableRawBufferPointer
        /// Nil until the length is known.
        var bytes: UnsafeMutableRawBufferPointer?
    }

    init(_ bytes: [UInt8], to targets: [Int], from senders: [Int]) {
        outgoing = .allocate(byteCount: 8 + bytes.count, alignment: 16)
        outgoing.storeBytes(of: bytes.count, as: Int.self)
        outgoing[8...].copyBytes(from: bytes)
        (self.targets, self.senders) = (targets, senders)
        out = targets.map { MessageStream(peer: $0, tag: .bytes) }
        incoming = senders.map {
            Incoming(
                stream: MessageStream(peer: $0, tag: .bytes),
                length: .allocate(byteCount: 8, alignment: 16))
        }
    }

    func advance(_ link: Link) throws -> Progress {
        var hasAdvanced = false
        var isDone = true
        for index in out.indices {
            while try out[index].end(link) { hasAdvanced = true }
            while out[index].begun < messageCount(outgoing.count - 8), out[index].hasRoom {
                let bytes =
                    out[index].begun == 0
                    ? outgoing[..<8] : piece(out[index].begun, of: .init(rebasing: outgoing[8...]))
                try out[index].send(.init(rebasing: bytes), link)
                hasAdvanced = true
            }
            isDone = isDone && out[index].ended == messageCount(outgoing.count - 8)
        }
        for index in incoming.indices {
            if try receive(&incoming[index], link) { hasAdvanced = true }
            let bytes = incoming[index].bytes
            isDone =
                isDone
                && bytes.map { incoming[index].stream.ended == messageCount($0.count) } == true
        }
        if isDone { takeAndFree() }
        return isDone ? .done : hasAdvanced ? .advanced : .waiting
    }

    private func receive(_ one: inout Incoming, _ link: Link) throws -> Bool {
        var hasAdvanced = false
        if one.stream.begun == 0 {
            try one.stream.receive(one.length, link)
            hasAdvanced = true
        }
        while try one.stream.end(link) { hasAdvanced = true }
        if one.bytes == nil && one.stream.ended == 1 {
            one.bytes = .allocate(byteCount: one.length.load(as: Int.self), alignment: 16)
        }
        guard let bytes = one.bytes else { return hasAdvanced }
        while one.stream.begun < messageCount(bytes.count), one.stream.hasRoom {
            try one.stream.receive(.init(rebasing: piece(one.stream.begun, of: bytes)), link)
            hasAdvanced = true
        }
        return hasAdvanced
    }

    /// One for the length, and the pieces.
    private func messageCount(_ bytes: Int) -> Int { 1 + (bytes + Self.piece - 1) / Self.piece }

    private func piece(
        _ message: Int, of bytes: UnsafeMutableRawBufferPointer
    ) -> Slice<UnsafeMutableRawBufferPointer> {
        bytes[(message - 1) * Self.piece..<min(message * Self.piece, bytes.count)]
    }

    /// Memory of an exchange that fails is not freed: messages may still be under way.
    private func takeAndFree() {
        outgoing.deallocate()
        for one in incoming {
            received[one.stream.peer] = Array(one.bytes!)
            one.bytes!.deallocate()
            one.length.deallocate()
        }
    }
}
