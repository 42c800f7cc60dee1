import FileTestSupport
import Foundation
import StrictYAML
import Testing

@Suite("Files")
struct FileTests {
    private func errorText(_ url: URL) -> String {
        do throws(ConfigurationError) {
            _ = try ConfigurationDocument(contentsOf: url)
            return "no error"
        } catch {
            return error.description
        }
    }

    private func withFile(_ bytes: some Sequence<UInt8>, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "strict.yaml")
            try Data(bytes).write(to: url)
            try body(url)
        }
    }

    @Test("A file is read, and errors name it as it was written")
    func readable() throws {
        try withFile("a: 1\n".utf8) { url in
            let root = try ConfigurationDocument(contentsOf: url).root
            #expect(try root.value("a", .integer()) == 1)
            #expect(root.location == .position(file: url.path, line: 1, column: 1))
        }
    }

    @Test("A missing file is an error")
    func missing() throws {
        #expect(
            errorText(URL(fileURLWithPath: "no/such.yaml"))
                == "no/such.yaml: there is no such file; check the path")
        let page = try #require(URL(string: "https://example.org/a.yaml"))
        #expect(
            errorText(page) == "https://example.org/a.yaml: there is no such file; check the path")
    }

    @Test("A directory is an error")
    func directory() {
        let url = FileManager.default.temporaryDirectory
        #expect(
            errorText(url) == "\(url.relativePath): this is a directory; name a YAML file in it")
    }

    // Not even an administrator can read the start of this file, which only Linux has.
    @Test(
        "A file that cannot be read is an error",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem")))
    func unreadable() {
        let url = URL(fileURLWithPath: "/proc/self/mem")
        #expect(
            errorText(url)
                == "/proc/self/mem: the file cannot be read; check that it is a text file and that "
                + "its permissions let you read it")
    }

    @Test("A file or device without end is refused")
    func endless() throws {
        try withFile([UInt8](repeating: 0x23, count: 1_048_577)) { url in
            #expect(
                errorText(url)
                    == "\(url.path): the text is larger than 1 MiB, the limit for a configuration; "
                    + "keep only settings in it")
        }
        #expect(errorText(URL(fileURLWithPath: "/dev/zero")).contains("larger than 1 MiB"))
    }

    @Test("Text that is not UTF-8 is an error with its place")
    func encoding() throws {
        try withFile(Array("a: 1\né: ".utf8) + [0xC3, 0x28]) { url in
            #expect(
                errorText(url)
                    == "\(url.path):2:4: the text is not UTF-8 from here on; "
                    + "save the file as UTF-8")
        }
        try withFile([0xFF, 0xFE, 0x61, 0x00]) { url in
            #expect(errorText(url).hasPrefix("\(url.path):1:1: the text is not UTF-8"))
        }
    }
}
