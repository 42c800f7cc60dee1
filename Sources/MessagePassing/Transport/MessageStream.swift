/// Messages from or to one process, in order, of which a few are under way at a time.
struct MessageStream {
    /// Messages that may be under way: one is carried while another is prepared or used.
    static let window = 4

    let peer: Int
    let tag: Tag
    /// Messages begun, and done.
    private(set) var begun = 0, ended = 0
    private var requests = [Request](repeating: 0, count: window)
    private var sizes = [Int](repeating: 0, count: window)
    private var isReceiving = false

    init(peer: Int, tag: Tag) { (self.peer, self.tag) = (peer, tag) }

    var hasRoom: Bool { begun - ended < Self.window }

    mutating func restart() { (begun, ended) = (0, 0) }

    mutating func send(_ bytes: UnsafeRawBufferPointer, _ link: Link) throws {
        requests[begun % Self.window] = try link.reaching(peer) { () throws(TransportFailure) in
            try link.transport.send(bytes, to: peer, tag: tag)
        }
        link.bytesSent.add(bytes.count)
        begun += 1
    }

    mutating func receive(_ bytes: UnsafeMutableRawBufferPointer, _ link: Link) throws {
        requests[begun % Self.window] = try link.reaching(peer) { () throws(TransportFailure) in
            try link.transport.receive(bytes, from: peer, tag: tag)
        }
        (sizes[begun % Self.window], isReceiving) = (bytes.count, true)
        begun += 1
    }

    /// Ends the oldest message that is under way, if it is done; whether it was.
    mutating func end(_ link: Link) throws -> Bool {
        guard ended < begun else { return false }
        let place = ended % Self.window
        var request = requests[place]
        let count = try link.reaching(peer) { () throws(TransportFailure) in
            try link.transport.finished(&request)
        }
        requests[place] = request
        guard let count else { return false }
        if isReceiving && count != sizes[place] {
            throw link.error(
                .communication, about: peer,
                "sent \(count) bytes where \(sizes[place]) were expected: the processes do not "
                    + "carry out the same work")
        }
        ended += 1
        return true
    }
}
