import ArrayFiles
import Figures
import Foundation
import Runs
import Testing

@Suite("Samples of a run of images")
struct ImageSamplingTests {
    private let place: Workplace

    init() throws {
        place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "small.yaml", "--steps", "3", "--quiet", "--out", "run", "--set",
            "averaging={decay: 0.5}",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
    }

    private func sample(_ out: String, _ arguments: String...) throws -> URL {
        let outcome = try place.wgan(["sample", "run", "--out", out] + arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty && outcome.messages.isEmpty)
        return place.url(out)
    }

    private func values(_ arguments: String...) throws -> [Float] {
        let out = "\(UUID().uuidString).npy"
        let outcome = try place.wgan(["sample", "run", "--count", "7", "--out", out] + arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try NumpyFile(contentsOf: place.url(out)).values()
    }

    @Test("fill a folder with a picture each, of the generator's size")
    func folder() throws {
        let folder = try sample("pictures/", "--count", "12")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == (0..<12).map { $0 < 10 ? "00\($0).png" : "0\($0).png" })
        let picture = try PixelImage(pngData: place.data("pictures/011.png"))
        #expect(picture.width == 4 && picture.height == 4 && picture.channels == 1)
    }

    @Test("go from one latent to another and back", arguments: ["linear", "spherical"])
    func interpolation(way: String) throws {
        let file = try sample("a.gif", "--interpolate", way, "--frames", "5", "--count", "3")
        let reader = try GIFReader(try Data(contentsOf: file))
        // Some frames may be the same and be shown as one.
        #expect((2...8).contains(reader.frameCount))
        let webp = try sample("a.webp", "--interpolate", way, "--frames", "5", "--count", "3")
        #expect(try Data(contentsOf: webp).starts(with: Array("RIFF".utf8)))
    }

    @Test("of truncated latents are fewer apart, and a large bound changes nothing")
    func truncation() throws {
        let values = try values()
        let spread = { (values: [Float]) in values.max()! - values.min()! }
        let truncated = try self.values("--truncation", "0.1")
        #expect(truncated.allSatisfy(\.isFinite) && spread(truncated) < spread(values))
        let same = try self.values("--truncation", "20")
        #expect(zip(values, same).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("are of the averaged weights unless the raw ones are asked for")
    func raw() throws {
        #expect(try values() != values("--raw"))
    }

    @Test("can be of other weights: a file's or a checkpoint's")
    func weights() throws {
        let values = try values()
        let file = try SafetensorsFile(contentsOf: place.url("run/weights.safetensors"))
        let tensors = try file.tensorNames.map { name in
            let tensor = try file.tensor(named: name)
            return (name: name, shape: tensor.shape, values: tensor.values.map { 2 * $0 })
        }
        try Safetensors.write(tensors, to: place.url("doubled.safetensors"))
        let doubled = try self.values("--weights", "doubled.safetensors")
        #expect(doubled != values)
        try CheckpointStore(in: RunFolder(opening: place.url("run")))
            .write(Checkpoint(step: 7, tensors: tensors))
        #expect(try self.values("--weights", "7") == doubled)
        #expect(try self.values("--weights", "run/weights.safetensors") == values)
    }
}
