import ArgumentParser
import Foundation

/// `wgan measure`.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure how alike two sets of samples are.",
        discussion: """
            A and B are image files, folders of images, .npy, .npz, .csv or .safetensors files of \
            numbers, IDX files, or mnist:train, mnist:test, fashion-mnist:train, fashion-mnist:test. \
            FILE#NAME is one array of a file that has several. Generated samples come first, real \
            ones second.

            Examples:
              wgan measure --list
              wgan measure ssim restored.png original.png
              wgan measure w1 points.csv real.csv --json
              wgan measure fid samples.npy mnist:test --extractor mnist
              wgan measure modes points.csv centres.csv --deviation 0.5
            """)

    @Argument(help: "The measure; see --list.")
    var metric: String?

    @Argument(help: ArgumentHelp("The generated samples.", valueName: "A"))
    var first: String?

    @Argument(help: ArgumentHelp("The real samples.", valueName: "B"))
    var second: String?

    @Flag(help: "List all measures.")
    var list = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: MeasureOptions

    func validate() throws {
        guard list || (metric != nil && first != nil) else {
            throw ValidationError("Give a measure and what to measure, or --list.")
        }
    }

    func run() throws {
        if list { return print(MeasurementCatalogue.list) }
        let result = try Refusal.guarding { try measured() }
        print(json ? try result.json : result.text)
    }

    private func measured() throws -> MeasureResult {
        try options.check()
        let measurement = try MeasurementCatalogue.measurement(named: metric ?? "")
        let request = MeasureRequest(first: first ?? "", second: second, options: options)
        if measurement.needsSecond { _ = try request.requiredSecond() }
        let start = ContinuousClock.now
        var result = try measurement.result(request)
        result.details.append(("seconds", .number((ContinuousClock.now - start).seconds)))
        return result
    }
}
