import ArgumentParser
import Files
import Foundation
import Runs
import StrictYAML
import WGAN

/// `wgan sample`.
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw samples from a run.",
        discussion: """
            The end of --out decides: .npy and .csv hold the samples themselves (points, or images \
            as N×H×W×C numbers in −1…1), .png a picture of them, and a folder, whose name ends in \
            a slash, one PNG for each image. One seed always gives the same samples, and the first \
            of many are those of few.

            A run with a condition gives its classes in turn, a picture has a row for each, and a \
            folder a subfolder for each; --class gives one of them.

            --truncation B makes samples that are more typical and less varied: every number of a \
            latent is moved by the increasing function that turns its distribution into the same \
            one restricted to −B…B. Normal latents become truncated normal ones, uniform latents \
            are multiplied by B ≤ 1.

            --interpolate makes an animation, .gif or .webp: each image goes from its latent of \
            --seed to that of the next seed and back. Spherical interpolation is for normal latents.

            --augmented DATA makes a picture of the data's images as the run's critic sees them, \
            with the augmentation's probability of the run's last step.

            Examples:
              wgan sample runs/mixture-1 --count 1000 --out points.csv
              wgan sample runs/mnist-gp-1 --count 64 --seed 7 --out digits.png
              wgan sample runs/mnist-conditional-1 --class 7 --out sevens.png
              wgan sample runs/mnist-gp-1 --count 500 --truncation 1 --out digits/
              wgan sample runs/mnist-gp-1 --interpolate spherical --out digits.gif
              wgan sample runs/mnist-gp-1 --weights 1000 --raw --out earlier.png
              wgan sample runs/images-gp-1 --augmented ~/photos --out augmented.png
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(
        help: ArgumentHelp(
            "How many samples; by default 64, 16 in an animation, and 10 or 4 of each class, at "
                + "most 1000 or 400."))
    var count: Int?

    @Option(help: "Which samples.")
    var seed: UInt64 = 0

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("The class of all samples, counted from 0.", valueName: "number"))
    var label: Int?

    @OptionGroup var weights: WeightsOptions

    @OptionGroup var place: DeviceOption

    @Option(
        help: ArgumentHelp(
            "Restrict each number of the latents to −bound…bound.", valueName: "bound"))
    var truncation: Double?

    @Option(
        help: ArgumentHelp(
            "Animate the way from one latent to another: linear or spherical.", valueName: "way"))
    var interpolate: Interpolation?

    @Option(help: "Frames from one latent to the other; by default 30.")
    var frames: Int?

    @Option(
        help: ArgumentHelp(
            "Show images of this folder as the critic sees them.", valueName: "data"))
    var augmented: String?

    @Option(
        help: ArgumentHelp(
            "Where to write: .npy, .csv, .png, .gif, .webp or a folder with a slash at its end.",
            valueName: "file"))
    var out: String

    func run() throws {
        guard let augmented else { return try drawSamples() }
        let (drawing, place) = try Refusal.guarding { try prepareAugmented(augmented) }
        note("images are changed with the probability \(drawing.probability)")
        try AtomicFile.write(drawing.pngData(), to: place)
    }

    private func prepareAugmented(_ data: String) throws -> (AugmentedDrawing, URL) {
        let form = try SampleForm(out)
        guard form == .png else {
            throw CommandFailure("--augmented makes a picture, but \(out) is none; choose .png")
        }
        for (option, isGiven) in [
            ("--class", label != nil), ("--truncation", truncation != nil),
            ("--interpolate", interpolate != nil), ("--frames", frames != nil),
            ("--weights", weights.weights != nil), ("--raw", weights.raw),
            ("--device", place.choice != nil),
        ] where isGiven {
            throw CommandFailure(
                "\(option) is about generated samples, and --augmented shows real ones; "
                    + "leave one of them out")
        }
        let count = count ?? form.usualCount(classes: nil)
        guard (1...10_000).contains(count) else {
            throw CommandFailure("--count \(count) makes no sense; give 1 to 10000")
        }
        let drawing = try AugmentedDrawing(folder, data: data, count: count, seed: seed)
        guard case .file(let place) = try form.place(at: out) else {
            preconditionFailure("a picture is a file")
        }
        return (drawing, place)
    }

    private func drawSamples() throws {
        var (samples, form, place, notes) = try Refusal.guarding { try prepare() }
        for text in notes { note(text) }
        let work = WorkProgress(total: samples.total, "drawing samples")
        defer { work.finish() }
        samples.progress = { work.update($0) }
        try form.write(samples, to: place)
    }

    /// All that can be refused before any work starts; the place for the samples comes last, so
    /// that a refusal leaves none behind.
    private func prepare() throws -> (
        SampleDrawing, SampleForm, SampleForm.Place, notes: [String]
    ) {
        let form = try SampleForm(out)
        try checkOptions(form)
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        let loaded = try weights.generator(
            of: run, on: TrainingDevice.named(place.choice, threads: nil))
        let sampler = loaded.sampler
        try check(label, sampler.condition)
        let shown = label == nil ? sampler.condition?.classes : nil
        let samples = SampleDrawing(
            configuration: loaded.configuration, sampler: sampler, stamp: loaded.stamp,
            count: count ?? form.usualCount(classes: shown), seed: seed, label: label,
            truncation: try truncation.map { bound in
                do { return try Truncation(bound, for: sampler.latent) } catch {
                    throw CommandFailure("--truncation: \(error)")
                }
            },
            walk: interpolate.map { LatentWalk(way: $0, frames: frames ?? LatentWalk.usualFrames) })
        try form.check(samples)
        let unused =
            frames != nil && interpolate == nil
            ? ["--frames has no effect without --interpolate"] : []
        return (samples, form, try form.place(at: out), loaded.notes + unused)
    }

    private func check(_ label: Int?, _ condition: Condition?) throws {
        guard let label else { return }
        guard let condition else {
            throw CommandFailure(
                "--class \(label) cannot be drawn, as \(folder) has no condition; leave it out")
        }
        guard (0..<condition.classes).contains(label) else {
            throw CommandFailure(
                "--class \(label) is none of this run's \(condition.classes) classes; "
                    + "give 0 to \(condition.classes - 1)")
        }
    }

    private func checkOptions(_ form: SampleForm) throws {
        if let count, count < 1 {
            throw CommandFailure("--count \(count) makes no sense; give at least 1")
        }
        guard form.isAnimation == (interpolate != nil) else {
            throw CommandFailure(
                form.isAnimation
                    ? "\(out) is an animation, which --interpolate is needed for; add it, "
                        + "or choose .png"
                    : "--interpolate makes an animation, but \(out) is none; "
                        + "choose .gif or .webp")
        }
        if let frames {
            guard (2...1000).contains(frames) else {
                throw CommandFailure("--frames \(frames) makes no sense; give 2 to 1000")
            }
        }
    }
}
