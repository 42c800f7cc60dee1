import FileTestSupport
import Files
import Foundation
import Testing

@testable import Runs

@Suite("Run folders")
struct RunFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var runs: URL { folder.file("runs") }

    @Test("New runs take the smallest free number, whatever holds the others")
    func numbering() throws {
        #expect(try RunFolder.create(named: "mnist", in: runs).url.lastPathComponent == "mnist-1")
        try Data().write(to: runs.appendingPathComponent("mnist-2"))
        try FileManager.default.createSymbolicLink(
            atPath: runs.appendingPathComponent("mnist-3").path, withDestinationPath: "nowhere")
        try FileManager.default.createDirectory(
            at: runs.appendingPathComponent("mnist-5"), withIntermediateDirectories: false)
        #expect(try RunFolder.create(named: "mnist", in: runs).url.lastPathComponent == "mnist-4")
        #expect(try RunFolder.create(named: "mnist", in: runs).url.lastPathComponent == "mnist-6")
    }

    @Test(
        "A name that does not suit a folder is made to",
        arguments: [
            ("../my runs/é.yaml", "my-runs--.yaml-1"), ("", "run-1"), ("--x", "x-1"),
            (String(repeating: "a", count: 500), String(repeating: "a", count: 100) + "-1"),
        ])
    func names(_ name: String, _ expected: String) throws {
        #expect(try RunFolder.create(named: name, in: runs).url.lastPathComponent == expected)
    }

    @Test("A folder is free for a run until one has begun there")
    func vacancy() throws {
        let place = runs.appendingPathComponent("a", isDirectory: true)
        #expect(try RunFolder.isVacant(place))
        let run = try RunFolder.create(at: place)
        #expect(try RunFolder.isVacant(place))
        try Data().write(to: run.url(of: RunLock.path))
        try RunRecord(begun: nil).write(in: run)
        #expect(try RunFolder.isVacant(place))
        #expect(try RunFolder.create(at: place) == run)
        var record = RunRecord(begun: nil)
        record.isProgrammed = true
        try record.write(in: run)
        #expect(try !RunFolder.isVacant(place))
        try RunRecord(begun: nil).write(in: run)
        try run.write(Data("name: a".utf8), at: RunFolder.configurationPath)
        #expect(try !RunFolder.isVacant(place))
        let file = runs.appendingPathComponent("file")
        try Data().write(to: file)
        #expect(try !RunFolder.isVacant(file))
    }

    @Test("Threads that create runs at once get different folders")
    func concurrentThreads() async throws {
        let runs = runs
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                group.addTask { try RunFolder.create(named: "a", in: runs).url.path }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(paths).count == 40)
        #expect(try FileManager.default.contentsOfDirectory(atPath: runs.path).count == 40)
    }

    @Test("Processes that create runs at once get different folders")
    func concurrentProcesses() async throws {
        let path = runs.path
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        let runs = URL(fileURLWithPath: path)
                        for _ in 0..<20 {
                            let run = try RunFolder.create(named: "a", in: runs)
                            try run.write(Data("x".utf8), at: "config.yaml")
                        }
                    }
                }
            }
        }
        let expected = (1...60).map { "a-\($0)" }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: path)) == Set(expected))
    }

    @Test("A chosen folder is made with those above it, or used when it is empty")
    func chosenFolder() throws {
        let url = folder.file("x/y/z")
        let run = try RunFolder.create(at: url)
        #expect(Folder.isFolder(url.path))
        #expect(try RunFolder.create(at: url) == run)
    }

    @Test("A chosen folder that holds anything is refused and left as it is")
    func notEmpty() throws {
        try Data("mine".utf8).write(to: folder.file(".hidden"))
        let error = #expect(throws: RunFailure.self) { try RunFolder.create(at: folder.url) }
        #expect(error == .notEmpty(path: folder.url.path))
        #expect(error?.description.contains("choose another one for the run or remove it") == true)
        #expect(try folder.entries() == [".hidden"])
    }

    @Test("A folder that cannot be made is refused at once")
    func cannotBeMade() throws {
        try Data().write(to: folder.file("file"))
        for url in [folder.file("file/x"), folder.file("file/x/y"), folder.file("file")] {
            let error = #expect(throws: FileFailure.self) { try RunFolder.create(at: url) }
            #expect(error?.reason == .notAFolder)
            #expect(error?.action == .createFolder)
        }
        #expect(throws: FileFailure.self) {
            try RunFolder.create(named: "a", in: folder.file("file"))
        }
        // Not even the superuser can make a folder there.
        #expect(throws: FileFailure.self) {
            try RunFolder.create(at: URL(fileURLWithPath: "/proc/self/x"))
        }
    }

    @Test(
        "A folder without permission to write is refused at once",
        .enabled(if: geteuid() != 0, "the superuser may write anywhere"))
    func noPermission() throws {
        try FileManager.default.createDirectory(
            at: folder.file("locked"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o555])
        for url in [folder.file("locked"), folder.file("locked/x")] {
            let error = #expect(throws: FileFailure.self) { try RunFolder.create(at: url) }
            #expect(error?.reason == .permissionDenied)
        }
    }

    @Test("Files are written with the folders they need, and read back")
    func files() throws {
        let run = try RunFolder.create(at: folder.file("run"))
        try run.write(Data("<svg/>".utf8), at: "figures/loss.svg")
        try run.write(Data("<svg></svg>".utf8), at: "figures/loss.svg")
        let writer = try run.writer(at: "checkpoints/step-1.safetensors")
        try writer.append(Data("x".utf8))
        try writer.commit()
        #expect(try run.read("figures/loss.svg") == Data("<svg></svg>".utf8))
        #expect(try folder.content("run/checkpoints/step-1.safetensors") == "x")
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.url.path).count == 2)
    }

    @Test(
        "Paths that lead out of the run are refused",
        arguments: ["", "/etc/x", "../x", "a/../../x", "a//b", "a/", ".", "a\0b"])
    func invalidPaths(_ path: String) throws {
        let run = try RunFolder.create(at: folder.file("run"))
        #expect(throws: RunFailure.invalidPath(path)) { try run.write(Data(), at: path) }
    }

    @Test("A run opens when it has a configuration, and otherwise says what is missing")
    func opening() throws {
        let run = try RunFolder.create(at: folder.file("run"))
        #expect(throws: RunFailure.notARun(path: run.url.path)) { try RunFolder(opening: run.url) }
        try run.write(Data("a: 1".utf8), at: RunFolder.configurationPath)
        #expect(try RunFolder(opening: run.url).read("config.yaml") == Data("a: 1".utf8))
        let missing = #expect(throws: FileFailure.self) {
            try RunFolder(opening: folder.file("none"))
        }
        #expect(missing?.reason == .notFound)
        let file = folder.file("run/config.yaml")
        let sentence =
            "\(file.path.quoted) is a file; give the folder of a run, such as runs/NAME-1."
        #expect(throws: RunFailure.unusable(sentence)) { try RunFolder(opening: file) }
    }
}
