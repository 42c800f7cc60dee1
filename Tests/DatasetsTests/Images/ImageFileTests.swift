import Datasets
import FileTestSupport
import Foundation
import Testing

@Suite("Single image files")
struct ImageFileTests {
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    private func file(_ name: String) throws -> ImageFile {
        try ImageFile(at: Self.fixtures.appending(path: name).path)
    }

    @Test(
        "grey is told from colour, and transparency does not count",
        arguments: [("grey.png", 1), ("grey-alpha.png", 1), ("rgb.png", 3), ("rgba.png", 3)])
    func channels(name: String, channels: Int) throws {
        #expect(try file(name).channels == channels)
    }

    @Test("the size is that of the upright picture")
    func orientation() throws {
        let (turned, upright) = (try file("orientation-6.jpg"), try file("orientation-3.jpg"))
        #expect((turned.height, turned.width) != (turned.width, turned.height))
        #expect(try turned.pixels(channels: 3).count == turned.height * turned.width * 3)
        #expect(try upright.pixels(channels: 1).count == upright.height * upright.width)
    }

    @Test("a file at its own size is what a folder makes of it at that size")
    func sameAsFolder() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        for name in ["rgb.png", "baseline.jpg", "palette.png"] {
            let copy = folder.appending(path: name)
            try FileManager.default.copyItem(at: Self.fixtures.appending(path: name), to: copy)
            let file = try ImageFile(at: copy.path)
            let images = try ImageFolder(
                contentsOf: folder.path,
                as: ImagePreparation(height: file.height, width: file.width))
            #expect(try file.pixels(channels: 3) == images.images.pixels, "\(name)")
            try FileManager.default.removeItem(at: copy)
        }
        #expect(try ImageFile.names(in: folder.path).isEmpty)
    }

    @Test("what is no image is refused in one sentence")
    func refusals() throws {
        for name in ["references.tsv", "absent.png", "."] {
            #expect(throws: ImageFileError.self) { try file(name) }
        }
        let error = #expect(throws: ImageFileError.self) { try file("references.tsv") }
        #expect(error?.description.contains("not an image in a format that is supported") == true)
    }
}
