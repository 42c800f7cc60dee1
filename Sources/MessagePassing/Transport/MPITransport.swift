import CMPI

/// Messages by MPI.
final class MPITransport: Transport {
    private let library: MPILibrary

    init(_ library: MPILibrary) { self.library = library }

    func start() throws(TransportFailure) -> (rank: Int, size: Int) {
        var rank: Int32 = 0
        var size: Int32 = 0
        try check(library.table.start(&rank, &size))
        return (Int(rank), Int(size))
    }

    func send(
        _ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Tag
    ) throws(TransportFailure) -> Request {
        var request: Request = 0
        try check(
            library.table.send(
                bytes.baseAddress, Int32(bytes.count), Int32(rank), tag.rawValue, &request))
        return request
    }

    func receive(
        _ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Tag
    ) throws(TransportFailure) -> Request {
        var request: Request = 0
        try check(
            library.table.receive(
                bytes.baseAddress, Int32(bytes.count), Int32(rank), tag.rawValue, &request))
        return request
    }

    func finished(_ request: inout Request) throws(TransportFailure) -> Int? {
        var isDone: Int32 = 0
        var count: Int32 = 0
        try check(library.table.test(&request, &isDone, &count))
        return isDone == 0 ? nil : Int(count)
    }

    func arrived(_ tag: Tag) throws(TransportFailure) -> (rank: Int, count: Int)? {
        var isFound: Int32 = 0
        var rank: Int32 = 0
        var count: Int32 = 0
        try check(library.table.probe(tag.rawValue, &isFound, &rank, &count))
        return isFound == 0 ? nil : (Int(rank), Int(count))
    }

    func finish() throws(TransportFailure) { try check(library.table.finish()) }

    func abort(_ code: Int32) { _ = library.table.abort(code) }

    private func check(_ error: Int32) throws(TransportFailure) {
        guard error != 0 else { return }
        throw TransportFailure(words: library.explanation(of: error))
    }
}
