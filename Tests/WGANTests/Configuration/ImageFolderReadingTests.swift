import ConfigurationTestSupport
import Datasets
import Foundation
import StrictYAML
import Synchronization
import TensorGraph
import Testing
import WGAN

@Suite("Folders of images in configuration files")
struct ImageFolderReadingTests {
    /// Small images of many formats, and two files that are none.
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "DatasetsTests/Fixtures").path

    private func data(_ yaml: String) throws -> any DataConfiguration {
        let (setting, document) = try tagged(yaml)
        let data = try DataCatalogue.read(setting)
        try document.finish()
        return data
    }

    @Test("the shape is known before a file is read, and the resolved form reads back")
    func settings() throws {
        let (setting, document) = try tagged(
            "{imageFolder: {path: a, size: [48, 64], channels: 1, fit: letterbox, "
                + "background: [0, 0, 0], flip: true, classes: [b, c], memoryLimit: 1, workers: 2}}"
        )
        let data = try DataCatalogue.read(setting)
        try document.finish()
        #expect(data.sampleShape == [48, 64, 1])
        #expect(data.distribution == nil)
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        _ = try DataCatalogue.read(again.root.tagged("x"))
        #expect(again.resolvedYAML == document.resolvedYAML)
        #expect(try self.data("imageFolder").sampleShape == [64, 64, 3])
        #expect(try self.data("{imageFolder: photos}").sampleShape == [64, 64, 3])
    }

    @Test(
        "settings that make no sense are errors at their place",
        arguments: [
            ("{channels: 2}", "channels' must be 1 for grey or 3 for colour, but is 2"),
            ("{size: 5000}", "size' must be a whole number from 1 to 4096, or a list"),
            ("{fit: stretch}", "fit' must be one of crop, letterbox, but is the text 'stretch'"),
            ("{background: [0, 0, 256]}", "background' must be red, green and blue from 0 to 255"),
            ("{klasses: [a]}", "klasses'; did you mean 'classes'?"),
        ])
    func mistakes(settings: String, message: String) throws {
        let found = try failure { _ = try data("{imageFolder: \(settings)}") }
        #expect(found.hasPrefix("a.yaml:1:"))
        #expect(found.contains(message), "\(found)")
    }

    @Test("a folder that nothing names is an error that says how to name it")
    func nameless() throws {
        let error = try #require(throws: TrainingError.self) {
            try data("imageFolder").source(batchSize: 1, seed: 0, folder: nil)
        }
        #expect("\(error)".contains("--data, or data.imageFolder.path"))
    }

    @Test("the folder's images come in batches, a given folder before the configured one")
    func batches() throws {
        let data = try data("{imageFolder: {path: /nowhere, size: 8}}")
        let source = try data.source(batchSize: 3, seed: 1, folder: Self.fixtures)
        #expect(source.sampleShape == [8, 8, 3])
        let count = try #require(source.batchesPerEpoch)
        #expect(count >= 4)
        let first = batch(0, of: source)
        #expect(first.allSatisfy { (-1...1).contains($0) })
        #expect(Set(first).count > 10)
        // Any batch can be asked for again, which is what resuming needs.
        let later = batch(2 * count + 1, of: source)
        #expect(batch(0, of: source) == first)
        let other = try data.source(batchSize: 3, seed: 1, folder: Self.fixtures)
        #expect(batch(2 * count + 1, of: other) == later)
        #expect(throws: ImageFolderError.self) {
            try data.source(batchSize: 3, seed: 1, folder: nil)
        }
    }

    @Test("mirroring is off unless asked for, and then a function of the seed")
    func mirroring() throws {
        func firstBatch(_ settings: String, seed: UInt64) throws -> [Float] {
            let source = try data("{imageFolder: {size: 8\(settings)}}")
                .source(batchSize: 12, seed: seed, folder: Self.fixtures)
            return batch(0, of: source, size: 12)
        }
        let plain = try firstBatch("", seed: 3)
        #expect(try firstBatch(", flip: false", seed: 3) == plain)
        let mirrored = try firstBatch(", flip: true", seed: 3)
        #expect(mirrored != plain)
        #expect(try firstBatch(", flip: true", seed: 3) == mirrored)
        // Mirroring moves pixels and changes none.
        #expect(mirrored.sorted() == plain.sorted())
    }

    @Test("decoding tells how far it is, and names what it left out")
    func report() throws {
        let listener = Listener()
        _ = try data("{imageFolder: {size: 8}}")
            .source(batchSize: 1, seed: 0, folder: Self.fixtures, progress: listener.listener)
        let (done, total, notes) = listener.heard
        #expect(done == total && total > 20)
        #expect(notes.count == 1)
        #expect(notes.first?.hasPrefix("left out 2 of \(total) files (") == true, "\(notes)")
        #expect(notes.first?.contains("make_references.py") == true, "\(notes)")
    }

    private func batch(
        _ number: Int, of source: any SampleSource, size: Int = 3
    ) -> [Float] {
        source.samples(ofBatches: number..<number + 1, size: size)
    }
}

/// Remembers what was reported.
private final class Listener: Sendable {
    private let state = Mutex<(done: Int, total: Int, notes: [String])>((0, 0, []))

    var heard: (done: Int, total: Int, notes: [String]) { state.withLock { $0 } }

    var listener: OpeningProgress {
        var listener = OpeningProgress()
        listener.decoded = { done, total in
            self.state.withLock { ($0.done, $0.total) = (done, total) }
        }
        listener.note = { sentence in self.state.withLock { $0.notes.append(sentence) } }
        return listener
    }
}
