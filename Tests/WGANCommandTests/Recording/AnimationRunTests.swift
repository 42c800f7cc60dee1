import ArrayFiles
import Figures
import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Animations of trainings")
struct AnimationRunTests {
    private static let settings =
        [
            "outputs.frames={limit: 10, generated: 20}", "outputs.snapshots=0",
            "outputs.events=none",
        ].flatMap { ["--set", $0] } + ["--quiet"]

    /// The steps whose frames a run has kept.
    private func frames(_ run: String, in place: Workplace) throws -> [Int] {
        var steps: [Int] = []
        let folder = FrameFolder(in: try RunFolder(opening: place.url(run))) {
            Issue.record("\($0)")
        }
        try folder.forEach(where: { _ in true }, { steps.append($0.step) })
        return steps
    }

    private func shownFrames(_ run: String, in place: Workplace) throws -> Int {
        try GIFReader(place.data("\(run)/figures/training.gif")).frameCount
    }

    /// What tells a file from one that was written in its place.
    private func identity(_ path: String, in place: Workplace) throws -> NSNumber {
        let attributes = try FileManager.default.attributesOfItem(atPath: place.url(path).path)
        return try #require(attributes[.systemFileNumber] as? NSNumber)
    }

    @Test(
        "have every frame, every second, every fourth, … of longer ones",
        arguments: [
            (10, Array(1...10)), (11, [2, 4, 6, 8, 10]),
            (35, Array(stride(from: 4, to: 35, by: 4))),
        ])
    func limit(steps: Int, expected: [Int]) throws {
        let place = try Workplace()
        try place.succeed(
            ["train", "mixture", "--steps", "\(steps)", "--out", "run"] + Self.settings)
        #expect(try frames("run", in: place) == expected)
        #expect(try shownFrames("run", in: place) == expected.count)
    }

    @Test("that were stopped on the way are those of trainings that were not")
    func resumed() throws {
        let place = try Workplace()
        for (name, steps) in [("whole", 50), ("parts", 9)] {
            try place.succeed(
                ["train", "mixture", "--steps", "\(steps)", "--out", name] + Self.settings)
        }
        for steps in [10, 13, 38, 50] {
            try place.succeed(["resume", "parts", "--steps", "\(steps)", "--quiet"])
        }
        #expect(try frames("parts", in: place) == [8, 16, 24, 32, 40, 48])
        try ResumeTests.expectEqual("parts", "whole", in: place)
    }

    @Test("that kept more frames before are thinned where the training goes on")
    func formerFrames() throws {
        let place = try Workplace()
        try place.succeed(
            ["train", "mixture", "--steps", "35", "--out", "former"] + Self.settings
                + ["--set", "outputs.frames.limit=1000"])
        #expect(try frames("former", in: place) == Array(1...35))
        try place.succeed([
            "resume", "former", "--steps", "40", "--quiet", "--set", "outputs.frames.limit=10",
        ])
        try place.succeed(
            ["train", "mixture", "--steps", "40", "--out", "whole"] + Self.settings)
        #expect(try frames("former", in: place) == Array(stride(from: 4, through: 40, by: 4)))
        let path = "figures/training.gif"
        #expect(try place.data("former/\(path)") == place.data("whole/\(path)"))
    }

    @Test("are not drawn again where nothing has changed, and are where they are gone")
    func finished() throws {
        let place = try Workplace()
        let panels = ["--set", "outputs.panels={every: 4, count: 20}"]
        try place.succeed(
            ["train", "mixture", "--steps", "20", "--out", "run"] + Self.settings + panels)
        let paths = ["run/figures/training.gif", "run/figures/panels.gif"]
        let before = try paths.map { try identity($0, in: place) }
        try place.succeed(["resume", "run", "--quiet"])
        #expect(try paths.map { try identity($0, in: place) } == before)

        let bytes = try paths.map(place.data)
        try FileManager.default.removeItem(at: place.url(paths[0]))
        try place.write("GIF89a", to: paths[1])
        try place.succeed(["resume", "run", "--quiet"])
        #expect(try paths.map(place.data) == bytes)

        try place.succeed(["resume", "run", "--steps", "24", "--quiet"])
        #expect(try paths.map(place.data) != bytes)
        #expect(try GIFReader(place.data(paths[1])).frameCount == 6)
    }

    enum Damage: CaseIterable {
        case truncated, empty, text, otherTensors, folder
    }

    private func apply(_ damage: Damage, to path: String, in place: Workplace) throws {
        let whole = try place.data(path)
        switch damage {
        case .truncated: try place.write(whole.dropLast(7), to: path)
        case .empty: try place.write(Data(), to: path)
        case .text: try place.write("no frames", to: path)
        case .otherTensors:
            try Safetensors.write([("x", [1], [1])], to: place.url(path))
        case .folder:
            try FileManager.default.removeItem(at: place.url(path))
            try place.write("x", to: path + "/x")
        }
    }

    private static let complaint =
        "frames/step-000001-000005.safetensors is damaged; the animation does without its frames"

    @Test("lose the frames of a damaged file alone", arguments: Damage.allCases)
    func damaged(_ damage: Damage) throws {
        let place = try Workplace()
        try place.write("name: run", to: "run/config.yaml")
        var notes: [String] = []
        let folder = try FrameFolder(in: RunFolder(opening: place.url("run"))) { notes.append($0) }
        for steps in [1...5, 6...9] {
            try folder.write(steps.map { (step: $0, points: [Float($0), 0]) })
        }
        try apply(damage, to: "run/frames/step-000001-000005.safetensors", in: place)
        var found: [Int] = []
        try folder.forEach(where: { _ in true }, { found.append($0.step) })
        #expect(found == [6, 7, 8, 9])
        #expect(notes == [Self.complaint])
        try folder.keep(upTo: 8) { $0 != 7 }
        #expect(notes == [Self.complaint, Self.complaint])
        #expect(try frames("run", in: place) == [6, 8])
    }

    @Test("never keep a training with a damaged file of frames from going on")
    func damagedRun() throws {
        let place = try Workplace()
        try place.succeed(["train", "mixture", "--steps", "5", "--out", "run"] + Self.settings)
        try apply(.truncated, to: "run/frames/step-000001-000005.safetensors", in: place)
        let outcome = try place.wgan(["resume", "run", "--steps", "10"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("note: \(Self.complaint)"))
        #expect(try frames("run", in: place) == Array(6...10))
        #expect(try shownFrames("run", in: place) == 5)
    }

    @Test("of panels do without a damaged file, and one of another size, with a note")
    func damagedPanel() throws {
        let place = try Workplace()
        let panels = ["--set", "outputs.panels={every: 2, count: 20}"]
        try place.succeed(
            ["train", "mixture", "--steps", "10", "--out", "run"] + Self.settings + panels)
        let png = try place.data("run/panels/step-000004.png")
        try place.write(png.prefix(png.count / 2), to: "run/panels/step-000004.png")
        let small = try PixelImage(
            bytes: [UInt8](repeating: 9, count: 12), width: 2, height: 2, channels: 3)
        try place.write(small.pngData(), to: "run/panels/step-000008.png")
        let outcome = try place.wgan(["resume", "run"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        for step in [4, 8] {
            #expect(outcome.errors.contains("note: panels/step-00000\(step).png is damaged or of"))
        }
        #expect(try GIFReader(place.data("run/figures/panels.gif")).frameCount == 3)
    }
}
