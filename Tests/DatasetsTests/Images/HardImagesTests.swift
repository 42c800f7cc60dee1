import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite(
    "Awkward, broken and hostile image files",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct HardImagesTests {
    struct Entry: Sendable {
        let file: String
        let isValid: Bool
        let means: [Double]
    }

    /// What `MANIFEST.tsv` says of each file.
    static let entries: [Entry] = {
        let path = SharedData.path("hard-images/MANIFEST.tsv")
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Entry(
                file: String(fields[0]), isValid: fields[2] == "valid",
                means: fields[6].split(separator: " ").compactMap { Double($0) })
        }
    }()

    @Test("every valid file is used, but for formats that are not trusted")
    func valid() throws {
        try withHardImages { folder in
            let images = try ImageFolder(contentsOf: folder, as: ImagePreparation(size: 16))
            let untrusted = ["palette8.bmp", "rgb.ppm", "rgb24.bmp"]
            let expected = Self.entries.filter { entry in
                entry.isValid && !untrusted.contains(entry.file) && !entry.file.hasPrefix(".")
            }
            #expect(Set(images.files) == Set(expected.map(\.file)))
            for name in untrusted {
                let reason = images.skipped.first { $0.file == name }?.reason
                #expect(reason == "it is not an image in a format that is supported")
            }
        }
    }

    @Test("every other file is skipped with a reason, hidden ones without")
    func skipped() throws {
        try withHardImages { folder in
            let images = try ImageFolder(contentsOf: folder, as: ImagePreparation(size: 16))
            let names = Set(images.skipped.map(\.file))
            for entry in Self.entries where !entry.isValid && !entry.file.hasPrefix(".") {
                #expect(names.contains(entry.file))
            }
            #expect(images.skipped.allSatisfy { !$0.reason.isEmpty })
            #expect(!(images.files + images.skipped.map(\.file)).contains { $0.hasPrefix(".") })
            #expect(
                images.skipped.contains(SkippedFile(file: "zero-byte.jpg", reason: "it is empty")))
            #expect(images.images.labels == nil)
        }
    }

    @Test("opaque images have the colours that Pillow gives, upright ones among them")
    func colours() throws {
        let names = [
            "UPPERCASE.JPG", "bilevel-1bit.png", "cmyk.jpg", "gamma-chunk.png", "grey.jpg",
            "grey16.png", "interlaced-adam7.png", "lossy.webp", "palette-4bit.png",
            "progressive.jpg", "rgb.tiff", "rgb16.png", "still.gif",
        ]
        try withTemporaryFolder { folder in
            for name in names {
                let entry = try #require(Self.entries.first { $0.file == name })
                let copy = folder.appending(path: name)
                try FileManager.default.copyItem(
                    atPath: SharedData.path("hard-images/\(name)"), toPath: copy.path)
                // At about its own shape nearly nothing is cut off.
                let images = try ImageFolder(
                    contentsOf: folder.path, as: ImagePreparation(height: 107, width: 160))
                let sums = stride(from: 0, to: 3, by: 1).map { channel in
                    stride(from: channel, to: 107 * 160 * 3, by: 3).reduce(0) {
                        $0 + Double(images.images.pixels[$1])
                    }
                }
                for (sum, mean) in zip(sums, entry.means) { #expect(abs(sum / 17120 - mean) < 6) }
                try FileManager.default.removeItem(at: copy)
            }
        }
    }

    @Test("all eight orientations come out upright", arguments: 1...8)
    func orientation(orientation: Int) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(
                atPath: SharedData.path("hard-images/exif-orientation-\(orientation).jpg"),
                toPath: folder.appending(path: "image.jpg").path)
            let images = try ImageFolder(
                contentsOf: folder.path, as: ImagePreparation(height: 32, width: 48)
            ).images
            let at = { (row: Int, column: Int) in
                (0..<3).map { Int(images.pixels[(row * 48 + column) * 3 + $0]) }
            }
            // Where it is upright the quadrants are red, green, blue and white.
            for (row, column, colour) in [
                (8, 12, [true, false, false]), (8, 36, [false, true, false]),
                (24, 12, [false, false, true]), (24, 36, [true, true, true]),
            ] {
                #expect(at(row, column).map { $0 > 110 } == colour)
            }
        }
    }

    @Test("no file takes 256 MB of memory, all of the process counted")
    func memory() async {
        await #expect(processExitsWith: .success) {
            try withHardImages { folder in
                _ = try ImageFolder(contentsOf: folder, as: ImagePreparation(size: 64), workers: 2)
            }
            exit(try peakMemory() < 256 << 20 ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }
}

/// A copy of the hard images with those whose names need an archive.
private func withHardImages(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
        let copy = folder.appending(path: "images").path
        try FileManager.default.copyItem(atPath: SharedData.path("hard-images"), toPath: copy)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy)
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "xf", SharedData.path("hard-images/odd-names.tar"), "-C", copy]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        try body(copy)
    }
}
