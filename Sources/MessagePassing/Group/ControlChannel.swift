/// A message that keeps the group together.
enum ControlMessage {
    /// The sender is alive.
    case beat
    /// The work of all has ended.
    case failure(MessagePassingError)
    /// Somebody wants the work to stop.
    case stop
    /// The sender wants to leave; all may; the sender has nothing more to say.
    case leaving, release, farewell

    /// At most so many bytes are sent at once by every MPI, without the receiver's help.
    static let limit = 1024

    var bytes: [UInt8] {
        switch self {
        case .beat: return [1]
        case .stop: return [2]
        case .leaving: return [3]
        case .release: return [4]
        case .farewell: return [5]
        case .failure(let error):
            let rank = UInt32(bitPattern: Int32(error.rank ?? -1))
            let host = Array((error.host ?? "").utf8.prefix(255))
            let head = [6, error.cause.rawValue] + (0..<4).map { UInt8(rank >> ($0 * 8) & 255) }
            return Array(
                (head + [UInt8(host.count)] + host + error.description.utf8)
                    .prefix(Self.limit))
        }
    }

    init?(_ bytes: [UInt8]) {
        switch bytes.first {
        case 1: self = .beat
        case 2: self = .stop
        case 3: self = .leaving
        case 4: self = .release
        case 5: self = .farewell
        case 6:
            guard bytes.count >= 7, let cause = MessagePassingError.Cause(rawValue: bytes[1]),
                bytes.count >= 7 + Int(bytes[6])
            else { return nil }
            let number = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[2 + $1]) << ($1 * 8) }
            let rank = Int(Int32(bitPattern: number))
            let host = String(decoding: bytes[7..<7 + Int(bytes[6])], as: UTF8.self)
            self = .failure(
                MessagePassingError(
                    cause, rank: rank < 0 ? nil : rank, host: host.isEmpty ? nil : host,
                    String(decoding: bytes[(7 + Int(bytes[6]))...], as: UTF8.self)))
        default: return nil
        }
    }
}

/// Control messages under way, for the communication thread.
final class ControlChannel {
    private struct Parcel {
        let peer: Int
        let bytes: UnsafeMutableRawBufferPointer
        var request: Request
    }

    private let link: Link
    private var outgoing: [Parcel] = []
    private var incoming: Parcel?

    init(_ link: Link) { self.link = link }

    /// Whether nothing that was sent is still under way.
    var isFlushed: Bool { outgoing.isEmpty }

    /// Sends a message; a beat only where the last message to that process has gone.
    ///
    /// What fails is dropped: silence tells of it.
    func send(_ message: ControlMessage, to peer: Int) {
        if case .beat = message, outgoing.contains(where: { $0.peer == peer }) { return }
        let content = message.bytes
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 8)
        bytes.copyBytes(from: content)
        guard
            let request = try? link.transport.send(.init(bytes), to: peer, tag: .control)
        else { return bytes.deallocate() }
        outgoing.append(Parcel(peer: peer, bytes: bytes, request: request))
    }

    /// Sees what has gone, and returns the next message that has come.
    func next() throws(TransportFailure) -> (sender: Int, message: ControlMessage)? {
        outgoing.removeAll { parcel in
            var request = parcel.request
            // An error ends a request too.
            do { if try link.transport.finished(&request) == nil { return false } } catch {}
            parcel.bytes.deallocate()
            return true
        }
        if incoming == nil, let (sender, count) = try link.transport.arrived(.control) {
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
            let request = try link.transport.receive(bytes, from: sender, tag: .control)
            incoming = Parcel(peer: sender, bytes: bytes, request: request)
        }
        guard var parcel = incoming, try link.transport.finished(&parcel.request) != nil else {
            return nil
        }
        defer { parcel.bytes.deallocate() }
        incoming = nil
        return ControlMessage(Array(parcel.bytes)).map { (parcel.peer, $0) }
    }
}
