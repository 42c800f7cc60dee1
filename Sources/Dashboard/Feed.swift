import Foundation
import Hummingbird

/// Something that happened, as server-sent events tell it.
///
/// Source: HTML Living Standard, section 9.2.
struct Message: Sendable {
    /// Its kind.
    let event: String
    /// One line of JSON.
    let data: String
    /// What a reader says that comes back after it; nil to leave that as it is.
    var id: Int?

    init(_ event: String, _ value: some Encodable, id: Int? = nil) throws {
        data = String(decoding: try JSONEncoder.plain.encode(value), as: UTF8.self)
        (self.event, self.id) = (event, id)
    }

    /// The bytes that are sent.
    var bytes: ByteBuffer {
        ByteBuffer(string: (id.map { "id: \($0)\n" } ?? "") + "event: \(event)\ndata: \(data)\n\n")
    }

    /// Tells a reader, and what is between, that the connection lives.
    static let heartbeat = ByteBuffer(string: ": \n\n")
}

extension JSONEncoder {
    /// Slashes as they are.
    static var plain: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Values of runs come as nil where they are not finite; nothing else may end an answer.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }
}

/// Where news come from that a feed tells.
protocol FeedSource: Sendable {
    /// What has happened since the last call. Blocks while files are read.
    mutating func news() -> [Message]
    /// Whether a new reader knows of more than was told so far.
    func isBehind(_ last: Int?) -> Bool
    /// What a new reader does not know yet of the news told so far. Blocks while files are read.
    ///
    /// - Parameter last: The id of the last message that the reader has; nil for none.
    func missed(since last: Int?) -> [Message]
}

/// Tells the same news to any number of readers, and looks for them only while there are any.
actor Feed<Source: FeedSource> {
    private let begin: @Sendable () throws -> Source
    private let interval: Duration
    private var source: Source?
    private var starting: Task<Source, any Error>?
    private var isWorking = false
    private var round: Task<Void, Never>?
    private var lastTime = ContinuousClock.now
    private var readers: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
    /// What is to be told to readers who have not been told yet what they missed.
    private var newcomers: [Int: [ByteBuffer]] = [:]
    private var nextReader = 0

    /// A reader that is so many messages behind is sent away; it comes back by itself.
    private static var mostWaiting: Int { 32 }
    private static var heartbeat: Duration { .seconds(5) }

    /// - Parameter begin: Makes a source of the news from now on. Blocks while files are read.
    init(every interval: Duration, begin: @escaping @Sendable () throws -> Source) {
        (self.interval, self.begin) = (interval, begin)
    }

    /// A stream of news for one reader.
    static func stream() -> (AsyncStream<ByteBuffer>, AsyncStream<ByteBuffer>.Continuation) {
        AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(mostWaiting))
    }

    /// Tells a reader the news from now on, after what it has missed.
    ///
    /// - Parameter last: The id of the last message that the reader has; nil for none.
    func add(_ reader: AsyncStream<ByteBuffer>.Continuation, since last: Int?) async throws {
        if !isWorking {
            let task = starting ?? Task { [begin] in try await Work.shared.run(begin) }
            starting = task
            defer { starting = nil }
            let source = try await task.value
            if !isWorking { self.source = source }
        }
        // The reader may have read what was written since the last round.
        if source?.isBehind(last) ?? false {
            await round?.value
            await look()
        }
        guard let source else { return reader.finish() }
        let number = nextReader
        nextReader += 1
        reader.onTermination = { _ in Task { await self.remove(number) } }
        reader.yield(Message.heartbeat)
        // What is told meanwhile comes after what was missed.
        newcomers[number] = []
        if !isWorking {
            isWorking = true
            Task { await self.work() }
        }
        let missed = await Work.shared.run { source.missed(since: last).map(\.bytes) }
        guard let news = newcomers.removeValue(forKey: number) else { return }
        readers[number] = reader
        for buffer in missed + news { send(buffer, to: number, reader) }
    }

    private func remove(_ reader: Int) { (readers[reader], newcomers[reader]) = (nil, nil) }

    private func work() async {
        while !readers.isEmpty || !newcomers.isEmpty {
            await look()
            try? await Task.sleep(for: interval)
        }
        isWorking = false
    }

    /// Looks for news and tells them; where that is being done, waits for its end.
    private func look() async {
        if let round { return await round.value }
        guard let former = source else { return }
        let task = Task {
            let (present, news) = await Work.shared.run {
                var source = former
                let news = source.news()
                return (source, news)
            }
            source = present
            tell(news)
            round = nil
        }
        round = task
        await task.value
    }

    private func tell(_ news: [Message]) {
        var buffers = news.map(\.bytes)
        if buffers.isEmpty, ContinuousClock.now - lastTime > Self.heartbeat {
            buffers = [Message.heartbeat]
        }
        guard !buffers.isEmpty else { return }
        lastTime = .now
        for buffer in buffers {
            for (number, reader) in readers { send(buffer, to: number, reader) }
            for number in newcomers.keys { newcomers[number]?.append(buffer) }
        }
    }

    private func send(
        _ buffer: ByteBuffer, to number: Int, _ reader: AsyncStream<ByteBuffer>.Continuation
    ) {
        guard case .dropped = reader.yield(buffer) else { return }
        reader.finish()
        readers[number] = nil
    }
}

/// Carries out work that blocks, a few pieces at a time, apart from the threads that serve.
final class Work: Sendable {
    static let shared = Work()

    private let queue: OperationQueue

    private init() {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = 4
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: body()) }
        }
    }

    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
