import CMPI

/// Sums over the parts of all processes, in the order of a ``SummationTree``, one after the other.
///
/// Each process owns a chunk of the vector. It receives the others' nodes for its chunk, adds all
/// in the tree's order, and sends the chunk's sum to the others. Chunks are cut into pieces, so
/// that one is carried while another is added.
///
/// Source: the reduce-scatter and all-gather of Thakur, Rabenseifner and Gropp 2005,
/// doi:10.1177/1094342005051521, with a process's nodes in place of its sum.
final class Summation: Operation {
    /// Floats of a piece.
    static let piece = 1 << 16

    private let rank: Int, size: Int
    /// Parts that each process has.
    private let share: Int
    /// What this process adds alone, and what it adds of all for its chunk.
    private let own: [AdditionPlan]
    private let whole: AdditionPlan
    /// For each peer: messages of both steps, memory for them, and where its nodes begin among the
    /// sources of `whole`.
    private var peers: [Peer]
    private let scratch: UnsafeMutablePointer<Float>
    private let sources: UnsafeMutablePointer<UnsafePointer<Float>?>
    /// Floats of a piece for which memory is there.
    private var capacity = 0

    private var parts: [UnsafePointer<Float>] = []
    private var result: UnsafeMutablePointer<Float>?
    private var count = 0
    /// Pieces of this process's chunk that are added.
    private var added = 0

    private struct Peer {
        let rank: Int
        let nodes: Int
        let firstSource: Int
        var scatterOut, scatterIn, gatherOut, gatherIn: MessageStream
        var outgoing: UnsafeMutablePointer<Float>?
        var incoming: UnsafeMutablePointer<Float>?
    }

    /// - Parameter shards: Parts of all processes; a multiple of their number.
    init(shards: Int, rank: Int, size: Int) {
        (self.rank, self.size, share) = (rank, size, shards / size)
        let share = share
        let tree = SummationTree(shards: shards)
        let range = rank * share..<(rank + 1) * share
        func part(_ node: Range<Int>) -> Int? {
            node.count == 1 && range.contains(node.lowerBound)
                ? node.lowerBound - range.lowerBound : nil
        }
        own = tree.nodes(within: range).map { AdditionPlan(of: $0, source: part) }
        var given: [Range<Int>: Int] = [:]
        peers = (1..<max(size, 1)).map { offset in
            let peer = (rank + offset) % size
            let nodes = tree.nodes(within: peer * share..<(peer + 1) * share)
            let first = share + given.count
            for (index, node) in nodes.enumerated() { given[node] = first + index }
            func stream(_ tag: Tag) -> MessageStream { MessageStream(peer: peer, tag: tag) }
            return Peer(
                rank: peer, nodes: nodes.count, firstSource: first,
                scatterOut: stream(.scatter), scatterIn: stream(.scatter),
                gatherOut: stream(.gather), gatherIn: stream(.gather))
        }
        whole = AdditionPlan(of: tree.root) { part($0) ?? given[$0] }
        let places = max(own.map(\.places).max() ?? 0, whole.places, 1)
        scratch = .allocate(capacity: places * Int(CMPI_BLOCK))
        sources = .allocate(capacity: share + given.count)
        sources.initialize(repeating: nil, count: share + given.count)
    }

    deinit {
        scratch.deallocate()
        sources.deallocate()
        freeMemory()
    }

    /// Takes the next sum: `count` floats of each of this process's parts.
    func restart(
        _ parts: [UnsafePointer<Float>], into result: UnsafeMutablePointer<Float>, count: Int
    ) {
        (self.parts, self.result, self.count, added) = (parts, result, count, 0)
        for index in peers.indices {
            peers[index].scatterOut.restart()
            peers[index].scatterIn.restart()
            peers[index].gatherOut.restart()
            peers[index].gatherIn.restart()
        }
        let needed = min(Self.piece, (count + size - 1) / size)
        guard needed > capacity else { return }
        freeMemory()
        capacity = needed
        let pieces = MessageStream.window * needed
        for index in peers.indices {
            if !sendsInPlace {
                peers[index].outgoing = .allocate(capacity: pieces * own.count)
            }
            peers[index].incoming = .allocate(capacity: pieces * peers[index].nodes)
        }
    }

    func advance(_ link: Link) throws -> Progress {
        var hasAdvanced = false
        for index in peers.indices {
            if try scatter(&peers[index], link) { hasAdvanced = true }
            if try gather(&peers[index], link) { hasAdvanced = true }
        }
        let pieces = pieceCount(of: rank)
        if added < pieces, peers.allSatisfy({ $0.scatterIn.ended > added }) {
            addPiece(added)
            added += 1
            hasAdvanced = true
        }
        let isDone =
            added == pieces
            && peers.allSatisfy {
                let theirs = pieceCount(of: $0.rank)
                return $0.scatterOut.ended == theirs && $0.gatherIn.ended == theirs
                    && $0.gatherOut.ended == pieces
            }
        return isDone ? .done : hasAdvanced ? .advanced : .waiting
    }

