import CPUExecutor
import Foundation
import NeuralNetworks
import Runs
import TensorGraph
import WGAN
import XLAExecutor

/// A workload that is ready to be run and timed.
struct WorkloadTimer {
    /// Seconds from the process's start until both programs are compiled.
    let compiledSeconds: Double
    /// Seconds from the process's start to the end of the first iteration.
    let firstIterationSeconds: Double
    /// Where the workload runs.
    var deviceName: String { trainer.device.name }
    /// How exactly its products are computed.
    var precision: Precision { trainer.setup.precision }
    /// The most memory that the device has had in use, in millions of bytes; nil where it does not
    /// count.
    var peakDeviceMegabytes: Double? {
        (trainer.device as? XLADevice)?.peakBytes.map { Double($0) / 1e6 }
    }
    private let trainer: Trainer

    /// Compiles the workload and runs its first iteration.
    init(_ workload: Workload, _ setup: TrainingSetup, on device: any Device) throws {
        trainer = try Trainer(
            setup, data: NoiseSource(sampleShape: workload.sampleShape, seed: setup.seed),
            on: device)
        compiledSeconds = ProcessFacts.secondsSinceStart
        try trainer.train(to: 1)
        firstIterationSeconds = ProcessFacts.secondsSinceStart
    }

    /// Milliseconds of each of `iterations` iterations.
    ///
    /// Where the device carries out several by one call, each is said to take its share.
    func run(_ iterations: Int) throws -> [Double] {
        guard !(trainer.device is XLADevice) else {
            let start = ContinuousClock.now
            try trainer.train(to: trainer.step + iterations) { _ in
                false
            } observe: { _ in
            }
            let time = 1000 * (ContinuousClock.now - start).seconds / Double(iterations)
            return [Double](repeating: time, count: iterations)
        }
        return try (0..<iterations).map { _ in
            let start = ContinuousClock.now
            try trainer.train(to: trainer.step + 1)
            return 1000 * (ContinuousClock.now - start).seconds
        }
    }
}

/// What the operating system knows of this process.
enum ProcessFacts {
    /// The largest amount of memory that the process has had, in millions of bytes.
    static var peakMegabytes: Double {
        if let kilobytes = peakOfThisProgram { return kilobytes * 1024 / 1e6 }
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Double(usage.ru_maxrss) * 1024 / 1e6
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1e6
        #endif
    }

    /// Linux's high-water mark in kilobytes; the one of `getrusage` begins with that of the process
    /// that started this one.
    private static var peakOfThisProgram: Double? {
        let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap {
            Double($0)
        }
    }

    /// Seconds since the process was started, in hundredths; where the system does not say it,
    /// since the time was first asked for.
    static var secondsSinceStart: Double {
        guard let uptime = firstField("/proc/uptime"), let started else {
            return (ContinuousClock.now - reference).seconds
        }
        return uptime - started
    }

    private static let reference = ContinuousClock.now

    private static func firstField(_ path: String) -> Double? {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }

    /// When the process was started, in seconds after the system was.
    private static let started = ProcessIdentity.startTime(of: getpid()).map {
        Double($0) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// The times of a workload's single operations.
enum WorkloadProfile {
    /// One table for each of the two programs.
    static func profiles(
        of workload: Workload, batchSize: Int?, width: Int?, runs: Int, on device: CPUDevice
    ) throws -> [(name: String, table: String)] {
        let (critic, generator, store) = try workload.programs(
            batchSize: batchSize, width: width)
        for (variable, values) in try store.initialValues(seed: 0) {
            try device.set(variable, to: values)
        }
        return try [("critic step", critic), ("generator step", generator)].map {
            ($0, try device.profile($1, runs: runs))
        }
    }
}
