import ArrayFiles
import Foundation
import Testing

/// What measures make of arrays: points of flattened samples, or images of a known layout and
/// range.
@Suite("Measuring arrays")
struct MeasureArrayTests {
    let place: Workplace

    init() throws { place = try Workplace() }

    private func object(_ arguments: [String], note: String = "") throws -> [String: Any] {
        let outcome = try place.wgan(["measure"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        #expect(note.isEmpty ? outcome.messages.isEmpty : outcome.errors.contains(note))
        let data = Data(outcome.output.utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func value(_ arguments: [String], note: String = "") throws -> Double {
        try #require(try object(arguments, note: note)["value"] as? Double)
    }

    private func write(_ name: String, _ shape: [Int], _ values: [Float]) throws {
        try NumpyFile.write(shape: shape, values: values, to: place.url(name))
    }

    /// Writes an array of a type that the library does not write itself.
    private func write(_ name: String, type: String, shape: String, _ bytes: [UInt8]) throws {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
        let mark = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        try place.write(Data(mark + Array(header.utf8) + bytes), to: name)
    }

    private func write(_ name: String, doubles: [Double]) throws {
        let bytes = doubles.flatMap { number in
            (0..<8).map { UInt8(number.bitPattern >> ($0 * 8) & 255) }
        }
        try write(name, type: "<f8", shape: "(\(doubles.count), 1)", bytes)
    }

    @Test("measures of points and histograms compute on doubles from end to end")
    func doubles() throws {
        try place.write("0.1,0.2,0.7\n", to: "p.csv")
        try place.write("0.1;0.3;0.6\n", to: "q.tsv")
        #expect(abs(try value(["tv", "p.csv", "q.tsv"]) - 0.1) < 1e-16)
        try write("a.npy", doubles: [1e8])
        try write("b.npy", doubles: [1e8 + 1])
        for metric in ["w1", "w2", "sliced", "max-sliced"] {
            #expect(try value([metric, "a.npy", "b.npy"]) == 1, "\(metric)")
        }
        #expect(try object(["w1", "a.npy", "b.npy"])["arithmetic"] as? String == "float64")
        try place.write("1e8\n1e8\n100000002\n", to: "a.csv")
        try place.write("100000001\n1e8\n1e8\n", to: "b.csv")
        #expect(abs(try value(["w1", "a.csv", "b.csv"]) - 1.0 / 3) < 1e-12)
        #expect(abs(try value(["fid", "a.csv", "b.csv"]) - 4.0 / 9) < 1e-6)
        #expect(try value(["modes", "a.csv", "b.csv", "--deviation", "0.4"]) == 2)
        try place.write("0.1\n0.2\n0.7\n", to: "weights.csv")
        let weighted = ["w1", "a.csv", "b.csv", "--weights-a", "weights.csv"]
        #expect(abs(try value(weighted) - (0.7 * 2 - 1.0 / 3)) < 1e-12)
    }

    @Test("measures of points take arrays of any shape as points of flattened samples, and say so")
    func points() throws {
        try write("a.npy", [1, 2, 1], [0, 0])
        try write("b.npy", [1, 2, 1], [3, 4])
        for metric in ["w1", "w2"] {
            let note = "note: a.npy: samples of 2×1 are taken as points of 2 coordinates"
            #expect(try value([metric, "a.npy", "b.npy"], note: note) == 5)
        }
        let facts = try object(["w1", "a.npy", "b.npy"], note: "note")["a"] as? [String: Any]
        #expect(facts?["coordinates"] as? Int == 2)
        #expect(facts?["shape"] as? [Int] == [2, 1])
        let values = (0..<24).map { Float($0 * $0 % 17) }
        try write("flat.npy", [6, 4], values)
        try write("moved.npy", [6, 4], values.map { $0 + 2 })
        for shape in [[6, 4, 1, 1], [6, 2, 2, 1], [6, 1, 2, 2], [6, 1, 4], [6, 4, 1]] {
            try write("deep.npy", shape, values)
            for metric in ["fid", "bures", "sliced"] {
                let found = try value([metric, "deep.npy", "moved.npy"], note: "4 coordinates")
                #expect(found == (try value([metric, "flat.npy", "moved.npy"])), "\(metric)")
            }
        }
        #expect(abs(try value(["fid", "flat.npy", "moved.npy"]) - 16) < 1e-6)
    }

    @Test("a list is points of one coordinate")
    func list() throws {
        try write("a.npy", [3], [0, 1, 2])
        try write("b.npy", [3, 1], [1, 2, 3])
        #expect(try value(["w1", "a.npy", "b.npy"]) == 1)
    }

    @Test("arrays beside images are images, in the range that they have")
    func besideImages() throws {
        try place.write(
            Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102]),
            to: "a.idx")
        try write("b.npy", [2, 1, 2, 1], [-1, 1, -0.6, -0.2])
        for arguments in [["w1", "b.npy", "a.idx"], ["fid", "a.idx", "b.npy"]] {
            #expect(try value(arguments + ["--layout", "NHWC"]) < 1e-6, "\(arguments)")
        }
        try write("c.npy", [2, 1, 2], [0, 1, 0.2, 0.4])
        try expectRefusal(["measure", "w1", "a.idx", "c.npy"], saying: ["give --range"], in: place)
        #expect(try value(["w1", "a.idx", "c.npy", "--range", "0,1"]) < 1e-7)
    }

    @Test("the range of images is that of their type or their negative values, or has to be given")
    func ranges() throws {
        let size = 16 * 16
        for (name, number) in [("dark", Float(0.25)), ("light", 0.75)] {
            try write("\(name).npy", [2, 16, 16, 1], [Float](repeating: number, count: 2 * size))
            try write(
                "\(name)-bytes.npy", type: "|u1", shape: "(1, 16, 16)",
                [UInt8](repeating: UInt8(number * 200), count: size))
            try write(
                "\(name)-signed.npy", [1, 16, 16],
                [-1] + [Float](repeating: number, count: size - 1))
        }
        let half = -20 * log10(0.5)
        let given = try object(["psnr", "dark.npy", "light.npy", "--range", "0,1"])
        #expect(abs((given["value"] as? Double ?? 0) - half) < 1e-6)
        let facts = given["a"] as? [String: Any]
        #expect(facts?["range"] as? [Double] == [0, 1])
        #expect(facts?["layout"] as? String == "NHWC")
        let twice = ["psnr", "dark.npy", "light.npy", "--range", "-1,1"]
        #expect(abs(try value(twice) - 2 * half) < 1e-6)
        try expectRefusal(
            ["measure", "psnr", "dark.npy", "light.npy"],
            saying: ["from 0.25 to 0.25, which fit more than one range; give --range"], in: place)
        try expectRefusal(
            ["measure", "psnr", "dark.npy", "light.npy", "--range", "0,0.5"],
            saying: ["light.npy holds numbers from 0.75 to 0.75, outside 0.0…0.5"], in: place)
        let bytes = try object(["psnr", "dark-bytes.npy", "light-bytes.npy"])
        #expect(abs((bytes["value"] as? Double ?? 0) + 20 * log10(100 / 255)) < 1e-6)
        #expect((bytes["b"] as? [String: Any])?["range"] as? [Double] == [0, 255])
        let signed = try object(["psnr", "dark-signed.npy", "light-signed.npy"])
        #expect((signed["a"] as? [String: Any])?["range"] as? [Double] == [-1, 1])
        // Each side in its own range: 0.75 against -0.5, which is 0.25 in 0…1.
        try write("low.npy", [2, 16, 16, 1], [Float](repeating: -0.5, count: 2 * size))
        let apart = ["psnr", "light.npy", "low.npy", "--range", "0,1,-1,1"]
        #expect(abs(try value(apart) - half) < 1e-6)
        let both = try object(apart)
        #expect((both["a"] as? [String: Any])?["range"] as? [Double] == [0, 1])
        #expect((both["b"] as? [String: Any])?["range"] as? [Double] == [-1, 1])
        let mixed = ["w1", "dark-bytes.npy", "dark.npy", "--range", "0,200,0,1"]
        #expect(abs(try value(mixed)) < 1e-12)
        try expectRefusal(
            ["measure", "psnr", "dark-bytes.npy", "dark.npy", "--range", "0,1"],
            saying: ["dark-bytes.npy holds numbers from 50.0 to 50.0, outside 0.0…1.0"], in: place)
        let outcome = try place.wgan(["measure", "psnr", "dark-bytes.npy", "light-bytes.npy"])
        #expect(outcome.output.contains("layout NHW, range 0, 255"))
        try write("wide.npy", [1, 16, 16], [-1.5] + [Float](repeating: 0, count: size - 1))
        try expectRefusal(
            ["measure", "psnr", "wide.npy", "wide.npy"],
            saying: ["from -1.5 to 0.0, outside -1.0…1.0; give --range"], in: place)
        try write("none.npy", [1, 16, 16], [.nan] + [Float](repeating: 0, count: size - 1))
        try expectRefusal(
            ["measure", "psnr", "none.npy", "none.npy"], saying: ["none.npy", "NaN"], in: place)
    }

    @Test("every layout gives the same images, and is recognised where only one is possible")
    func layouts() throws {
        let (height, width) = (12, 14)
        func pixel(_ n: Int, _ h: Int, _ w: Int, _ c: Int) -> Float {
            Float((n * 31 + h * 7 + w * 3 + c * 50) % 97) / 48 - 1
        }
        func write(_ name: String, _ order: String, _ channels: Int, count: Int = 2) throws {
            let sizes: [Character: Int] = ["N": count, "H": height, "W": width, "C": channels]
            let shape = order.map { sizes[$0] ?? 1 }
            let values = (0..<shape.reduce(1, *)).map { place in
                var (rest, at) = (place, [Character: Int]())
                for (letter, size) in zip(order, shape).reversed() {
                    at[letter] = rest % size
                    rest /= size
                }
                return pixel(at["N"] ?? 0, at["H"] ?? 0, at["W"] ?? 0, at["C"] ?? 0)
            }
            try self.write("\(name).npy", shape, values)
        }
        for channels in [1, 3] {
            try write("a", "NHWC", channels)
            let one = channels == 1
            for order in ["NHWC", "NCHW", "CNWH", "HWCN", "WHNC"] + (one ? ["NHW", "HWN"] : []) {
                try write("b", order, channels)
                let arguments = ["psnr", "a.npy", "b.npy"]
                if ["NHWC", "NCHW", "NHW"].contains(order) {
                    let found = try object(arguments)
                    #expect(found["value"] as? Double == 80, "\(order)")
                    #expect(found["pairs"] as? Int == 2)
                    #expect((found["b"] as? [String: Any])?["layout"] as? String == order)
                }
                try write("c", order, channels)
                let both = ["psnr", "b.npy", "c.npy", "--layout", order.lowercased()]
                #expect(try value(both) == 80, "\(order)")
                #expect(try object(both)["pairs"] as? Int == 2, "\(order)")
            }
            try write("image", "HWC", channels, count: 1)
            let image = try object(["psnr", "image.npy", "image.npy", "--layout", "HWC"])
            #expect(image["pairs"] as? Int == 1)
            try expectRefusal(
                ["measure", "ssim", "image.npy", "image.npy"],
                saying: ["image.npy has the shape [12, 14, \(channels)]", "--layout, such as HWC"],
                in: place)
        }
        try write("plane", "HW", 1)
        try expectRefusal(
            ["measure", "ssim", "plane.npy", "plane.npy"],
            saying: ["--layout, such as HW for one grey image"], in: place)
        #expect(try value(["ssim", "plane.npy", "plane.npy", "--layout", "HW"]) == 1)
    }

    @Test("what is no layout of an array is refused")
    func layoutRefusals() throws {
        try write("a.npy", [2, 12, 14, 5], [Float](repeating: -1, count: 2 * 12 * 14 * 5))
        try write("b.npy", [2, 3, 14, 3], [Float](repeating: -1, count: 2 * 3 * 14 * 3))
        try write("c.npy", [3, 12, 14], [Float](repeating: -1, count: 3 * 12 * 14))
        try place.write("1,2\n", to: "a.csv")
        try place.write("1,2\n", to: "folder/readme.txt")
        for (arguments, fragment) in [
            (["ssim", "a.npy", "a.npy"], "--layout, such as NHWC or NCHW"),
            (["ssim", "b.npy", "b.npy"], "--layout, such as NHWC or NCHW"),
            (["ssim", "c.npy", "c.npy"], "--layout, such as HWC or CHW for one image"),
            (["ssim", "a.npy", "a.npy", "--layout", "NHWC"], "has 5 channels by the layout NHWC"),
            (["ssim", "a.npy", "a.npy", "--layout", "NHW"], "with 4 axes"),
            (["w1", "a.csv", "a.csv", "--range", "0,1"], "--layout, such as HW"),
            (["w1", "a.csv", "a.csv", "--range", "5,1"], "'5,1' is no range"),
            (["w1", "a.csv", "a.csv", "--range", "0,1,2"], "'0,1,2' is no range"),
            (["w1", "a.csv", "a.csv", "--range", "0,1,1,1"], "'0,1,1,1' is no range"),
            (["w1", "a.csv", "a.csv", "--range", "0,,1"], "'0,,1' is no range"),
            (["w1", "a.csv", "a.csv", "--range", "0,inf"], "'0,inf' is no range"),
            (["w1", "folder", "folder", "--range", "0,1"], "--range is about arrays"),
            (["ssim", "folder", "folder", "--layout", "NHWC"], "--layout is about arrays"),
            (["fid", "a.csv", "a.csv", "--extractor", "mnist"], "give --layout"),
        ] {
            try expectRefusal(["measure"] + arguments, saying: [fragment], in: place)
        }
        try expectUsageError(
            ["measure", "ssim", "a.npy", "a.npy", "--layout", "NHWX"], saying: "NHWX",
            in: Workplace())
    }

    @Test("a network sees PyTorch's layout as its own")
    func network() throws {
        let values = (0..<12 * 784).map { number -> Float in Float(number * 7919 % 1000) / 500 - 1 }
        try write("a.npy", [12, 28, 28, 1], values)
        try write("b.npy", [12, 1, 28, 28], values)
        let fid = try object(["fid", "a.npy", "b.npy", "--extractor", "mnist"])
        #expect((fid["value"] as? Double ?? 1) < 1e-6)
        #expect((fid["b"] as? [String: Any])?["layout"] as? String == "NCHW")
        #expect(fid["arithmetic"] as? String == "features float32, measure float64")
    }
}
