import ArgumentParser
import Files
import Foundation
import OptimalTransport
import Runs

/// `wgan measure`.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure how alike two sets of samples are.",
        discussion: """
            A and B are image files, folders of images, .npy, .npz, .safetensors, .pt, .csv, .tsv \
            or .txt files of numbers, IDX files, or mnist:train, mnist:test, fashion-mnist:train, \
            fashion-mnist:test. FILE#NAME is one array of a file that has several. Generated \
            samples come first, real ones second.

            Examples:
              wgan measure --list
              wgan measure ssim restored.png original.png
              wgan measure psnr made.npy real.npy --layout NCHW,NHWC --range 0,1
              wgan measure w1 points.csv real.csv --json
              wgan measure fid samples.npy mnist:test --extractor mnist
              wgan measure fid,kid,prdc a.npy mnist:test --extractor mnist --out s.json
              wgan measure statistics mnist:test --extractor mnist --out real.npz
              wgan measure fid samples.npy real.npz --extractor mnist
              wgan measure modes points.csv centres.csv --deviation 0.5
            """)

    @Argument(help: "The measure, or several of features, such as fid,kid,prdc; see --list.")
    var metric: String?

    @Argument(help: ArgumentHelp("The generated samples.", valueName: "A"))
    var first: String?

    @Argument(help: ArgumentHelp("The real samples.", valueName: "B"))
    var second: String?

    @Flag(help: "List all measures.")
    var list = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the result to this file as --json prints it; statistics write theirs.",
            valueName: "file"))
    var out: String?

    @OptionGroup var options: MeasureOptions

    func validate() throws {
        guard list || (metric != nil && (first != nil || options.cost != nil)) else {
            throw ValidationError("Give a measure and what to measure, or --list.")
        }
    }

    func run() throws {
        if list { return try print(MeasurementCatalogue.list) }
        let (measurement, request) = try Refusal.guarding { try checked() }
        let start = ContinuousClock.now
        var result = try measured(measurement, request)
        result.details.append(("seconds", .number((ContinuousClock.now - start).seconds)))
        if let out, !measurement.writesOwnFile {
            try AtomicFile.write(Data((result.json + "\n").utf8), to: URL(fileURLWithPath: out))
        }
        try print(json ? result.json : result.text)
    }

    private func measured(
        _ measurement: any Measurement, _ request: MeasureRequest
    ) throws -> MeasureResult {
        let work = WorkProgress(total: 1000, "measuring \(measurement.name)")
        defer { work.finish() }
        do {
            var request = request
            request.work = PartProgress(work: work, range: 0..<1000)
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
        let request = MeasureRequest(
            first: first ?? "", second: second, options: options, out: out)
        if measurement.needsSecond, options.cost == nil { _ = try request.requiredSecond() }
        try request.check(for: measurement)
        try measurement.check(request)
        for file in [out, options.features, options.plan].compactMap(\.self) {
            try Folder.checkWritable(
                URL(fileURLWithPath: file).deletingLastPathComponent().path)
        }
        return (measurement, request)
    }
}
