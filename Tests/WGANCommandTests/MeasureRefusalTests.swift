import ArrayFiles
import Foundation
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
        try place.write("1,2\n", to: "single.csv")
        try place.write("0,1,2\n3,4,5\n", to: "wide.csv")
        try place.write("0,1e10\n", to: "huge.csv")
        try place.write((0..<9).map { "\($0),1\n" }.joined(), to: "many.csv")
        try NumpyFile.write(
            shape: [2, 28, 28, 1], values: [Float](repeating: -1, count: 2 * 784),
            to: place.url("dark.npy"))
        try place.write("-1\n2\n", to: "negative.csv")
        try place.write("not an image", to: "a.png")
        try place.write("PK", to: "a.pt")
        try place.write("PK", to: "a.pkl")
        try place.write("[[1, 2]]", to: "a.json")
        try place.write("text", to: "folder/readme.txt")
        try place.write("PK", to: "a.npz")
        try Safetensors.write(
            [("one", [1, 2], [0, 0]), ("two", [1, 2], [0, 0])], to: place.url("a.safetensors"))
        try NumpyFile.write(shape: [0, 2], values: [], to: place.url("none.npy"))
        try NumpyFile.write(shape: [1, 2], values: [0, .nan], to: place.url("nan.npy"))
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
            (["w1", "absent.csv", "a.csv"], "it does not exist"),
            (["w1", "folder", "a.csv"], "no image that can be read"),
            (["w1", "a.png", "a.csv"], "not an image in a format"),
            (
                ["w1", "a.csv", "three.csv"],
                "a.csv (A) and three.csv (B): the first side has points of 2 dimensions"
            ),
            (["w1", "a.csv", "uneven.csv"], "uneven.csv:2: the line has 1 column, line 1 has 2"),
            (
                ["w1", "a.csv", "words.csv"],
                "words.csv:2: column 1 is 'x', which is no decimal number"
            ),
            (["w1", "a.csv", "empty.csv"], "holds no numbers"),
            (["w1", "a.csv", "nan.csv"], "nan.csv:1: column 2 is 'nan', which is not finite"),
            (["fid", "nan.csv", "a.csv"], "nan.csv:1: column 2 is 'nan', which is not finite"),
            (
                ["fid", "a.csv", "single.csv"],
                "single.csv (B) has too few samples, 1; give at least 2"
            ),
            (["bures", "single.csv", "a.csv"], "single.csv (A) has too few samples, 1"),
            (["kid", "a.csv", "single.csv"], "single.csv (B) has too few samples, 1"),
            (["kid", "a.csv", "a.csv", "--subset-size", "3"], "a.csv (A) has too few samples, 2"),
            (["prdc", "a.csv", "a.csv"], "a.csv (A) has too few samples, 2; give at least 6"),
            (["recall", "many.csv", "a.csv"], "a.csv (B) has too few samples, 2; give at least 6"),
            (
                ["is", "dark.npy", "--extractor", "mnist", "--splits", "3"],
                "dark.npy (A) has too few samples, 2; give at least 3"
            ),
            (["w1", "a.csv", "a.csv", "--order", "3"], "w1 does not use --order; it uses"),
            (["w2", "a.csv", "a.csv", "--extractor", "nonsense"], "w2 does not use --extractor"),
            (["w1", "a.csv", "a.csv", "--range", "5,1"], "is no range"),
            (["psnr", "a.png", "a.png", "--size", "8"], "psnr does not use --size"),
            (["bures", "a.csv", "a.csv", "--weights-a", "w.csv"], "does not use --weights-a"),
            (["fid", "a.csv", "a.csv", "--weights-b", "w.csv"], "does not use --weights-b"),
            (["tv", "p.csv", "p.csv", "--count", "1"], "it uses none of these settings"),
            (["modes", "a.csv", "a.csv", "--deviation", "0"], "--deviation 0.0 makes no sense"),
            (["fid", "a.csv", "a.csv", "--extractor", ""], "there is no extractor ''"),
            (["w1", "a.csv", "none.npy"], "holds no samples"),
            (["w1", "a.csv", "a.npz"], "it is no ZIP archive"),
            (["w1", "a.csv", "a.safetensors"], "has 2 tensors; choose one"),
            (
                ["w1", "a.csv", "a.safetensors#three"],
                "it has no tensor 'three'; it has 'one', 'two'"
            ),
            (["w1", "a.pkl", "a.csv"], "only Python reads; save the samples with numpy.save"),
            (["w1", "a.pt", "a.csv"], "as PyTorch (.pt): it is no ZIP archive"),
            (["w1", "a.json", "a.csv"], "neither an image nor a known file of numbers"),
            (["w1", "a.csv", "a.csv#x"], "a.csv holds no arrays with names; leave out '#x'"),
            (["w1", "a.png#x", "a.csv"], "a.png holds no arrays with names; leave out '#x'"),
            (
                ["w1", "a.csv", "a.csv", "--weights-a", "three.csv"],
                "3 weights do not fit 2 points"
            ),
            (["w1", "a.csv", "a.csv", "--weights-a", "negative.csv"], "is negative"),
            (["tv", "a.csv", "a.csv"], "not one list of numbers"),
            (["modes", "a.csv", "a.csv"], "give --deviation"),
            (["modes", "a.csv", "three.csv", "--deviation", "1"], "cannot be compared"),
            (["sliced", "a.csv", "a.csv", "--directions", "0"], "--directions 0 makes no sense"),
            (["sinkhorn", "a.csv", "a.csv", "--epsilon", "0"], "--epsilon 0.0 makes no sense"),
            (["sinkhorn", "a.csv", "a.csv", "--order", "inf"], "order inf"),
            (["sinkhorn", "a.csv", "huge.csv"], "lost in the rounding of these costs"),
            (["fid", "a.csv", "wide.csv"], "a.csv (A) and wide.csv (B): rows of 2 and of 3"),
            (
                ["tv", "three.csv", "negative.csv"],
                "three.csv (A) and negative.csv (B): histograms"
            ),
            (["fid", "a.csv", "nan.npy"], "nan.npy"),
            (["fid", "a.csv", "a.csv", "--extractor", "bogus"], "there is no extractor 'bogus'"),
            (
                ["fid", "bright.npy", "bright.npy", "--extractor", "mnist", "--range", "0,2"],
                "takes images of 28×28×1"
            ),
            (["fid", "a.csv", "a.csv", "--extractor", "a.safetensors"], "describes the layers"),
            (["is", "a.csv"], "row 0 is not a distribution over classes"),
            (["is", "dark.npy", "--layout", "NHWC"], "needs a network with classes"),
            (["is", "a.csv", "a.csv"], "leave out B"),
            (["ssim", "a.csv", "a.csv"], "give --layout"),
            (["ssim", "bright.npy", "bright.npy"], "which fit more than one range; give --range"),
            (["ssim", "bright.npy", "bright.npy", "--range", "0,2"], "too small"),
            (["ssim", "bright.npy", "bright.npy", "--range", "dark"], "is no range"),
            (["w1", "a.csv", "a.csv", "--count", "0"], "--count 0 makes no sense"),
            (["fid", "mnist:test", "mnist:train", "--data", "folder"], "was not found"),
        ] {
            try expectRefusal(["measure"] + arguments, saying: [fragment], in: place)
        }
    }

    @Test("a plan that is given up is a failure at work, which names settings that exist")
    func effort() throws {
        let place = try place()
        try expectRefusal(
            ["measure", "sinkhorn", "many.csv", "a.csv", "--iterations", "2"],
            saying: ["after 2 iterations", "epsilon", "tolerance", "more iterations"], code: 1,
            in: place)
        let help = try place.wgan(["measure", "--help"]).output
        for name in ["--epsilon", "--tolerance", "--iterations"] { #expect(help.contains(name)) }
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
