import Foundation
import Runs
import Testing

@Suite("Refusals of measuring")
struct MeasureRefusalTests {
    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.write("0,0\n1,0\n", to: "a.csv")
        try place.write("0,1,2\n", to: "three.csv")
        try place.write("1,2\n3\n", to: "uneven.csv")
        try place.write("1,2\nx,y\n", to: "words.csv")
        try place.write("x,y\n", to: "empty.csv")
        try place.write("1,nan\n", to: "nan.csv")
        try place.write("-1\n2\n", to: "negative.csv")
        try place.write("not an image", to: "a.png")
        try place.write("text", to: "folder/readme.txt")
        try place.write("PK", to: "a.npz")
        try Safetensors.write(
            [("one", [1, 2], [0, 0]), ("two", [1, 2], [0, 0])], to: place.url("a.safetensors"))
        try NumpyFile.write(shape: [0, 2], values: [], to: place.url("none.npy"))
        try NumpyFile.write(
            shape: [2, 4, 4, 1], values: [Float](repeating: 2, count: 32),
            to: place.url("bright.npy"))
        return place
    }

    @Test("what cannot be measured is refused in one sentence")
    func refusals() throws {
        let place = try place()
        for (arguments, fragment) in [
            (["bogus", "a.csv", "a.csv"], "there is no measure 'bogus'; choose from psnr,"),
            (["w1", "a.csv"], "give B after A"),
            (["w1", "absent.npy", "a.csv"], "it does not exist"),
            (["w1", "absent", "a.csv"], "it does not exist"),
            (["w1", "absent.csv", "a.csv"], "there is no such file"),
            (["w1", "folder", "a.csv"], "no image that can be read"),
            (["w1", "a.png", "a.csv"], "not an image in a format"),
            (["w1", "a.csv", "three.csv"], "2 dimensions and the second of 3"),
            (["w1", "a.csv", "uneven.csv"], "uneven.csv:2: the line has 1 numbers"),
            (["w1", "a.csv", "words.csv"], "words.csv:2: there is something else than numbers"),
            (["w1", "a.csv", "empty.csv"], "holds no numbers"),
            (["w1", "a.csv", "nan.csv"], "is not finite"),
            (["w1", "a.csv", "none.npy"], "holds no samples"),
            (["w1", "a.csv", "a.npz"], "it is no ZIP archive"),
            (["w1", "a.csv", "a.safetensors"], "has 2 tensors; choose one"),
            (["w1", "a.csv", "a.safetensors#three"], "it has no tensor 'three'"),
            (
                ["w1", "a.csv", "a.csv", "--weights-a", "three.csv"],
                "3 weights do not fit 2 points"
            ),
            (["w1", "a.csv", "a.csv", "--weights-a", "negative.csv"], "is negative"),
            (["tv", "a.csv", "a.csv"], "not one list of numbers"),
            (["modes", "a.csv", "a.csv"], "give --deviation"),
            (["modes", "a.csv", "three.csv", "--deviation", "1"], "cannot be compared"),
            (["sliced", "a.csv", "a.csv", "--directions", "0"], "0 directions"),
            (["sinkhorn", "a.csv", "a.csv", "--epsilon", "0"], "cannot be 0.0"),
            (["fid", "a.csv", "three.csv"], "cannot be compared"),
            (["fid", "a.csv", "a.csv", "--extractor", "bogus"], "there is no extractor 'bogus'"),
            (["fid", "a.csv", "a.csv", "--extractor", "mnist"], "takes images of 28×28×1"),
            (["fid", "a.csv", "a.csv", "--extractor", "a.safetensors"], "describes the layers"),
            (["prdc", "a.csv", "a.csv"], "does not exist in a set of 2 samples"),
            (["is", "a.csv"], "needs a network with classes"),
            (["is", "a.csv", "a.csv"], "leave out B"),
            (["ssim", "a.csv", "a.csv"], "not images"),
            (["ssim", "bright.npy", "bright.npy"], "outside -1.0…1.0"),
            (["ssim", "bright.npy", "bright.npy", "--range", "0,2"], "too small"),
            (["ssim", "bright.npy", "bright.npy", "--range", "dark"], "is no range"),
            (["w1", "a.csv", "a.csv", "--count", "0"], "--count 0 makes no sense"),
            (["fid", "mnist:test", "mnist:train", "--data", "folder"], "was not found"),
        ] {
            try expectRefusal(["measure"] + arguments, saying: [fragment], in: place)
        }
    }

    @Test("nothing to measure is wrong usage")
    func usage() throws {
        let place = try Workplace()
        for arguments in [["measure"], ["measure", "w1"]] {
            try expectUsageError(arguments, saying: "or --list", in: place)
        }
        try expectUsageError(
            ["measure", "w1", "a", "b", "--order", "x"], saying: "'x' is invalid", in: place)
    }
}