    /// Sends this process's nodes for a peer's chunk, and receives the peer's for its own.
    private func scatter(_ peer: inout Peer, _ link: Link) throws -> Bool {
        var hasAdvanced = false
        while try peer.scatterOut.end(link) { hasAdvanced = true }
        if peer.scatterOut.begun < pieceCount(of: peer.rank), peer.scatterOut.hasRoom {
            try peer.scatterOut.send(nodes(for: peer), link)
            hasAdvanced = true
        }
        while try peer.scatterIn.end(link) { hasAdvanced = true }
        while peer.scatterIn.begun < min(pieceCount(of: rank), added + MessageStream.window) {
            let piece = peer.scatterIn.begun
            let floats = pieceRange(piece, of: rank).count * peer.nodes
            try peer.scatterIn.receive(
                .init(start: incoming(piece, peer), count: floats * 4), link)
            hasAdvanced = true
        }
        return hasAdvanced
    }

    /// Sends the pieces that are added, and receives the peer's.
    private func gather(_ peer: inout Peer, _ link: Link) throws -> Bool {
        var hasAdvanced = false
        while try peer.gatherOut.end(link) { hasAdvanced = true }
        while peer.gatherOut.begun < added, peer.gatherOut.hasRoom {
            let range = pieceRange(peer.gatherOut.begun, of: rank)
            try peer.gatherOut.send(
                .init(start: result! + range.lowerBound, count: range.count * 4), link)
            hasAdvanced = true
        }
        while try peer.gatherIn.end(link) { hasAdvanced = true }
        while peer.gatherIn.begun < pieceCount(of: peer.rank), peer.gatherIn.hasRoom {
            let range = pieceRange(peer.gatherIn.begun, of: peer.rank)
            try peer.gatherIn.receive(
                .init(start: result! + range.lowerBound, count: range.count * 4), link)
            hasAdvanced = true
        }
        return hasAdvanced
    }

    /// A single part is sent from where it lies; otherwise nodes are added first.
    private var sendsInPlace: Bool { own.count == 1 && own[0].additions.isEmpty }

    /// The next piece of this process's nodes for a peer.
    private func nodes(for peer: Peer) -> UnsafeRawBufferPointer {
        let piece = peer.scatterOut.begun
        let range = pieceRange(piece, of: peer.rank)
        if sendsInPlace {
            return .init(start: parts[0] + range.lowerBound, count: range.count * 4)
        }
        let start =
            peer.outgoing! + piece % MessageStream.window * capacity * own.count
        for (index, part) in parts.enumerated() { sources[index] = part + range.lowerBound }
        for (index, plan) in own.enumerated() {
            plan.run(
                sources, scratch: scratch, into: start + index * range.count, count: range.count)
        }
        return .init(start: start, count: own.count * range.count * 4)
    }

    /// Adds all nodes for a piece of this process's chunk.
    private func addPiece(_ piece: Int) {
        let range = pieceRange(piece, of: rank)
        for (index, part) in parts.enumerated() { sources[index] = part + range.lowerBound }
        for peer in peers {
            let start = incoming(piece, peer)
            for node in 0..<peer.nodes {
                sources[peer.firstSource + node] = UnsafePointer(start + node * range.count)
            }
        }
        whole.run(
            sources, scratch: scratch, into: result! + range.lowerBound, count: range.count)
    }

    private func incoming(_ piece: Int, _ peer: Peer) -> UnsafeMutablePointer<Float> {
        peer.incoming! + piece % MessageStream.window * capacity * peer.nodes
    }

    private func chunk(of rank: Int) -> Range<Int> {
        count * rank / size..<count * (rank + 1) / size
    }

    private func pieceCount(of rank: Int) -> Int {
        (chunk(of: rank).count + Self.piece - 1) / Self.piece
    }

    private func pieceRange(_ piece: Int, of rank: Int) -> Range<Int> {
        let chunk = chunk(of: rank)
        let start = chunk.lowerBound + piece * Self.piece
        return start..<min(start + Self.piece, chunk.upperBound)
    }

    private func freeMemory() {
        for index in peers.indices {
            peers[index].outgoing?.deallocate()
            peers[index].incoming?.deallocate()
            (peers[index].outgoing, peers[index].incoming) = (nil, nil)
        }
    }
}
