import FetchTestSupport
import FileTestSupport
import Files
import Foundation
import Testing

@testable import Datasets

@Suite(
    "Fetching data sets",
    .enabled(if: UnreliableServer.isPossible, "there is no python3 to serve files with"))
struct DatasetFetcherTests {
    private let client = UUID()
    private let server: UnreliableServer
    private let folder: URL
    private var target: String { folder.appending(path: "fetched/here").path }
    private var path: String { target + "/data.bin" }
    private var partial: String { target + "/.data.bin.partial" }

    /// The file that the server has, by its true checksum.
    private static let file: PublishedFile = {
        let sum = SHA256()
        UnreliableServer.content.withUnsafeBytes { sum.add($0) }
        return PublishedFile(
            name: "data.bin", byteCount: UnreliableServer.content.count, sha256: sum.digest())
    }()

    init() throws {
        // Whatever proxy the machine has, it is not for the loopback.
        setenv("no_proxy", "127.0.0.1", 1)
        server = try UnreliableServer.shared.get()
        folder = server.folder.appending(path: "\(client)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func mirror(_ conduct: String) -> String { server.mirror(conduct, for: client) }

    private func ranges(_ conduct: String) -> [String] { server.ranges(conduct, of: client) }

    private func fetch(
        _ conducts: String..., attempts: Int = 4,
        progress: (DatasetFetcher.Progress) throws -> Void = { _ in }
    ) throws {
        let dataset = PublishedDataset(
            name: "data", files: [Self.file], mirrors: conducts.map { mirror($0) })
        let fetcher = try DatasetFetcher(
            dataset, into: target,
            patience: .init(attempts: attempts, pause: .milliseconds(1), stallSeconds: 1))
        #expect(try fetcher.fetch(progress: progress) == [path])
    }

    private func failure(_ conducts: String..., attempts: Int = 3) -> FetchError? {
        do {
            let mirrors = conducts.map { mirror($0) }
            let dataset = PublishedDataset(name: "data", files: [Self.file], mirrors: mirrors)
            try DatasetFetcher(
                dataset, into: target,
                patience: .init(attempts: attempts, pause: .milliseconds(1), stallSeconds: 1)
            ).fetch()
            return nil
        } catch {
            return error as? FetchError
        }
    }

    private var isWhole: Bool {
        FileManager.default.contents(atPath: path) == UnreliableServer.content
            && !FileManager.default.fileExists(atPath: partial)
    }

    @Test("a file is fetched once, and afterwards only checked")
    func once() throws {
        var received: [Int] = []
        try fetch("good") { received.append($0.received) }
        #expect(isWhole && received == received.sorted() && received.last == 50_000)
        try fetch("good")
        #expect(ranges("good") == [""])
        // One that was damaged meanwhile is fetched again.
        try Data(repeating: 1, count: 50_000).write(to: URL(filePath: path))
        try fetch("good")
        #expect(isWhole && ranges("good").count == 2)
    }

    @Test("a connection that drops is taken up where it broke")
    func drops() throws {
        try fetch("drop")
        #expect(isWhole)
        #expect(ranges("drop") == ["", "bytes=16667-", "bytes=33334-"])
    }

    @Test("a later call goes on from what an earlier one left")
    func resumption() throws {
        #expect(failure("drop", attempts: 1)?.isPassing == true)
        try fetch("good")
        #expect(isWhole && ranges("good") == ["bytes=16667-"])
    }

    @Test("a server without ranges starts over, and is given up where it never gets further")
    func rangeless() throws {
        guard case .interrupted(_, 16_667, 50_000, _) = failure("rangeless-drop") else {
            Issue.record("a third of the file was taken for something else")
            return
        }
        #expect(ranges("rangeless-drop") == ["", "bytes=16667-", "bytes=16667-"])
        try fetch("rangeless")
        #expect(isWhole && ranges("rangeless") == ["bytes=16667-"])
    }

    @Test("a range that was not asked for is not believed")
    func liar() throws {
        _ = failure("drop", attempts: 1)
        try fetch("liar", "liar")
        #expect(isWhole && ranges("liar") == ["bytes=16667-", ""])
    }

    @Test("slow servers are waited for, stalled ones are not")
    func patience() throws {
        try fetch("slow")
        #expect(isWhole)
        try FileManager.default.removeItem(atPath: path)
        guard case .interrupted(_, 10, 50_000, _) = failure("stall", attempts: 1) else {
            Issue.record("a stalled server was taken for something else")
            return
        }
    }

    @Test("redirections are followed, but not to files, and not for ever")
    func redirections() throws {
        try fetch("moved")
        #expect(isWhole)
        try FileManager.default.removeItem(atPath: path)
        for conduct in ["elsewhere", "around"] {
            #expect(failure(conduct) != nil)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("wrong, longer and shorter files are refused", arguments: ["wrong", "long", "short"])
    func wrongBytes(conduct: String) {
        let address = mirror(conduct) + "/data.bin"
        #expect(failure(conduct) == .wrongBytes(address: address))
        #expect(ranges(conduct) == [""])
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("another mirror is asked where one fails")
    func mirrors() throws {
        try fetch("missing", "wrong", "good")
        #expect(isWhole)
        // What a bad mirror sent before is not mixed with what a good one has.
        try FileManager.default.removeItem(atPath: path)
        try Data(repeating: 7, count: 300).write(to: URL(filePath: partial))
        try fetch("good")
        #expect(isWhole && ranges("good").suffix(2) == ["bytes=300-", ""])
    }

    @Test("statuses are told apart: some are final, some worth another attempt")
    func statuses() throws {
        let missing = try #require(failure("missing"))
        #expect(missing == .status(address: mirror("missing") + "/data.bin", 404))
        #expect("\(missing)".hasSuffix("status 404; name another mirror."))
        #expect(ranges("missing").count == 1)
        #expect(failure("broken") == .status(address: mirror("broken") + "/data.bin", 503))
        #expect(ranges("broken").count == 3)
        #expect(failure("nonsense") != nil)
    }

    @Test("where nobody listens, the sentence says what to do")
    func offline() throws {
        // A port of the loopback that was free a moment ago.
        let address = "http://127.0.0.1:1/none"
        let fetcher = try DatasetFetcher(
            PublishedDataset.mnist, into: target, from: address,
            patience: .init(attempts: 2, pause: .milliseconds(1)))
        do {
            try fetcher.fetch()
            Issue.record("nothing listens there")
        } catch let error as FetchError {
            #expect("\(error)".hasPrefix(address + "/train-images-idx3-ubyte.gz cannot be reached"))
            #expect("\(error)".contains("check the network"))
        }
    }

    @Test("addresses that are not of the web are refused")
    func addresses() {
        for mirror in ["ftp://127.0.0.1", "file:///etc", "127.0.0.1/mnist", "", "http://a b"] {
            #expect(throws: FetchError.notAnAddress(mirror)) {
                try DatasetFetcher(.mnist, into: target, from: mirror)
            }
        }
    }

    @Test("folders that cannot be made or written to are named")
    func unwritable() throws {
        let file = folder.appending(path: "file").path
        try Data().write(to: URL(filePath: file))
        let fetcher = try DatasetFetcher(.mnist, into: file + "/in", from: mirror("good"))
        #expect(
            throws: FileFailure(.createFolder, path: file + "/in", reason: .notAFolder)
        ) { try fetcher.fetch() }
    }

    @Test("a full disk ends the work with the system's reason, and a later call goes on")
    func full() async throws {
        let (mirror, target, sha256) = (mirror("good"), target, Self.file.sha256)
        await #expect(processExitsWith: .exitCode(7)) {
            [mirror = mirror as String, target = target as String, sha256 = sha256 as String] in
            // A limit on the length of files stands for the disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 20_000, rlim_max: 20_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let file = PublishedFile(name: "data.bin", byteCount: 50_000, sha256: sha256)
            let dataset = PublishedDataset(name: "data", files: [file], mirrors: [mirror])
            do {
                try DatasetFetcher(dataset, into: target).fetch()
            } catch let failure as FileFailure {
                exit(failure.reason == .fileTooLarge ? 7 : 8)
            }
        }
        try fetch("good")
        #expect(isWhole && ranges("good") == ["", "bytes=20000-"])
    }

    @Test("progress that throws ends the work")
    func cancellation() throws {
        struct Ended: Error {}
        #expect(throws: Ended.self) {
            try fetch("slow") { if $0.received > 20_000 { throw Ended() } }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        try fetch("good")
        #expect(isWhole)
    }

    @Test("two at a time do not write to one file")
    func busy() throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let held = try PartialFile(for: path, Self.file)
        withExtendedLifetime(held) { #expect(failure("good") == .busy(path: path)) }
    }
}

@Suite(
    "The published files of MNIST and Fashion-MNIST",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct PublishedDatasetTests {
    @Test(
        "have the lengths and checksums that the fetcher asks for", arguments: PublishedDataset.all)
    func checksums(dataset: PublishedDataset) throws {
        #expect(dataset.files.count == 4)
        for file in dataset.files {
            #expect(PartialFile.isWhole(SharedData.path("\(dataset.name)/\(file.name)"), file))
        }
    }
}
