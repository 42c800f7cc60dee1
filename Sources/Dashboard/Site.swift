import Datasets
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Runs
import Synchronization

/// What there is to read, by its address.
struct Site: Sendable {
    private let catalogue: RunCatalogue
    private let curves = CurveCache()
    private let list: Feed<ListNews>
    private let feeds = Feeds()
    private let followers = Followers()

    init(_ catalogue: RunCatalogue) {
        self.catalogue = catalogue
        list = Feed(every: .seconds(1)) { ListNews(catalogue) }
    }

    /// Answers a request, or says that there is nothing of its address.
    @Sendable func respond(
        to request: Request, context: PageContext
    ) async throws -> Response {
        let parts = try Self.parts(of: request.uri.path)
        switch parts.first {
        case nil:
            return .of(
                await Work.shared.run { [catalogue] in ListPage.html(catalogue.all()) }, html)
        case "assets" where parts.count == 2:
            guard let asset = Asset.all[parts[1]] else { throw HTTPError(.notFound) }
            return Self.answer(
                .init(byteBuffer: asset.bytes), asset.type, mark: asset.mark, to: request)
        case "runs.json" where parts.count == 1:
            return try await json { [catalogue] in ["runs": catalogue.all()] }
        case "events" where parts.count == 1:
            return try await follow(list, since: nil, request)
        case "compare" where parts.count == 1:
            let runs = try await compared(request)
            return .of(try await Work.shared.run { try ComparisonPage(runs).html }, html)
        case "compare.json" where parts.count == 1:
            let runs = try await compared(request)
            return try await json { try ComparisonPage(runs).groups }
        case "runs": return try await run(parts.dropFirst(), request, context)
        default: throw HTTPError(.notFound)
        }
    }

    private let html = "text/html; charset=utf-8"

    /// What there is of one run.
    private func run(
        _ parts: ArraySlice<String>, _ request: Request, _ context: PageContext
    ) async throws -> Response {
        let place = try await Work.shared.run { [catalogue] in try catalogue.run(at: parts) }
        guard let (id, run, rest) = place else {
            throw HTTPError(.notFound, message: RunGone().description)
        }
        let after = request.uri.queryParameters["after"].flatMap { Int($0) }
        switch (rest.first, rest.count) {
        case (nil, _):
            let page = try await Work.shared.run { [curves] in
                try LivePage.html(id, run, curves.curves(of: id, run.folder))
            }
            return .of(page, html)
        case ("run.json", 1):
            return try await json { [curves] in
                try RunDetails(id, run, curves.curves(of: id, run.folder))
            }
        case ("frames.json", 1): return try await json { try RunFrames(run, after: after) }
        case ("histograms.json", 1): return try await json { RunHistograms(run) }
        case ("events", 1):
            let last = request.headers[.init("Last-Event-ID")!].flatMap { Int($0) } ?? after
            return try await follow(feeds.feed(id, in: catalogue), since: last, request)
        case ("files", 3...):
            let path = Array(rest.dropFirst())
            guard let picture = try await Work.shared.run({ try Picture(path, of: run.folder) })
            else { throw HTTPError(.notFound) }
            return Self.answer(
                picture.body(settling: context.settle), picture.type, mark: picture.mark,
                to: request)
        default: throw HTTPError(.notFound)
        }
    }

    /// The parts of an address's path, decoded.
    ///
    /// None of them ever becomes part of a file's path unless a folder has such a name.
    private static func parts(of path: String) throws -> [String] {
        try path.split(separator: "/").map { part in
            guard let decoded = String(part).removingPercentEncoding,
                !decoded.contains(where: { $0 == "/" || $0 == "\0" }),
                decoded != ".", decoded != ".."
            else { throw HTTPError(.notFound) }
            return decoded
        }
    }

    private func compared(_ request: Request) async throws -> [(id: String, run: WatchedRun)] {
        let ids = request.uri.queryParameters.getAll("run").map { String($0) }
        guard (1...Limits.comparedRuns).contains(ids.count) else {
            throw HTTPError(
                .badRequest, message: "Name 1 to \(Limits.comparedRuns) runs: ?run=a&run=b.")
        }
        let runs = await Work.shared.run { [catalogue] in
            ids.map { id in catalogue.run(id).map { (id: id, run: $0) } }
        }
        if let missing = zip(ids, runs).first(where: { $0.1 == nil })?.0 {
            throw HTTPError(.notFound, message: "There is no run \(missing.quoted).")
        }
        return runs.compactMap { $0 }
    }

    private func json<Value: Encodable & SendableMetatype>(
        _ value: @escaping @Sendable () throws -> Value
    ) async throws -> Response {
        let text = try await Work.shared.run {
            String(decoding: try JSONEncoder.plain.encode(value()), as: UTF8.self)
        }
        return .of(text, "application/json")
    }

