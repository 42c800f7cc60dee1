import ArrayFiles
import Figures
import Foundation
import Runs
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("A training of the mixture")
struct MixtureRunTests {
    private let run: MixtureRun
    private var place: Workplace { run.place }

    init() throws { run = try MixtureRun.shared.get() }

    private func metrics(_ run: String = "X") throws -> [String: MetricSeries] {
        try MetricHistory(in: RunFolder(opening: place.url(run))).series()
    }

    @Test("prints exactly one JSON object, which the folder keeps")
    func summary() throws {
        #expect(run.outcome.errors.isEmpty)
        #expect(run.outcome.output.filter { $0 == "\n" }.count == 1)
        let data = Data(run.outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "run", "steps", "seconds", "criticLoss", "wassersteinEstimate", "exactW1",
                "exactW1Floor", "secondsWaitedForData",
            ])
        #expect(object["run"] as? String == "X")
        #expect(object["steps"] as? Int == MixtureRun.steps)
        for key in ["seconds", "exactW1", "exactW1Floor"] {
            #expect(try #require(object[key] as? Double) > 0, "\(key)")
        }
        #expect(try place.text("X/summary.json") + "\n" == run.outcome.output)
        let metrics = try metrics()
        for name in ["criticLoss", "wassersteinEstimate"] {
            #expect(object[name] as? Double == metrics[name]?.values.last)
        }
    }

    @Test("leaves these files and no others")
    func files() throws {
        let charts = ["data", "losses", "samples", "scores", "wasserstein"]
        let snapshots = [0, 12, 24, 36, 48, 60].map { "step-0000\($0 < 10 ? "0" : "")\($0)" }
        var expected = [
            "config.yaml", "environment.json", "figures", "figures/training.gif",
            "metrics.sqlite", "report.html", "samples", "summary.json", "weights.safetensors",
            "checkpoints", "checkpoints/step-60.safetensors", "frames",
            "frames/step-000001-000060.safetensors", "run.json", "run.lock",
        ]
        expected += charts.flatMap { ["figures/\($0).svg", "figures/\($0).png"] }
        expected += snapshots.flatMap { ["figures/\($0).pdf", "samples/\($0).png"] }
        let found = try FileManager.default.subpathsOfDirectory(atPath: place.url("X").path)
        let events = found.filter { $0.hasPrefix("events.out.tfevents.") }
        #expect(events.count == 1)
        // Another test may have judged the run meanwhile.
        let others = found.filter { !events.contains($0) && $0 != "evaluation.json" }
        #expect(others.sorted() == expected.sorted())
    }

    @Test("records every step in finite numbers")
    func recording() throws {
        let metrics = try metrics()
        let generator = ["generatorLoss"]
        let critic = [
            "criticLoss", "criticOnGenerated", "criticOnReal", "penalty", "wassersteinEstimate",
        ]
        #expect(metrics.keys.sorted() == (critic + generator).sorted())
        // The first steps are the critic's alone: nothing is known of the generator yet.
        for name in generator {
            #expect(metrics[name]?.steps == Array(5...MixtureRun.steps))
        }
        for name in critic { #expect(metrics[name]?.steps == Array(1...MixtureRun.steps)) }
        #expect(metrics.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }

    @Test("draws a frame of every step, and the points move")
    func animation() throws {
        let gif = try GIFReader(try place.data("X/figures/training.gif"))
        #expect(gif.frameCount == MixtureRun.steps)
        #expect(try gif.frame(0) != gif.frame(MixtureRun.steps - 1))
    }

    @Test("draws figures that are what their endings say")
    func figures() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: place.url("X/figures").path)
        for name in names {
            let data = try place.data("X/figures/\(name)")
            switch URL(filePath: name).pathExtension {
            case "svg": #expect(XMLParser(data: data).parse(), "\(name)")
            case "png": #expect(data.isPNG, "\(name)")
            case "pdf": #expect(data.starts(with: Data("%PDF-".utf8)), "\(name)")
            default: #expect(name == "training.gif")
            }
        }
    }

    @Test("saves the weights in PyTorch's names and shapes")
    func weights() throws {
        let file = try SafetensorsFile(contentsOf: place.url("X/weights.safetensors"))
        let shapes = [
            "generator.0.weight": [100, 2], "generator.0.bias": [100],
            "generator.2.weight": [2, 100], "generator.2.bias": [2],
            "critic.0.weight": [100, 2], "critic.0.bias": [100],
            "critic.2.weight": [1, 100], "critic.2.bias": [1],
        ]
        #expect(Set(file.tensorNames) == Set(shapes.keys))
        for (name, shape) in shapes {
            let tensor = try file.tensor(named: name)
            #expect(tensor.shape == shape, "\(name)")
            #expect(tensor.values.allSatisfy { $0.isFinite }, "\(name)")
        }
        #expect(file.metadata == ["format": "pt", "step": "\(MixtureRun.steps)"])
    }

    @Test("is repeated bit for bit by its config.yaml")
    func repetition() throws {
        let again = try place.wgan(["train", "X/config.yaml", "--quiet", "--out", "again/Y"])
        #expect(again.code == 0, "\(again.errors)")
        #expect(again.output.isEmpty && again.errors.isEmpty)
        let deterministic = [
            "config.yaml", "weights.safetensors", "figures/samples.svg", "figures/training.gif",
            "samples/step-000060.png",
        ]
        for name in deterministic {
            #expect(try place.data("again/Y/\(name)") == place.data("X/\(name)"), "\(name)")
        }
        #expect(
            try MetricsTable(metrics("again/Y")).csv() == MetricsTable(metrics()).csv())
    }
}

extension Data {
    /// Whether the data begin as a PNG file does.
    var isPNG: Bool { starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) }
}
