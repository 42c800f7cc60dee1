import ArgumentParser
import Foundation
import OptimalTransport
import Runs

/// `wgan measure`.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure how alike two sets of samples are.",
        discussion: """
            A and B are image files, folders of images, .npy, .npz, .safetensors, .csv, .tsv or \
            .txt files of numbers, IDX files, or mnist:train, mnist:test, fashion-mnist:train, \
            fashion-mnist:test. FILE#NAME is one array of a file that has several. Generated \
            samples come first, real ones second.

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
        if list { return try print(MeasurementCatalogue.list) }
        let (measurement, request) = try Refusal.guarding { try checked() }
        let start = ContinuousClock.now
        var result = try measured(measurement, request)
        result.details.append(("seconds", .number((ContinuousClock.now - start).seconds)))
        try print(json ? result.json : result.text)
    }

    private func measured(
        _ measurement: any Measurement, _ request: MeasureRequest
    ) throws -> MeasureResult {
        let work = WorkProgress(total: 1, "measuring \(measurement.name)")
        defer { work.finish() }
        do {
            return try measurement.result(request)
        } catch let error as EntropicError where error.isOfEffort {
            throw error
        } catch {
            throw Refusal(cause: request.named(error))
        }
    }

    /// The measure that was asked for and what to measure, before any sample is read.
    func checked() throws -> (any Measurement, MeasureRequest) {
        let measurement = try MeasurementCatalogue.measurement(named: metric ?? "")
        let request = MeasureRequest(first: first ?? "", second: second, options: options)
        if measurement.needsSecond { _ = try request.requiredSecond() }
        try request.check(for: measurement)
        return (measurement, request)
    }
}
