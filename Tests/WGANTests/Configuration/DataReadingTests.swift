import ArrayFiles
import ConfigurationTestSupport
import Datasets
import FileTestSupport
import Foundation
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Data in configuration files")
struct DataReadingTests {
    static let distributions: [(yaml: String, expected: any PointDistribution)] = [
        ("mixtureGrid", try! MixtureOnGrid(count: 2)),
        ("{mixtureGrid: 7}", try! MixtureOnGrid(count: 7)),
        ("{mixtureGrid: {modes: 7}}", try! MixtureOnGrid(count: 7)),
        (
            "{mixtureRing: {modes: 3, radius: 2, deviation: 0.5}}",
            try! MixtureOnRing(count: 3, radius: 2, standardDeviation: 0.5)
        ),
        ("gaussianGrid25", GaussianGrid25()),
        ("swissRoll", SwissRoll()),
        (
            "kantorovichPair",
            try! KantorovichPair(dimensions: 2, funnels: 16, seed: 0).moved
        ),
        (
            "{kantorovichPair: {dimensions: 2, funnels: 3, seed: 5}}",
            try! KantorovichPair(dimensions: 2, funnels: 3, seed: 5).moved
        ),
        ("twoMoons", try! TwoMoons()),
        ("{twoMoons: {noise: 0.25}}", try! TwoMoons(noise: 0.25)),
        ("rings", try! Rings()),
        ("{rings: {count: 3, radius: 2, noise: 0.5}}", try! Rings(count: 3, radius: 2, noise: 0.5)),
        ("{sampledRing: {pointsEach: 3}}", try! SampledRing(pointsEach: 3)),
        (
            "{sampledRing: {modes: 2, radius: 2, deviation: 0.5, pointsEach: 2, seed: 7}}",
            try! SampledRing(
                count: 2, radius: 2, standardDeviation: 0.5, pointsEach: 2, seed: 7)
        ),
        (
            "{mixture: [{mean: [0, 1], scale: 0.5}, {mean: [2, 3], scale: 0}]}",
            try! GaussianMixture([
                .init(mean: [0, 1], scale: 0.5), .init(mean: [2, 3], scale: 0),
            ])
        ),
    ]

    @Test(
        "a distribution is read as Swift would make it, and its resolved form reads back",
        arguments: distributions.indices)
    func distribution(number: Int) throws {
        let (yaml, expected) = Self.distributions[number]
        let (setting, document) = try tagged(yaml)
        let data = try DataCatalogue.read(setting)
        try document.finish()
        #expect(data.sampleShape == [2])
        let distribution = try #require(data.distribution)
        #expect(areEqual(distribution, expected), "\(distribution)")
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        _ = try DataCatalogue.read(again.root.tagged("x"))
        #expect(again.resolvedYAML == document.resolvedYAML)
        let source = try data.source(batchSize: 4, seed: 1, folder: nil)
        #expect(source.sampleShape == [2])
        #expect(source.batchesPerEpoch == nil)
    }

    @Test("a ring without settings is the eight Gaussians")
    func ring() throws {
        let data = try DataCatalogue.read(tagged("mixtureRing").setting)
        let ring = try #require(data.distribution as? MixtureOnRing)
        let eight = MixtureOnRing.eightGaussians
        #expect(ring.modeCount == 8)
        for (mean, expected) in zip(ring.means, eight.means) {
            #expect(abs(mean - expected) < 1e-6)
        }
        #expect(abs(ring.standardDeviations[0] - eight.standardDeviations[0]) < 1e-8)
    }

