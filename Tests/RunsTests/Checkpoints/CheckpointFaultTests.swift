import ArrayFiles
import FileTestSupport
import Files
import Foundation
import Testing

@testable import Runs

@Suite("Checkpoints that are damaged, killed or cut off")
struct CheckpointFaultTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
        try run.write(Data("a: 1".utf8), at: RunFolder.configurationPath)
    }

    private func url(_ step: Int) -> URL {
        run.url.appendingPathComponent("checkpoints/step-\(step).safetensors")
    }

    @Test("The newest valid checkpoint is taken, with a sentence about each one passed over")
    func fallsBack() throws {
        let store = try CheckpointStore(in: run, keeping: .init(last: 2))
        for step in 1...2 { try store.write(CheckpointTests.sample(step: step)) }
        try Data().write(to: url(3))
        try Safetensors.write([("a", [1], [1])], to: url(4))
        try FileManager.default.copyItem(at: url(2), to: url(5))
        var flipped = try Data(contentsOf: url(2))
        flipped[flipped.count - 60] ^= 1
        try flipped.write(to: url(2))
        try FileManager.default.createDirectory(at: url(6), withIntermediateDirectories: false)
        let (file, notes) = try store.latest()
        #expect(file?.step == 1)
        #expect(notes.count == 5 && notes.allSatisfy { $0.hasSuffix(".") && !$0.contains("\n") })
        // Damaged ones are neither counted nor removed.
        try store.write(CheckpointTests.sample(step: 7))
        #expect(try store.list().map(\.step) == [2, 3, 4, 5, 6, 7])
        #expect(try store.latest().checkpoint?.step == 7)
    }

    @Test("Every changed byte and every truncation is noticed")
    func everyByte() throws {
        let store = try CheckpointStore(in: run)
        try store.write(CheckpointTests.sample(step: 1, loss: 1))
        let data = try Data(contentsOf: url(1))
        for index in data.indices {
            var changed = data
            changed[index] ^= 1
            #expect(throws: (any Error).self, "byte \(index)") {
                try CheckpointFile(SafetensorsFile(data: changed)).verify()
            }
            #expect(throws: (any Error).self) {
                try CheckpointFile(SafetensorsFile(data: data.prefix(index))).verify()
            }
        }
        try CheckpointFile(SafetensorsFile(data: data)).verify()
    }

    @Test("A checkpoint of a newer version is refused by name")
    func newerVersion() throws {
        let data = try Safetensors.encode(
            [], metadata: ["format": CheckpointFormat.name, "version": "2"])
        #expect(throws: CheckpointFailure.newerVersion(path: "data")) {
            try CheckpointFile(SafetensorsFile(data: data))
        }
    }

    @Test("A file with holes that claims to be huge is refused before it is read")
    func huge() throws {
        let count = 1 << 40
        let head = try Safetensors.head(
            [("a", .float32, [count]), (CheckpointFormat.checks, .uint32, [2])],
            metadata: [
                "format": CheckpointFormat.name, "version": "1", "step": "9", "configuration": "",
                "configurationHash": Checkpoint.hash(ofConfiguration: ""),
            ], path: nil)
        let file = folder.file("huge.safetensors")
        try head.write(to: file)
        try #require(truncate(file.path, off_t(head.count + 4 * count + 8)) == 0)
        #expect(throws: CheckpointFailure.self) { try CheckpointFile(contentsOf: file) }
    }

    @Test("A full disk leaves the earlier checkpoints, and nothing else")
    func fullDisk() throws {
        try SmallDisk.withFolder(bytes: 1 << 20) { folder in
            let run = try RunFolder.create(named: "a", in: folder)
            let store = try CheckpointStore(in: run)
            for step in 1...2 { try store.write(CheckpointTests.sample(step: step, size: 60_000)) }
            for step in 3...5 {
                let failure = #expect(throws: FileFailure.self) {
                    try store.write(CheckpointTests.sample(step: step, size: 200_000))
                }
                #expect(failure?.reason == .diskFull)
            }
            #expect(try store.latest().checkpoint?.step == 2)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: run.url.appendingPathComponent("checkpoints").path)
            #expect(names.count == 2)
            // With room again, the training goes on.
            try store.write(CheckpointTests.sample(step: 3))
        }
    }

    @Test("A file beyond the process's size limit leaves the earlier checkpoints")
    func sizeLimit() async throws {
        let store = try CheckpointStore(in: run)
        try store.write(CheckpointTests.sample(step: 1))
        await #expect(processExitsWith: .success) { [path = run.url.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let store = try CheckpointStore(in: RunFolder(opening: URL(fileURLWithPath: path)))
            do {
                try store.write(CheckpointTests.sample(step: 2, size: 100_000))
                exit(2)
            } catch let failure as FileFailure {
                exit(failure.reason == .fileTooLarge ? EXIT_SUCCESS : 3)
            }
        }
        #expect(try store.list().map(\.step) == [1])
        #expect(try store.latest().notes.isEmpty)
    }
}
