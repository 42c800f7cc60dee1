import FileTestSupport
import Foundation
import Testing

/// Trainings by several processes: those of a launcher of MPI, on the two processors of this
/// machine.
@Suite("Trainings by many processes", .enabled(if: !Launch.installed.isEmpty, Launch.absence))
struct ManyProcessesTests {
    /// Clipping, spectral normalisation, averages, batch normalisation, penalties, classes.
    private static let trainings = [
        ["mixture", "--steps", "40"],
        ["gaussians8", "--steps", "12", "--set", "averaging={decay: 0.9}"],
        ["mnist-dcgan", "--steps", "3"] + ofImages,
        ["mnist-gp", "--steps", "3"] + ofImages,
        ["mnist-conditional", "--steps", "3"] + ofImages,
    ]
    private static let ofImages = [
        "--data", SharedData.path("mnist"), "--set", "batchSize=8", "--set",
        "outputs.samples.every=1",
    ]

    @Test(
        "leave the same weights, metrics and samples as one process",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"),
        arguments: trainings.indices)
    func bits(index: Int) throws {
        let place = try Workplace()
        let training =
            ["train"] + Self.trainings[index]
            + ["--set", "shards=4", "--threads", "1", "--quiet"]
        try place.succeed(training + ["--out", "alone"])
        for launch in Launch.installed.flatMap({ [$0.with(2), $0.with(4)] }) {
            let run = "\(launch.implementation)-\(launch.processes)"
            let outcome = try launch.run(training + ["--out", run], in: place)
            try #require(outcome.code == 0, "\(run): \(outcome.errors)")
            let files = try place.files(of: "alone/samples").map { "samples/\($0)" }
            for file in ["weights.safetensors"] + files {
                #expect(
                    try place.data("\(run)/\(file)") == place.data("alone/\(file)"),
                    "\(run): \(file)")
            }
            #expect(try place.metrics(of: run) == place.metrics(of: "alone"), "\(run)")
        }
    }

    @Test("share a batch by their number where nothing is said, and write it down")
    func usualShards() throws {
        let place = try Workplace()
        let launch = Launch.installed[0].with(2)
        let outcome = try launch.run(
            ["train", "mixture", "--steps", "3", "--quiet", "--out", "run"], in: place)
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(try place.text("run/config.yaml").contains("shards: 2"))
    }

    @Test("refuse what makes no sense once, before any work", arguments: Launch.installed)
    func refusals(launch: Launch) throws {
        let place = try Workplace()
        for (arguments, sentence) in [
            ("train mixture --set shards=5", "cannot share 5 shards evenly"),
            ("train mixtura", "there is no preset of this name"),
            ("train mnist-gp --data nowhere", "nowhere"),
            ("train mixture --device xla-cpu", "--device xla-cpu"),
            ("resume nowhere", "nowhere"),
        ] {
            let words = arguments.split(separator: " ").map(String.init)
            let outcome = try launch.with(2).run(words, in: place)
            #expect(outcome.code == 2, "\(outcome.errors)")
            let told = outcome.errors.components(separatedBy: "wgan: ").dropFirst()
            #expect(told.count == 1 && told.first?.contains(sentence) == true, "\(outcome.errors)")
            #expect(try place.entries().isEmpty)
        }
    }

    @Test("are stopped with their state saved, and go on with the same bits on fewer processes")
    func interruption() throws {
        let place = try Workplace()
        let training = ["train", "mixture", "--set", "shards=4", "--threads", "1", "--quiet"]
        for launch in Launch.installed {
            let run = "\(launch.implementation)"
            let command = try launch.with(4).start(
                training + ["--steps", "100000", "--out", run], in: place)
            try command.wait(for: "\(run)/frames", in: place)
            Thread.sleep(forTimeInterval: 1)
            try place.signalWGAN(SIGTERM, naming: run)
            _ = try command.end()
            let step = try #require(try place.steps(savedOf: run).max())
            #expect(step > 0 && step < 100_000)
            let end = "\(step + 20)"
            let resumed = try launch.with(2).run(
                ["resume", run, "--steps", end, "--quiet"], in: place)
            try #require(resumed.code == 0, "\(resumed.errors)")
            try place.succeed(training + ["--steps", end, "--out", "\(run)-undisturbed"])
            #expect(
                try place.data("\(run)/weights.safetensors")
                    == place.data("\(run)-undisturbed/weights.safetensors"))
        }
    }

    @Test(
        "end when one of them is killed, whichever, and go on from the last checkpoint",
        arguments: [0, 1])
    func killed(rank: Int) throws {
        let place = try Workplace()
        let training = [
            "train", "mixture", "--set", "shards=2", "--set", "outputs.checkpoints.every=100",
            "--threads", "1", "--quiet",
        ]
        for launch in Launch.installed {
            let run = "\(launch.implementation)"
            let command = try launch.with(2).start(
                training + ["--steps", "100000", "--out", run], in: place)
            try command.wait(for: "\(run)/checkpoints", in: place)
            Thread.sleep(forTimeInterval: 0.5 + Double.random(in: 0...1))
            let began = ContinuousClock.now
            try place.signalWGAN(SIGKILL, naming: run, rank: rank)
            let outcome = try command.end()
            #expect(outcome.code != 0)
            #expect(ContinuousClock.now - began < .seconds(60))
            let step = try #require(try place.steps(savedOf: run).max())
            let end = "\(step + 150)"
            try place.succeed(["resume", run, "--steps", end, "--quiet"])
            try place.succeed(training + ["--steps", end, "--out", "\(run)-undisturbed"])
            #expect(
                try place.data("\(run)/weights.safetensors")
                    == place.data("\(run)-undisturbed/weights.safetensors"))
        }
    }
}

