import ArgumentParser
import Figures
import Files
import Foundation
import Runs
import WGAN

/// `wgan sweep`.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Train once for each of several values of a setting, and compare the runs.",
        discussion: """
            The runs go to one folder, with a table (sweep.csv) and a picture of all curves \
            (sweep.svg, sweep.png). Several --over make all combinations. A sweep that was ended \
            goes on where it was when it is started again: finished runs are not trained again, \
            and an unfinished one is resumed.

            Examples:
              wgan sweep mixture --over constraint=clipping,spectralProjection
              wgan sweep images-gp --data ~/photos --steps 500 \\
                --over constraint.gradientPenalty.coefficient=1,10,100
              wgan sweep images-gp --data ~/photos --steps 500 \\
                --over schedule.fixed.iterations=1,3,5
              wgan sweep input.yaml --over gp_lambda=0.1,1,10 --over critic_its=1,5
            """)

    @OptionGroup var training: TrainingOptions

    @OptionGroup var place: DeviceOption

    @Option(
        help: ArgumentHelp(
            "A setting and its values; may be repeated.", valueName: "key=a,b,c"))
    var over: [String]

    @Option(
        help: ArgumentHelp(
            "The folder of all runs; by default runs/<name>-over-<setting>.", valueName: "folder"))
    var out: String?

    @Flag(help: "Show neither progress nor notes.")
    var quiet = false

    /// The most runs of a sweep.
    private static let mostRuns = 1000

    func run() throws {
        let (name, axes, folder, runs) = try Refusal.guarding { try prepare() }
        for (index, run) in runs.enumerated() {
            tell("\(run.point.label): run \(index + 1) of \(runs.count)", run.state)
            do {
                try carryOut(run)
            } catch let interruption as Interruption {
                throw interruption.ofSweep
            }
        }
        let report = SweepReport(
            name: name, axes: axes, results: try runs.map { try $0.result() })
        let place = { (name: String) in folder.appending(path: name) }
        try AtomicFile.write(report.csv, to: place("sweep.csv"))
        let figure = report.figure
        try AtomicFile.write(figure.svgData, to: place("sweep.svg"))
        try AtomicFile.write(try figure.pngData(), to: place("sweep.png"))
        try printToListener(report.text)
        if !quiet { try printToListener("curves: \(place("sweep.png").relativePath)") }
    }

    private func carryOut(_ point: SweepRun) throws {
        let decoding = DecodingProgress(isQuiet: quiet)
        defer { decoding.finish() }
        let opened: Run? = try Refusal.guarding {
            switch point.state {
            case .new:
                try Run.create(
                    point.configuration, for: point.request, at: point.folder,
                    progress: decoding.listener)
            case .unfinished: try Run.open(point.folder, progress: decoding.listener)
            case .finished: nil
            }
        }
        decoding.finish()
        guard let run = opened else { return }
        for text in run.notes where !quiet { note(text) }
        try run.carryOut(isQuiet: quiet, json: false)
    }

    /// All that can be refused before any work starts.
    private func prepare() throws -> (String, [SweepAxis], folder: URL, [SweepRun]) {
        if out?.isEmpty == true {
            throw CommandFailure("--out is empty; name a folder for the runs")
        }
        _ = try TrainingDevice.named(place.choice, threads: training.threads)
        let axes = try over.map { try SweepAxis($0) }
        guard Set(axes.map(\.key)).count == axes.count else {
            throw CommandFailure("--over names a setting twice; give all its values at once")
        }
        let points = SweepPoint.all(axes)
        guard points.count <= Self.mostRuns else {
            throw CommandFailure(
                "the sweep has \(points.count) runs; give values for at most \(Self.mostRuns)")
        }
        guard Set(points.map(\.folderName)).count == points.count else {
            throw CommandFailure(
                "two runs of the sweep would have one folder, as their values differ in special "
                    + "characters alone; sweep over them separately")
        }
        let trainings = try points.map(training(of:))
        let name = trainings[0].configuration.name
        let folder = URL(
            fileURLWithPath: out
                ?? "runs/\(name)-over-\(axes.map(\.name).joined(separator: "-"))",
            isDirectory: true)
        let runs = try zip(points, trainings).map { point, training in
            try SweepRun(
                point, training.request, training.configuration,
                in: folder.appending(path: point.folderName, directoryHint: .isDirectory))
        }
        return (name, axes, folder, runs)
    }

    /// What is trained at a point. Reports go to the runs' folders: beside them the runs would
    /// overwrite each other's.
    private func training(
        of point: SweepPoint
    ) throws -> (request: TrainingRequest, configuration: TrainingConfiguration) {
        var request = training.request
        request.device = place.choice
        request.overrides += point.overrides
        let configuration = try request.configuration()
        guard configuration.outputs.aidl21?.prefix != nil else { return (request, configuration) }
        request.overrides.append("outputs.report.prefix=null")
        return (request, try request.configuration())
    }

    private func tell(_ sentence: String, _ state: SweepRun.State) {
        guard !quiet else { return }
        let addition =
            switch state {
            case .new: ""
            case .unfinished: ", continued"
            case .finished: ", finished before"
            }
        say(sentence + addition)
    }
}
