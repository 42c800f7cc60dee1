public import ArgumentParser
import CPUExecutor
import Files
import Foundation
import Runs
public import TensorGraph
import WGAN

/// `wgan bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast this machine trains.",
        discussion: """
            One iteration is five updates of the critic and one of the generator. The profile \
            tells for every operation of both programs how long it takes, and what share of the \
            whole.

            \(Workload.allCases.map { "  \($0.rawValue)  \($0.summary)" }.joined(separator: "\n"))

            Examples:
              wgan bench W4 --iterations 20
              wgan bench W1 --json
              wgan bench W6 --device cuda --precision tf32
            """)

    @Argument(help: "One of \(Workload.allCases.map(\.rawValue).joined(separator: ", ")).")
    var workload: Workload

    @Option(help: "Iterations to measure, at least 1.")
    var iterations = 20

    @Option(help: "Samples in a batch; by default the workload's.")
    var batch: Int?

    @Option(
        help: "The size of hidden layers or the channels of the first; by default the workload's.")
    var width: Int?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    @OptionGroup var place: DeviceOption

    @Option(help: "How exactly products are computed: \(Precision.names).")
    var precision = Precision.float32

    @Flag(help: "Print one JSON object, and no profile.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Answer requests for measurements on standard input.", visibility: .hidden))
    var serve = false

    @Option(
        help: ArgumentHelp(
            "Run one iteration with the numbers in a folder.", valueName: "folder",
            visibility: .hidden))
    var check: String?

    func validate() throws {
        for (name, value) in [
            ("iterations", iterations), ("batch", batch ?? 1), ("width", width ?? 1),
            ("threads", threads ?? 1),
        ] where !(1...1_000_000).contains(value) {
            throw ValidationError("--\(name) \(value) makes no sense; give 1 to 1000000")
        }
    }

    func run() throws {
        let device = try Refusal.guarding {
            try TrainingDevice.named(place.choice, threads: threads)
        }
        if let check {
            return try WorkloadCheck(workload, precision).run(
                in: URL(fileURLWithPath: check), on: device)
        }
        let setup = workload.setup(batchSize: batch, width: width, precision: precision)
        let timer = try Refusal.guarding { try WorkloadTimer(workload, setup, on: device) }
        if serve { return try timer.serve() }
        let result = try BenchResult(workload, timer, iterations: iterations)
        if json { return try print(result.json) }
        try print(result)
        // Only our own executor knows the operations that a program has become.
        guard let device = device as? CPUDevice else { return }
        for (name, profile) in try WorkloadProfile.profiles(
            of: workload, batchSize: batch, width: width, runs: iterations, on: device)
        {
            try print("\n\(name)\n\(profile)")
        }
    }
}

extension Precision: ExpressibleByArgument {
    fileprivate static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// What a measurement came to.
struct BenchResult: CustomStringConvertible, Encodable {
    let workload: String
    let device: String
    let precision: String
    let iterations: Int
    let medianMilliseconds: Double
    let fastestMilliseconds: Double
    let peakMegabytes: Double
    /// Of the device; nil where it does not count.
    let peakDeviceMegabytes: Double?
    let compiledSeconds: Double
    let firstIterationSeconds: Double
    let times: [Double]

    private enum CodingKeys: String, CodingKey {
        case workload, device, precision, iterations
        case medianMilliseconds = "median_ms"
        case fastestMilliseconds = "min_ms"
        case peakMegabytes = "peak_rss_mb"
        case peakDeviceMegabytes = "peak_device_mb"
        case compiledSeconds = "compiled_s"
        case firstIterationSeconds = "first_iteration_s"
        case times = "times_ms"
    }

    init(_ workload: Workload, _ timer: WorkloadTimer, iterations: Int) throws {
        // The first iterations find cold caches and threads that are not up yet.
        _ = try timer.run(2)
        times = try timer.run(iterations)
        let sorted = times.sorted()
        (self.workload, self.iterations) = (workload.rawValue, iterations)
        (device, precision) = (timer.deviceName, timer.precision.rawValue)
        medianMilliseconds = (sorted[(iterations - 1) / 2] + sorted[iterations / 2]) / 2
        fastestMilliseconds = sorted[0]
        peakMegabytes = ProcessFacts.peakMegabytes
        peakDeviceMegabytes = timer.peakDeviceMegabytes
        compiledSeconds = timer.compiledSeconds
        firstIterationSeconds = timer.firstIterationSeconds
    }

    /// One JSON object.
    var json: String {
        get throws { String(decoding: try JSONEncoder.sorted.encode(self), as: UTF8.self) }
    }

    var description: String {
        """
        \(workload) on \(device), \(precision), \(counted(iterations, "iteration")):
        median \(decimal(medianMilliseconds, 3)) ms, fastest \(decimal(fastestMilliseconds, 3)) ms
        compiled after \(decimal(compiledSeconds, 2)) s, \
        first iteration after \(decimal(firstIterationSeconds, 2)) s, \
        peak memory \(decimal(peakMegabytes, 0)) MB
        """
    }
}

/// Lets another program take turns: a line `run N` on standard input is answered by one line of
/// JSON with the times of N iterations. Between requests the process sleeps.
extension WorkloadTimer {
    private struct Ready: Encodable {
        var ready = true
        var compiledSeconds: Double
        var firstIterationSeconds: Double

        private enum CodingKeys: String, CodingKey {
            case ready
            case compiledSeconds = "compiled_s"
            case firstIterationSeconds = "first_iteration_s"
        }
    }

    private struct Answer: Encodable {
        var times: [Double]
        var peakMegabytes: Double
        var peakDeviceMegabytes: Double?

        private enum CodingKeys: String, CodingKey {
            case times = "times_ms"
            case peakMegabytes = "peak_rss_mb"
            case peakDeviceMegabytes = "peak_device_mb"
        }
    }

    func serve() throws {
        try answer(
            Ready(
                compiledSeconds: compiledSeconds, firstIterationSeconds: firstIterationSeconds))
        while let line = readLine(), line != "quit" {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == "run", let count = Int(words[1]), count > 0 else {
                throw CommandFailure("cannot answer \"\(line)\"; ask by run N, and end by quit")
            }
            try answer(
                Answer(
                    times: try run(count), peakMegabytes: ProcessFacts.peakMegabytes,
                    peakDeviceMegabytes: peakDeviceMegabytes))
        }
    }

    private func answer(_ value: some Encodable) throws {
        try print(String(decoding: JSONEncoder.sorted.encode(value), as: UTF8.self))
    }
}
