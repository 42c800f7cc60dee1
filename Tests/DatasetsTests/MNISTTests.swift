import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite(
    "MNIST and Fashion-MNIST",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct MNISTTests {
    struct Facts: Sendable, CustomTestStringConvertible {
        let variant: MNISTVariant
        let split: DatasetSplit
        let counts: [Int]
        let mean: Double
        let deviation: Double
        var testDescription: String { "\(variant.rawValue) \(split)" }
    }

    static let facts = [
        Facts(
            variant: .digits, split: .train,
            counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
            mean: 0.1307, deviation: 0.3081),
        Facts(
            variant: .digits, split: .test,
            counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
            mean: 0.1325, deviation: 0.3105),
        Facts(
            variant: .fashion, split: .train, counts: [Int](repeating: 6000, count: 10),
            mean: 0.2860, deviation: 0.3530),
        Facts(
            variant: .fashion, split: .test, counts: [Int](repeating: 1000, count: 10),
            mean: 0.2868, deviation: 0.3524),
    ]

    @Test("have the published shapes, labels and pixel statistics", arguments: facts)
    func publishedFacts(facts: Facts) throws {
        let set = try ImageSet.mnist(facts.variant, facts.split, folder: SharedData.folder)
        #expect(set.count == facts.counts.reduce(0, +))
        #expect(set.height == 28 && set.width == 28 && set.channels == 1)
        #expect(set.labelCounts == facts.counts)
        let (mean, deviation) = statistics(of: set.pixels)
        #expect(abs(mean - facts.mean) < 0.5e-4)
        #expect(abs(deviation - facts.deviation) < 0.5e-4)
    }

    /// Mean and standard deviation of bytes scaled to 0…1; a plain loop, for unoptimised builds.
    private func statistics(of bytes: [UInt8]) -> (mean: Double, deviation: Double) {
        var sum = 0
        var squares = 0
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let value = Int(bytes[index])
                sum &+= value
                squares &+= value &* value
                index &+= 1
            }
        }
        let mean = Double(sum) / Double(bytes.count)
        let variance = Double(squares) / Double(bytes.count) - mean * mean
        return (mean / 255, variance.squareRoot() / 255)
    }

    @Test("are found in the folder itself, under their name, and through the environment")
    func places() throws {
        let own = SharedData.path("mnist")
        let places = [
            DatasetLocation(name: "mnist", folder: own, environment: [:], home: "/none"),
            DatasetLocation(
                name: "mnist", folder: nil, environment: ["WGAN_DATA": SharedData.folder],
                home: "/none"),
            DatasetLocation(
                name: "mnist", folder: nil, environment: ["WGAN_DATA": own], home: "/none"),
        ]
        for place in places {
            #expect(try ImageSet.mnist(.test, at: place).count == 10000)
        }
    }

    @Test("the cache is the last resort, and an explicit folder wins over the environment")
    func precedence() {
        let environment = ["WGAN_DATA": "/data", "XDG_CACHE_HOME": "/cache"]
        let folders = { (folder: String?, environment: [String: String]) in
            DatasetLocation(
                name: "mnist", folder: folder, environment: environment, home: "/home/me"
            ).folders
        }
        #expect(folders("/own/", environment) == ["/own/mnist", "/own/"])
        #expect(folders(nil, environment) == ["/data/mnist", "/data"])
        #expect(folders(nil, ["XDG_CACHE_HOME": "/cache"]) == ["/cache/swift-wgan/mnist"])
        let home = ["/home/me/.cache/swift-wgan/mnist"]
        #expect(folders(nil, ["WGAN_DATA": "", "XDG_CACHE_HOME": "cache"]) == home)
    }

    @Test("are read under the names with a dot, plain or packed")
    func dottedNames() throws {
        try withTemporaryFolder { folder in
            let copy = { (from: String, to: String) in
                try FileManager.default.copyItem(
                    atPath: SharedData.path("hard-idx/\(from)"),
                    toPath: folder.appending(path: to).path)
            }
            try copy("ok-200-images-idx3-ubyte.gz", "train-images.idx3-ubyte")
            try copy("ok-200-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte.gz")
            let set = try ImageSet.mnist(.digits, .train, folder: folder.path)
            #expect(set.count == 200)
        }
    }

    @Test("missing files are named, with the places to put them")
    func missing() throws {
        try withTemporaryFolder { folder in
            do {
                _ = try ImageSet.mnist(.fashion, .test, folder: folder.path)
                Issue.record("loaded from an empty folder")
            } catch {
                let sentence = "\(error)"
                #expect(sentence.contains("t10k-images-idx3-ubyte.gz"))
                #expect(sentence.contains("\(folder.path)/fashion-mnist"))
                #expect(sentence.contains("WGAN_DATA"))
            }
        }
    }
}
