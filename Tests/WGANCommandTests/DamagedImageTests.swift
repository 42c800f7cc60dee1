import Figures
import Foundation
import Testing

@Suite("Damaged images")
struct DamagedImageTests {
    /// Two folders of three images, of which one is damaged.
    ///
    /// - Parameter damage: Makes a file of a sound one.
    private func place(_ damage: (Data) -> Data) throws -> Workplace {
        let place = try SmallImages.place()
        for index in 0..<3 {
            let values = (0..<1024).map { Float(($0 * (index + 7)) % 255) / 127.5 - 1 }
            let image = try PixelImage(values: values[...], width: 32, height: 32, channels: 1)
            try place.write(image.pngData(), to: "two/\(index).png")
            try place.write(
                index == 1 ? damage(image.pngData()) : image.pngData(), to: "one/\(index).png")
        }
        return place
    }

    private static let damages: [(name: String, make: @Sendable (Data) -> Data)] = [
        ("header", { $0.prefix(20) }), ("body", { $0.prefix($0.count * 3 / 5) }),
        ("empty", { _ in Data() }), ("text", { _ in Data("no image".utf8) }),
        (
            "checksum",
            { data in
                var bytes = data
                bytes[60] ^= 0xFF
                return bytes
            }
        ),
    ]

    @Test("are left out, counted and named, in measures and trainings alike", arguments: 0..<5)
    func leftOut(damage: Int) throws {
        let place = try place(Self.damages[damage].make)
        for metric in ["psnr", "ssim", "fid"] {
            let outcome = try place.wgan(["measure", metric, "one", "two", "--json"])
            #expect(outcome.code == 0, "\(Self.damages[damage].name): \(outcome.errors)")
            #expect(outcome.errors.contains("1.png: "), "\(outcome.errors)")
            #expect(outcome.errors.contains("1 of 3"), "\(outcome.errors)")
            if metric != "fid" { #expect(outcome.output.contains("\"pairs\":2")) }
        }
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--out", "run", "--data", "one", "--set",
            "data={imageFolder: {size: 4, channels: 1}}", "--set", "batchSize=2",
        ])
        #expect(training.code == 0, "\(training.errors)")
        #expect(training.errors.contains("note: left out 1 of 3 files (1.png: "))
    }

    @Test("are an error, named, where none other is left")
    func noneLeft() throws {
        let place = try place { $0.prefix($0.count * 3 / 5) }
        for arguments in [
            ["psnr", "one/1.png", "two/1.png"], ["fid", "one/1.png", "two/1.png"],
        ] {
            let outcome = try place.wgan(["measure"] + arguments)
            #expect(outcome.code != 0 && outcome.errors.contains("one/1.png"), "\(outcome.errors)")
            #expect(outcome.errors.contains("it is damaged"), "\(outcome.errors)")
        }
        try FileManager.default.createDirectory(
            at: place.url("bad"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: place.url("one/1.png"), to: place.url("bad/1.png"))
        for metric in ["psnr", "fid"] {
            let outcome = try place.wgan(["measure", metric, "bad", "two"])
            #expect(outcome.code != 0 && outcome.errors.contains("1.png"), "\(outcome.errors)")
        }
    }

    @Test("two files of one name are paired by their endings, and else refused")
    func pairs() throws {
        let place = try place { $0 }
        try FileManager.default.copyItem(at: place.url("two/2.png"), to: place.url("two/1.jpg"))
        let outcome = try place.wgan(["measure", "psnr", "one", "two", "--json"])
        #expect(outcome.output.contains("\"pairs\":3") && outcome.errors.contains("(1.jpg)"))
        try FileManager.default.moveItem(at: place.url("one/1.png"), to: place.url("one/1.webp"))
        try expectRefusal(
            ["measure", "psnr", "one", "two"], saying: ["1.webp", "1.jpg", "1.png"], in: place)
    }
}
