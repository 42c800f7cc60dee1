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

    /// The lines of the metrics, split into fields.
    private func metrics() throws -> [[Substring]] {
        try place.text("X/metrics.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
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
                "exactW1Floor",
            ])
        #expect(object["run"] as? String == "X")
        #expect(object["steps"] as? Int == MixtureRun.steps)
        for key in ["seconds", "exactW1", "exactW1Floor"] {
            #expect(try #require(object[key] as? Double) > 0, "\(key)")
        }
        #expect(try place.text("X/summary.json") + "\n" == run.outcome.output)
        let last = try #require(try metrics().last)
        #expect(object["criticLoss"] as? Double == Double(last[1]))
        #expect(object["wassersteinEstimate"] as? Double == Double(last[3]))
    }

    @Test("leaves these files and no others")
    func files() throws {
        let charts = ["data", "losses", "samples", "scores", "wasserstein"]
        let snapshots = [0, 12, 24, 36, 48, 60].map {
            "figures/step-0000\($0 < 10 ? "0" : "")\($0)"
        }
        let expected =
            ["config.yaml", "figures", "figures/training.gif", "metrics.csv", "summary.json"]
            + ["weights.safetensors"]
            + charts.flatMap { ["figures/\($0).svg", "figures/\($0).png"] }
            + snapshots.map { $0 + ".pdf" }
        let found = try FileManager.default.subpathsOfDirectory(atPath: place.url("X").path)
        #expect(found.sorted() == expected.sorted())
    }

    @Test("records every step in finite numbers")
    func metricsFile() throws {
        let rows = try metrics()
        #expect(
            rows[0] == [
                "step", "criticLoss", "generatorLoss", "wassersteinEstimate", "criticOnReal",
                "criticOnGenerated", "penalty",
            ])
        #expect(rows.dropFirst().map { $0[0] } == (1...MixtureRun.steps).map { Substring("\($0)") })
        // The first step is the generator's alone: nothing is known of the critic yet.
        #expect(rows[1].map(\.isEmpty) == [false, true, false, true, true, true, true])
        for row in rows.dropFirst(2) {
            #expect(row.count == 7)
            #expect(row.allSatisfy { Double($0)?.isFinite == true }, "\(row)")
        }
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
            "config.yaml", "metrics.csv", "weights.safetensors", "figures/samples.svg",
            "figures/training.gif",
        ]
        for name in deterministic {
            #expect(try place.data("again/Y/\(name)") == place.data("X/\(name)"), "\(name)")
        }
    }
}

extension Data {
    /// Whether the data begin as a PNG file does.
    var isPNG: Bool { starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) }
}
