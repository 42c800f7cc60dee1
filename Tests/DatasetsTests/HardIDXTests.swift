import Datasets
import Foundation
import Testing

@Suite(
    "Awkward, broken and hostile IDX files",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct HardIDXTests {
    enum Outcome {
        case loads([Int], IDXElement = .uint8)
        case fails(IDXError.Problem)
        /// zlib's own wording is not part of the expectation.
        case damaged
        case noImages
        case refusedAsImages([Int])
        case refusedAsLabels([Int])
        case refusedBesideImages(labels: Int)
        case refusedAsNot8Bit(IDXElement)
    }

    static let images200 = 200 * 28 * 28
    static let outcomes: [String: Outcome] = [
        "bad-gzip-crc.gz": .damaged,
        "bad-type-code.gz": .fails(.unknownElement(7)),
        // The flipped bit makes the stream longer, which shows before its checksum is reached.
        "bit-flip.gz": .fails(.surplus(expected: images200)),
        "claims-4-billion-labels.gz": .fails(
            .claimsMoreThanFits(shape: [4_294_967_295], bytes: 4_294_967_295, fileBytes: 36)),
        "claims-4-billion.gz": .fails(
            .tooLarge(shape: [4_294_967_295, 28, 28], limit: IDXFile.defaultMaximumBytes)),
        "claims-60000-holds-200.gz": .fails(
            .claimsMoreThanFits(shape: [60000, 28, 28], bytes: 47_040_000, fileBytes: 31046)),
        "claims-negative.gz": .fails(
            .tooLarge(shape: [200, 4_294_967_280, 28], limit: IDXFile.defaultMaximumBytes)),
        "claims-overflow-to-small.gz": .fails(
            .tooLarge(shape: [536_838_145, 536_903_681, 64], limit: Int.max)),
        "claims-overflow.gz": .fails(
            .tooLarge(shape: [2_147_483_648, 2_147_483_648, 8], limit: Int.max)),
        "dims-255.gz": .refusedAsImages([Int](repeating: 1, count: 255)),
        "empty-payload.gz": .fails(.empty),
        "gzip-bomb-150MB.gz": .fails(.surplus(expected: 7840)),
        "header-only.gz": .fails(
            .claimsMoreThanFits(shape: [200, 28, 28], bytes: images200, fileBytes: 32)),
        "html-error-page.gz": .fails(.notIDX(firstBytes: Array("<!DO".utf8))),
        "images-where-labels-expected.gz": .refusedAsLabels([5, 28, 28]),
        "labels-199.gz": .refusedBesideImages(labels: 199),
        "labels-where-images-expected.gz": .refusedAsImages([200]),
        "lfs-pointer.gz": .fails(.notIDX(firstBytes: Array("vers".utf8))),
        "little-endian-header.gz": .fails(.notIDX(firstBytes: [3, 8, 0, 0])),
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
        "short-header-7.gz": .fails(.headerShort(found: 7, expected: 16)),
        "text.gz": .fails(.notIDX(firstBytes: Array("this".utf8))),
        "trailing-bytes.gz": .fails(.surplus(expected: images200)),
        "trailing-garbage.gz": .fails(.bytesAfterGzip),
        "truncated-1-byte.gz": .fails(.gzipTruncated),
        "truncated-half.gz": .fails(.gzipTruncated),
        "truncated-last-8.gz": .fails(.gzipTruncated),
        "wrong-magic.gz": .fails(.notIDX(firstBytes: [0x12, 0x34, 0x56, 0x78])),
        "zero-byte.gz": .fails(.empty),
        "zero-dims.gz": .fails(.noDimensions),
        "zero-rows.gz": .fails(.emptyAxis(shape: [200, 0, 28], axis: 1)),
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
            #expect(file.shape == shape && file.element == element)
            #expect(file.bytes.count == shape.reduce(element.size, *))
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
        case .fails(let problem): #expect((error as? IDXError)?.problem == problem)
        case .damaged:
            guard case .gzipDamaged = (error as? IDXError)?.problem else {
                Issue.record(error)
                return
            }
        case .noImages: #expect(imageError == .noImages(source: path))
        case .refusedAsImages(let shape):
            #expect(imageError == .notImages(path: path, shape: shape))
        case .refusedAsLabels(let shape):
            #expect(imageError == .notLabels(path: path, shape: shape))
        case .refusedAsNot8Bit(let element):
            #expect(imageError == .notEightBit(path: path, element: element))
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
                #expect(throws: IDXError.self) { try IDXFile(contentsOf: path) }
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
                    #expect(error is IDXError)
                }
            }
        }
    }
}