    /// Bytes that a reader may have already.
    private static func answer(
        _ body: ResponseBody, _ type: String, mark: String, to request: Request
    ) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-cache", .eTag: mark]
        guard request.headers[.ifNoneMatch] != mark else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.acceptRanges] = "none"
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Tells the news of a feed for as long as they are read.
    private func follow<Source: FeedSource>(
        _ feed: Feed<Source>, since last: Int?, _ request: Request
    ) async throws -> Response {
        guard let place = followers.place() else {
            throw HTTPError(.serviceUnavailable, message: "Too many pages are open.")
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        guard request.method == .get else { return Response(status: .ok, headers: headers) }
        return Response(
            status: .ok, headers: headers,
            body: .init { writer in
                let (stream, reader) = Feed<Source>.stream()
                defer {
                    reader.finish()
                    withExtendedLifetime(place) {}
                }
                try await feed.add(reader, since: last)
                try await request.body.consumeWithInboundCloseHandler { _ in
                    for await bytes in stream { try await writer.write(bytes) }
                } onInboundClosed: {
                    reader.finish()
                }
                try await writer.finish(nil)
            })
    }
}

/// How many readers are kept up to date.
private final class Followers: Sendable {
    private let count = Mutex(0)

    /// A place among those that are, until it is let go of; nil where there is none left.
    func place() -> Place? {
        count.withLock { count in
            guard count < Limits.followers else { return nil }
            count += 1
            return Place(of: self)
        }
    }

    final class Place: Sendable {
        private let followers: Followers
        fileprivate init(of followers: Followers) { self.followers = followers }
        deinit { followers.count.withLock { $0 -= 1 } }
    }
}

/// The feeds of single runs.
private final class Feeds: Sendable {
    private let feeds = Mutex<[String: Feed<RunNews>]>([:])

    func feed(_ id: String, in catalogue: RunCatalogue) -> Feed<RunNews> {
        feeds.withLock { feeds in
            if let feed = feeds[id] { return feed }
            let feed = Feed(every: .seconds(1)) { try RunNews(id, in: catalogue) }
            feeds[id] = feed
            return feed
        }
    }
}

/// A picture in a run's folder, which is read as it is sent.
struct Picture: Sendable {
    let type: String
    /// Changes when the file does.
    let mark: String
    private let file: ReadableFile

    private static let folders = ["samples", "panels", "figures"]
    private static let types = [
        "png": "image/png", "gif": "image/gif", "svg": "image/svg+xml", "webp": "image/webp",
        "pdf": "application/pdf",
    ]
    private static let pieceBytes = 256 << 10

    /// - Parameter path: The names of a folder of pictures and of a file in it.
    /// - Returns: Nil where there is no such picture, or it is a link: that may lead anywhere.
    init?(_ path: [String], of run: RunFolder) throws {
        guard path.count == 2, Self.folders.contains(path[0]), !path[1].hasPrefix("."),
            let type = Self.types[(path[1] as NSString).pathExtension]
        else { return nil }
        let folder = try run.url(of: path[0])
        guard let file = try? ReadableFile(path[1], itselfIn: folder.path),
            file.count <= Limits.pictureBytes
        else { return nil }
        (self.type, self.file) = (type, file)
        let mark = try file.mark()
        self.mark = "\"\(mark.size)-\(mark.time)\""
    }

    /// Holds a piece at a time, however slowly it is read.
    func body(settling settle: @escaping @Sendable () async throws -> Void) -> ResponseBody {
        ResponseBody(contentLength: file.count) { [file] writer in
            for start in stride(from: 0, to: file.count, by: Self.pieceBytes) {
                let count = min(Self.pieceBytes, file.count - start)
                let bytes = try await Work.shared.run { try file.read(at: start, count: count) }
                try await writer.write(ByteBuffer(bytes: bytes))
                try await settle()
            }
            try await writer.finish(nil)
        }
    }
}

/// A file of the pages themselves.
struct Asset: Sendable {
    let bytes: ByteBuffer
    let type: String
    let mark: String

    /// By their names.
    static let all: [String: Asset] = [
        "watch.css": Asset(
            Array(HTMLWriter.styleSheet.utf8) + PackageResources.watch_css,
            "text/css; charset=utf-8"),
        "animation.js": script(PackageResources.animation_js),
        "board.js": script(PackageResources.board_js),
        "chart.js": script(PackageResources.chart_js),
        "comparison.js": script(PackageResources.comparison_js),
        "curve.js": script(PackageResources.curve_js),
        "elements.js": script(PackageResources.elements_js),
        "feed.js": script(PackageResources.feed_js),
        "histograms.js": script(PackageResources.histograms_js),
        "list.js": script(PackageResources.list_js),
        "player.js": script(PackageResources.player_js),
        "plot.js": script(PackageResources.plot_js),
        "row.js": script(PackageResources.row_js),
        "run.js": script(PackageResources.run_js),
        "samples.js": script(PackageResources.samples_js),
        "scale.js": script(PackageResources.scale_js),
        "status.js": script(PackageResources.status_js),
        "watch.js": script(PackageResources.watch_js),
        "words.js": script(PackageResources.words_js),
    ]

    private static func script(_ content: [UInt8]) -> Asset {
        Asset(content, "text/javascript; charset=utf-8")
    }

    private init(_ content: [UInt8], _ type: String) {
        (bytes, self.type) = (ByteBuffer(bytes: content), type)
        mark = "\"\(XXH64.digits(of: content))\""
    }
}
