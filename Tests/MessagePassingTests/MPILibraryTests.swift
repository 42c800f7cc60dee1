import FileTestSupport
import Foundation
import Testing

@testable import MessagePassing

@Suite("The libraries for MPI")
struct MPILibraryTests {
    private let launcher = Launcher(environment: ["PMI_SIZE": "4", "PMI_RANK": "1"])!

    private func message(_ body: () throws -> some Any) throws -> String {
        let error = try #require(throws: MessagePassingError.self) { _ = try body() }
        #expect(error.cause == .setup)
        return "\(error)"
    }

    @Test("are asked for with what to install where they are missing")
    func missing() throws {
        try withTemporaryFolder { folder in
            #expect(try MPILibrary.opened(.openMPI, in: [folder.path]) == nil)
            let words = try message { try MPILibrary.opened(for: launcher, in: [folder.path]) }
            #expect(
                words
                    == "a launcher of MPICH has started 4 processes, but wgan's library for MPICH "
                    + "is not on this machine; install mpich and libmpich-dev, and run "
                    + "scripts/setup")
        }
    }

    @Test("are refused where they are none")
    func noLibrary() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "mpich.so").path
            try Data("no library".utf8).write(to: URL(filePath: path))
            let words = try message { try MPILibrary.opened(for: launcher, in: [folder.path]) }
            #expect(words.hasPrefix("wgan's library for MPI cannot be opened: \(path): "))
        }
    }

    @Test("are refused where they are of another version, or others' libraries")
    func others() throws {
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Support/other_version.c").path
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "mpich.so").path
            try compile(source, path)
            #expect(
                try message { try MPILibrary(path: path) }
                    == "the library \(path) has version 77 of wgan's interface to MPI, and 1 is "
                    + "needed; run scripts/setup")
            let other = folder.appending(path: "other.so").path
            try compile(source, other, "-Dswift_wgan_mpi=another_name")
            #expect(
                try message { try MPILibrary(path: other) }
                    == "the library \(other) is not one of wgan's for MPI; remove it and run "
                    + "scripts/setup")
        }
    }

    @Test("are looked for in one folder after the other", .enabled(if: MPI.isInstalled(.mpich)))
    func order() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: folder.appending(path: "mpich.so"))
            let library = try MPILibrary.opened(.mpich, in: [folder.path] + MPILibrary.folders)
            #expect(library?.version.hasPrefix("MPICH ") == true)
        }
    }

    private func compile(_ source: String, _ target: String, _ flag: String = "-O0") throws {
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["gcc", "-shared", "-fPIC", flag, source, "-o", target]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
    }
}
