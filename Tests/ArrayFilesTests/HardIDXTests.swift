import ArrayFiles
import Datasets
import FileTestSupport
import Foundation
import Testing

@Suite(
    "Awkward, broken and hostile IDX files",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct HardIDXTests {
    enum Outcome {
        case loads([Int], ElementType = .uint8)
        /// With these words among others.
        case fails(FormatFailure.Reason, String)
        case noImages
        case refusedAsImages([Int])
        case refusedAsLabels([Int])
        case refusedBesideImages(labels: Int)
        case refusedAsNot8Bit(ElementType)
    }

    static let outcomes: [String: Outcome] = [
        "bad-gzip-crc.gz": .fails(.damaged, "gzip data is damaged"),
        "bad-type-code.gz": .fails(.elementType, "type code 0x07"),
        // The flipped bit makes the stream longer, which shows before its checksum is reached.
        "bit-flip.gz": .fails(.trailingBytes, "than the 156800 bytes"),
        "claims-4-billion-labels.gz": .fails(
            .truncated, "4294967295 bytes (4294967295 numbers), more than a file of 36 bytes"),
        "claims-4-billion.gz": .fails(.shape, "4294967295×28×28 numbers, more than the limit"),
        "claims-60000-holds-200.gz": .fails(
            .truncated, "47040000 bytes (60000×28×28 numbers), more than a file of 31046 bytes"),
        "claims-negative.gz": .fails(.shape, "200×4294967280×28 numbers, more than the limit"),
        "claims-overflow-to-small.gz": .fails(.shape, "536838145×536903681×64 numbers"),
        "claims-overflow.gz": .fails(.shape, "2147483648×2147483648×8 numbers"),
        "dims-255.gz": .fails(.shape, "255 dimensions"),
        "empty-payload.gz": .fails(.truncated, "empty"),
        "gzip-bomb-150MB.gz": .fails(.trailingBytes, "than the 7840 bytes"),
        "header-only.gz": .fails(.truncated, "more than a file of 32 bytes"),
        "html-error-page.gz": .fails(.header, "a web page"),
        "images-where-labels-expected.gz": .refusedAsLabels([5, 28, 28]),
        "labels-199.gz": .refusedBesideImages(labels: 199),
        "labels-where-images-expected.gz": .refusedAsImages([200]),
        "lfs-pointer.gz": .fails(.header, "a Git LFS pointer"),
        "little-endian-header.gz": .fails(.header, "little-endian"),
        "ok-20-images-idx3-ubyte": .loads([20, 28, 28]),
        "ok-20-images-misnamed.gz": .loads([20, 28, 28]),
        "ok-200-images-idx3-ubyte.gz": .loads([200, 28, 28]),
        "ok-200-labels-idx1-ubyte.gz": .loads([200]),
        "ok-4d-rgb-images.gz": .loads([20, 28, 28, 3]),
        "ok-float32-images.gz": .refusedAsNot8Bit(.float32),
        "ok-gz-name-comment-extra.gz": .loads([200, 28, 28]),
        "ok-int16-images.gz": .refusedAsNot8Bit(.int16),
        "ok-labels-above-9.gz": .loads([200]),
        "ok-multi-member.gz": .loads([200, 28, 28]),
        "ok-non-square-20x31-images.gz": .loads([50, 20, 31]),
        "ok-one-item-images.gz": .loads([1, 28, 28]),
        "ok-stored-blocks.gz": .loads([20, 28, 28]),
        "ok-zero-items-images.gz": .noImages,
        "short-header-7.gz": .fails(.truncated, "7 of the 16 bytes of its header"),
        "text.gz": .fails(.header, "the first bytes 74 68 69 73"),
        "trailing-bytes.gz": .fails(.trailingBytes, "than the 156800 bytes"),
        "trailing-garbage.gz": .fails(.trailingBytes, "follow the end of its gzip data"),
        "truncated-1-byte.gz": .fails(.truncated, "gzip data is cut short"),
        "truncated-half.gz": .fails(.truncated, "gzip data is cut short"),
        "truncated-last-8.gz": .fails(.truncated, "gzip data is cut short"),
        "wrong-magic.gz": .fails(.header, "the first bytes 12 34 56 78"),
        "zero-byte.gz": .fails(.truncated, "empty"),
        "zero-dims.gz": .fails(.shape, "no dimensions"),
        "zero-rows.gz": .fails(.shape, "dimension 1 of 200×0×28 is zero"),
    ]

    /// The files that the manifest names.
    static let manifest: [String] = {
        let path = SharedData.path("hard-idx/MANIFEST.tsv")
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().compactMap { line in
            line.split(separator: "\t").first.map(String.init)
        }
    }()

    @Test("every file of the manifest has an expected outcome and the reverse")
    func manifestIsCovered() {
        #expect(Self.manifest.sorted() == Self.outcomes.keys.sorted())
    }

    @Test("each loads or fails as it should, in one sentence", arguments: manifest)
    func outcome(name: String) throws {
        let outcome = try #require(Self.outcomes[name])
        let path = SharedData.path("hard-idx/\(name)")
        do {
            let file = try load(path, outcome)
            guard case .loads(let shape, let element) = outcome else {
                Issue.record("loaded as \(file.shape)")
                return
            }
            #expect(file.shape == shape && file.elementType == element)
            #expect(file.bytes.count == shape.reduce(element.byteCount, *))
        } catch {
            expect(error, is: outcome, path: path)
            let sentence = "\(error)"
            #expect(sentence.contains(path) && sentence.hasSuffix("."))
            #expect(sentence.contains("; ") && !sentence.contains("\n"))
        }
    }

    /// Reads a file for the use that the outcome is about.
    private func load(_ path: String, _ outcome: Outcome) throws -> IDXFile {
        let file = try IDXFile(contentsOf: path)
        let images = try IDXFile(
            contentsOf: SharedData.path("hard-idx/ok-200-images-idx3-ubyte.gz"))
        switch outcome {
        case .noImages, .refusedAsImages, .refusedAsNot8Bit: _ = try ImageSet(images: file)
        case .refusedAsLabels, .refusedBesideImages:
            _ = try ImageSet(images: images, labels: file)
        case .loads(let shape, _) where shape.count > 1:
            let set = try ImageSet(images: file)
            #expect([set.count, set.height, set.width] == Array(shape.prefix(3)))
            #expect(set.channels == (shape.count == 4 ? shape[3] : 1))
        case .loads:
            #expect(
                try ImageSet(images: images, labels: file).labels == file.bytes.map { UInt16($0) })
        default: break
        }
        return file
    }

    private func expect(_ error: any Error, is outcome: Outcome, path: String) {
        let imageError = error as? ImageSetError
        switch outcome {
        case .loads: Issue.record(error)
        case .fails(let reason, let words):
            let failure = error as? FormatFailure
            #expect(failure?.reason == reason && failure?.format == .idx)
            #expect("\(error)".contains(words))
        case .noImages: #expect(imageError == .noImages(source: path))
        case .refusedAsImages(let shape):
            #expect(imageError == .notImages(path: path, shape: shape))
        case .refusedAsLabels(let shape):
            #expect(imageError == .notLabels(path: path, shape: shape))
        case .refusedAsNot8Bit(let element):
            #expect(imageError == .notEightBit(path: path, elementType: element))
        case .refusedBesideImages(let labels):
            guard case .countMismatch(200, _, labels, path) = imageError else {
                Issue.record(error)
                return
            }
        }
    }

    @Test("the same images come out of every legal wrapping")
    func wrappingsAgree() throws {
        let read = { (name: String) in
            try IDXFile(contentsOf: SharedData.path("hard-idx/\(name)")).bytes
        }
        let all = try read("ok-200-images-idx3-ubyte.gz")
        #expect(try read("ok-multi-member.gz") == all)
        #expect(try read("ok-gz-name-comment-extra.gz") == all)
        let first = Array(all.prefix(20 * 28 * 28))
        for name in ["ok-20-images-idx3-ubyte", "ok-20-images-misnamed.gz", "ok-stored-blocks.gz"] {
            #expect(try read(name) == first)
        }
    }

    @Test("every prefix of a gzip file is refused")
    func prefixes() throws {
        let bytes = try Data(
            contentsOf: URL(filePath: SharedData.path("hard-idx/ok-one-item-images.gz")))
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "cut").path
            for length in 0..<bytes.count {
                try bytes.prefix(length).write(to: URL(filePath: path))
                #expect(throws: FormatFailure.self) { try IDXFile(contentsOf: path) }
            }
        }
    }

    @Test("a flipped bit is noticed or changes nothing that is read")
    func flippedBits() throws {
        let source = SharedData.path("hard-idx/ok-one-item-images.gz")
        let genuine = try IDXFile(contentsOf: source)
        let bytes = try Data(contentsOf: URL(filePath: source))
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "flipped").path
            for bit in 0..<bytes.count * 8 {
                var changed = bytes
                changed[bit / 8] ^= 1 << (bit % 8)
                try changed.write(to: URL(filePath: path))
                do {
                    let file = try IDXFile(contentsOf: path)
                    #expect(file.bytes == genuine.bytes && file.shape == genuine.shape)
                } catch {
                    #expect(error is FormatFailure)
                }
            }
        }
    }
}
