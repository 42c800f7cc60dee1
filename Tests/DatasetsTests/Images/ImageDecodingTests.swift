import FileTestSupport
import Foundation
import Testing

@testable import Datasets

/// A line of references.tsv, which Fixtures/make_references.py explains.
struct DecodingReference: Sendable, CustomTestStringConvertible {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path

    static let all: [DecodingReference] = {
        let text = try? String(contentsOfFile: "\(folder)/references.tsv", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map { DecodingReference(line: $0) }
    }()

    let file: String
    let preparation: ImagePreparation?
    let meanDifference: Double
    let largestDifference: Int
    let pixels: [UInt8]

    var testDescription: String {
        let shape = preparation.map { "\($0.height)×\($0.width)×\($0.channels) \($0.fit)" }
        return "\(file) as \(shape ?? "nothing")"
    }

    private init(line: Substring) {
        let fields = line.split(separator: "\t").map { String($0) }
        let background = Self.bytes(fields[5])
        file = fields[0]
        preparation = try? ImagePreparation(
            height: Int(fields[1]) ?? 0, width: Int(fields[2]) ?? 0, channels: Int(fields[3]) ?? 0,
            fit: ImagePreparation.Fit(rawValue: fields[4]) ?? .crop,
            background: .init(red: background[0], green: background[1], blue: background[2]))
        meanDifference = Double(fields[6]) ?? 0
        largestDifference = Int(fields[7]) ?? 0
        pixels = Self.bytes(fields[8])
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }
}

@Suite("Decoding image files")
struct ImageDecodingTests {
    @Test("gives the pixels that Pillow gives", arguments: DecodingReference.all)
    func references(reference: DecodingReference) throws {
        let preparation = try #require(reference.preparation)
        let pixels = try decode(reference.file, preparation)
        try #require(pixels.count == reference.pixels.count)
        let differences = zip(pixels, reference.pixels).map { abs(Int($0) - Int($1)) }
        let mean = Double(differences.reduce(0, +)) / Double(differences.count)
        #expect(mean <= reference.meanDifference)
        #expect(differences.max() ?? 0 <= reference.largestDifference)
    }

    @Test("the references cover formats, fits and numbers of channels")
    func coverage() {
        let references = DecodingReference.all
        #expect(references.count >= 26)
        let endings = Set(references.map { URL(filePath: $0.file).pathExtension })
        #expect(endings == ["png", "jpg", "webp", "gif", "tiff"])
        #expect(Set(references.compactMap { $0.preparation?.fit }).count == 2)
        #expect(Set(references.compactMap { $0.preparation?.channels }) == [1, 3])
    }

    @Test("an image larger than allowed is refused by its header")
    func limit() throws {
        let small = try ImagePreparation(height: 4, width: 4, decodedBytes: 48 * 80 * 3 - 1)
        #expect(try reason("wide.jpg", small).contains("80 x 48 pixels would take more than"))
        _ = try decode("wide.jpg", ImagePreparation(height: 4, width: 4, decodedBytes: 48 * 80 * 3))
        // A progressive JPEG needs its coefficients too.
        let tight = try ImagePreparation(height: 4, width: 4, decodedBytes: 3 * 8 * 12 * 3 - 1)
        #expect(try reason("progressive.jpg", tight).contains("would take more than"))
        _ = try decode("baseline.jpg", tight)
    }

    @Test("sizes and channels out of range are refused with the range")
    func preparations() {
        for (height, width, channels) in [(0, 1, 3), (1, 4097, 3), (8, 8, 2), (-1, 8, 1)] {
            #expect(
                throws: ImageFolderError.preparation(
                    height: height, width: width, channels: channels)
            ) {
                try ImagePreparation(height: height, width: width, channels: channels)
            }
        }
        #expect(
            "\(ImageFolderError.preparation(height: 0, width: 1, channels: 3))"
                .contains("from 1 to 4096"))
    }

    @Test("files cut at any length are used or skipped, and never end the process")
    func truncated() throws {
        let preparation = try ImagePreparation(size: 8)
        try withTemporaryFolder { folder in
            for reference in Set(DecodingReference.all.map(\.file)) {
                let whole = try Data(
                    contentsOf: URL(filePath: "\(DecodingReference.folder)/\(reference)"))
                for length in stride(from: 1, to: whole.count, by: 23) {
                    let name = "\(reference)-\(length)"
                    try whole.prefix(length).write(to: folder.appending(path: name))
                }
            }
            try Data(contentsOf: URL(filePath: "\(DecodingReference.folder)/rgb.png"))
                .write(to: folder.appending(path: "whole.png"))
            let images = try ImageFolder(contentsOf: folder.path, as: preparation)
            #expect(images.files.contains("whole.png"))
            #expect(images.skipped.count > 50)
            #expect(images.skipped.allSatisfy { !$0.reason.isEmpty })
        }
    }

    private func decode(_ name: String, _ preparation: ImagePreparation) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(
                atPath: "\(DecodingReference.folder)/\(name)",
                toPath: folder.appending(path: name).path)
            return try ImageFolder(contentsOf: folder.path, as: preparation).images.pixels
        }
    }

    private func reason(_ name: String, _ preparation: ImagePreparation) throws -> String {
        do {
            _ = try decode(name, preparation)
            return "it was decoded"
        } catch ImageFolderError.nothingReadable(_, 1, let first?) {
            return first.reason
        }
    }
}