    @Test("the data of the catalogue are those of these tests")
    func coverage() {
        #expect(
            Set(DataCatalogue.all.map { $0.configurationName })
                == [
                    "mixtureGrid", "mixtureRing", "gaussianGrid25", "kantorovichPair", "swissRoll",
                    "mixture", "mnist",
                    "fashionMnist", "idx", "imageFolder", "twoMoons", "rings", "sampledRing",
                    "points", "stackedDigits",
                ])
    }

    @Test(
        "the published images are known in their shape before they are read",
        arguments: [
            "mnist", "{mnist: {split: test, digit: 3}}", "fashionMnist",
            "{fashionMnist: {split: test, class: 9}}",
        ])
    func published(yaml: String) throws {
        let (setting, document) = try tagged(yaml)
        let data = try DataCatalogue.read(setting)
        try document.finish()
        #expect(data.sampleShape == [28, 28, 1])
        #expect(data.distribution == nil)
        let error = try #require(throws: ImageSetError.self) {
            try data.source(batchSize: 4, seed: 1, folder: "/nowhere")
        }
        guard case .missingFile = error else {
            Issue.record("another error: \(error)")
            return
        }
    }

    @Test(
        "a digit's images are as many batches as the digit has",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func oneDigit() throws {
        let (setting, _) = try tagged("{mnist: {split: test, digit: 1}}")
        let source = try DataCatalogue.read(setting).source(
            batchSize: 100, seed: 1, folder: SharedData.folder)
        #expect(source.batchesPerEpoch == 11)
        #expect(source.sampleShape == [28, 28, 1])
    }

    @Test(
        "stacked digits come in batches of a fixed set, or fresh ones without end",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func stackedDigits() throws {
        let open = { (yaml: String, seed: UInt64) in
            let (setting, document) = try tagged(yaml)
            let data = try DataCatalogue.read(setting)
            try document.finish()
            let source = try data.source(batchSize: 10, seed: seed, folder: SharedData.folder)
            #expect(source.sampleShape == data.sampleShape)
            #expect((source.classCount != nil) == data.hasLabels)
            return source
        }
        func batch(_ source: any SampleSource, _ number: Int) -> [Float] {
            source.samples(ofBatches: number..<number + 1, size: 10)
        }
        let fixed = try open("{stackedDigits: {split: test, samples: 25, size: 32}}", 1)
        #expect(fixed.sampleShape == [32, 32, 3] && fixed.batchesPerEpoch == 2)
        #expect(batch(fixed, 3) == batch(fixed, 3) && batch(fixed, 0) != batch(fixed, 1))
        #expect(batch(fixed, 0).allSatisfy { (-1...1).contains($0) })
        let (_, classes) = labelled(fixed, 0, size: 10)
        #expect(fixed.classCount ?? 0 > 900 && Set(classes).count > 5)
        let endless = try open("{stackedDigits: {split: test, endless: true}}", 1)
        #expect(endless.sampleShape == [28, 28, 3] && endless.batchesPerEpoch == nil)
        #expect(batch(endless, 5) == batch(endless, 5) && batch(endless, 5) != batch(endless, 6))
        let other = try open("{stackedDigits: {split: test, endless: true}}", 2)
        #expect(batch(endless, 5) != batch(other, 5))
    }

    @Test(
        "the shape of IDX images is read from their header",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func idx() throws {
        let folder = SharedData.path("mnist")
        let (setting, document) = try tagged(
            "{idx: {images: \(folder)/t10k-images-idx3-ubyte.gz, "
                + "labels: \(folder)/t10k-labels-idx1-ubyte.gz, class: 1}}")
        let data = try DataCatalogue.read(setting)
        try document.finish()
        #expect(data.sampleShape == [28, 28, 1])
        #expect(
            try data.source(batchSize: 100, seed: 1, folder: nil).batchesPerEpoch == 11)
    }

    @Test("points of one's own are read from .csv and .npy files, normalised where asked for")
    func points() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        let values: [Float] = [0, 4, 8, 4, 4, 10]
        let csv = folder.appending(path: "a.csv").path
        try "x,y\n0,4\n8,4\n4,10\n".write(toFile: csv, atomically: true, encoding: .utf8)
        let npy = folder.appending(path: "b.npy")
        try NumpyFile.write(shape: [3, 2], values: values, to: npy)
        let far = folder.appending(path: "far.tsv").path
        let moved = "x\ty\r\n1e9\t4\r\n1000000008\t4\r\n1000000004\t10\r\n"
        try moved.write(toFile: far, atomically: true, encoding: .utf8)
        let flat = folder.appending(path: "flat.npy")
        try NumpyFile.write(shape: [6], values: values, to: flat)
        for (yaml, expected) in [
            ("{points: \(csv)}", values), ("{points: {file: \(npy.path)}}", values),
            ("{points: {file: \(csv), normalised: true}}", [-1, -0.5, 1, -0.5, 0, 1]),
            // Rounded only once they are moved to the origin.
            ("{points: {file: \(far), normalised: true}}", [-1, -0.5, 1, -0.5, 0, 1]),
        ] {
            let (setting, document) = try tagged(yaml)
            let data = try DataCatalogue.read(setting)
            try document.finish()
            #expect(data.sampleShape == [2])
            #expect((data.distribution as? PointCloud)?.points == expected)
        }
        for (place, message) in [
            (flat.path, "has the shape [6], not that of points"),
            ("/nowhere/a.csv", "it does not exist"),
            ("/nowhere/a.png", "must name a file that ends in one of .csv, .npy, .tsv, .txt"),
        ] {
            let found = try failure {
                _ = try DataCatalogue.read(tagged("{points: \(place)}").setting)
            }
            #expect(found.hasPrefix("a.yaml:1:") && found.contains(message), "\(found)")
        }
    }

    @Test(
        "data that makes no sense is an error at its place",
        arguments: [
            (
                "{mixtureGrid: 0}",
                "a.yaml:1:18: 'x.mixtureGrid.modes' must be a whole number from 1 to 1000000, "
                    + "but is 0"
            ),
            (
                "{mixture: []}",
                "a.yaml:1:5: 'x.mixture' cannot be used: A mixture of 0 components is not "
                    + "possible; give from 1 to 1000000"
            ),
            (
                "{mixture: [{mean: [0, 1], scale: 1}, {mean: [2], scale: 1}]}",
                "a.yaml:1:5: 'x.mixture' cannot be used: The mean of component 1 has 1 "
                    + "coordinates where 2 are needed; give every component a mean of the same "
                    + "length"
            ),
            (
                "{mnist: {digit: 10}}",
                "a.yaml:1:20: 'x.mnist.digit' must be a whole number from 0 to 9, but is 10"
            ),
            (
                "{idx: {images: /nowhere/a, class: 1}}",
                "a.yaml:1:38: 'x.idx.class' needs a file of labels; give 'labels' too"
            ),
            (
                "{stackedDigits: {size: 30}}",
                "a.yaml:1:27: 'x.stackedDigits.size' must be 28 or 32, but is 30"
            ),
            (
                "{stackedDigits: {samples: 0}}",
                "a.yaml:1:30: 'x.stackedDigits.samples' must be a whole number from 1 to 10000000, "
                    + "but is 0"
            ),
            (
                "{stackedDigits: {endless: true, samples: 5}}",
                "a.yaml:1:45: 'x.stackedDigits.samples' is about a fixed set, and 'endless' draws "
                    + "fresh images in every batch; leave one of the two out"
            ),
            ("MNIST", "a.yaml:1:4: unknown kind 'MNIST' for 'x'; did you mean 'mnist'?"),
        ])
    func mistakes(yaml: String, message: String) throws {
        let found = try failure {
            let (setting, document) = try tagged(yaml)
            _ = try DataCatalogue.read(setting)
            try document.finish()
        }
        #expect(found == message)
    }

    @Test("data in another folder is found by overrides, whether the files are there or not")
    func relocations() throws {
        let here = URL(filePath: #filePath)
        let (folder, name) = (here.deletingLastPathComponent().path, here.lastPathComponent)
        let cases: [(data: String, place: String, expected: [String: String])] = [
            ("{imageFolder: {path: a}}", "b c", ["path": "b c"]),
            ("imageFolder", folder, ["path": folder]),
            ("{points: /gone/\(name)}", folder, ["file": "\(folder)/\(name)"]),
            ("{points: {file: p.csv}}", "q \"r\".csv", ["file": "q \"r\".csv"]),
            (
                "{idx: {images: /gone/a, labels: b}}", folder,
                ["images": "\(folder)/a", "labels": "\(folder)/b"]
            ),
            ("mnist", folder, [:]), ("mixtureGrid", folder, [:]),
        ]
        for (data, place, expected) in cases {
            let document = try ConfigurationDocument(
                yaml: "data: \(data)", file: "a.yaml", vocabulary: TrainingConfiguration.vocabulary)
            try DataCatalogue.relocate(document, to: place)
            let (kind, section) = try document.root.tagged("data")
            if kind == "points" { section.shorthand(for: "file") }
            for (key, path) in expected {
                #expect(try section.value(key, .text) == path)
                #expect(DataCatalogue.fileSettings.contains("data.\(kind).\(key)"))
            }
            try document.finish()
        }
    }

    @Test("a file of images that is missing is an error at the line that names it")
    func missingImages() throws {
        let found = try failure {
            _ = try DataCatalogue.read(tagged("{idx: {images: /nowhere/a}}").setting)
        }
        #expect(found.hasPrefix("a.yaml:1:5: 'x.idx' cannot be used: Cannot read '/nowhere/a': "))
    }
}