/// A launcher of MPI and a number of processes.
struct Launch: Sendable, CustomTestStringConvertible {
    let implementation: String
    private(set) var processes = 2
    var testDescription: String { "\(implementation), \(processes)" }

    static let absence: Comment = "no MPI is installed; scripts/setup-mpi installs two"

    /// Those with this project's library for them.
    static let installed = ["openmpi", "mpich"].map { Launch(implementation: $0) }.filter {
        FileManager.default.isExecutableFile(atPath: $0.launcher)
            && FileManager.default.fileExists(
                atPath: "\(cache)/swift-wgan/mpi/\($0.implementation).so")
    }

    private static let cache: String = {
        let environment = ProcessInfo.processInfo.environment
        return environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/root")/.cache"
    }()

    private var launcher: String { "/usr/bin/mpirun.\(implementation)" }

    func with(_ processes: Int) -> Launch {
        var launch = self
        launch.processes = processes
        return launch
    }

    /// Runs `wgan` in all processes to its end.
    func run(_ arguments: [String], in place: Workplace) throws -> Outcome {
        try start(arguments, in: place).end()
    }

    /// Starts `wgan` in all processes.
    func start(_ arguments: [String], in place: Workplace) throws -> RunningCommand {
        var words = "exec timeout -k 5 200 \(launcher) -n \(processes)"
        if implementation == "openmpi" { words += " --allow-run-as-root --oversubscribe" }
        return try place.start(
            arguments, environment: ["XDG_CACHE_HOME": Self.cache], after: "\(words) \"$0\" \"$@\"")
    }
}

extension Workplace {
    /// The files of a folder, by name.
    fileprivate func files(of path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url(path).path).sorted()
    }

    /// The steps of a run's checkpoints; what was being written when a process was killed has
    /// another name.
    fileprivate func steps(savedOf run: String) throws -> [Int] {
        try files(of: "\(run)/checkpoints").compactMap { name in
            name.wholeMatch(of: #/step-([0-9]+)\.safetensors/#).flatMap { Int($0.1) }
        }
    }

    /// All recorded numbers of a run, as text.
    fileprivate func metrics(of run: String) throws -> String {
        let outcome = try wgan(["metrics", run, "--csv"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        return outcome.output.replacing(run, with: "run")
    }

    /// Sends a signal to the processes of a run.
    ///
    /// - Parameter rank: To the one of this number alone.
    fileprivate func signalWGAN(_ signal: Int32, naming run: String, rank: Int? = nil) throws {
        var found: [pid_t] = []
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let number = pid_t(entry),
                let folder = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(number)/cwd"),
                URL(filePath: folder).path == URL(filePath: self.folder.path).path
            else { continue }
            let words = Self.strings(in: "/proc/\(number)/cmdline")
            guard words.first?.hasSuffix("/wgan") == true, words.contains(run) else { continue }
            let names = Self.strings(in: "/proc/\(number)/environ")
            let isMeant =
                rank.map {
                    names.contains("OMPI_COMM_WORLD_RANK=\($0)") || names.contains("PMI_RANK=\($0)")
                } ?? true
            guard isMeant else { continue }
            found.append(number)
        }
        try #require(!found.isEmpty, "no process of \(run) was found")
        for number in found { kill(number, signal) }
    }

    private static func strings(in file: String) -> [String] {
        (FileManager.default.contents(atPath: file) ?? Data()).split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
