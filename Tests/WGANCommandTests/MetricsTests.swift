import Foundation
import Runs
import Testing

@Suite("Metrics of a run")
struct MetricsTests {
    private let place: Workplace

    init() throws { place = try MixtureRun.shared.get().place }

    private func metrics(_ arguments: String...) throws -> String {
        let outcome = try place.wgan(["metrics", "X"] + arguments)
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test("are a table with a row for each step and gaps where nothing was measured")
    func csv() throws {
        let rows = try metrics("--csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(
            rows[0] == [
                "step", "criticLoss", "criticOnGenerated", "criticOnReal", "generatorLoss",
                "penalty", "wassersteinEstimate",
            ])
        #expect(rows.dropFirst().map { $0[0] } == (1...MixtureRun.steps).map { Substring("\($0)") })
        // The first four steps are the critic's.
        for row in rows[1...4] {
            #expect(row.map(\.isEmpty) == [false, false, false, false, true, false, false])
        }
        for row in rows.dropFirst(5) { #expect(row.allSatisfy { Double($0) != nil }, "\(row)") }
    }

    @Test("are one JSON object, of the chosen ones and the last steps alone where one asks for it")
    func json() throws {
        let text = try metrics("--json", "--series", "penalty,criticLoss", "--last", "3")
        #expect(text.filter { $0 == "\n" }.count == 1)
        // JSONSerialization is not exact to the last bit.
        struct Object: Decodable {
            let run: String
            let metrics: [String: [String: [Double]]]
        }
        let object = try JSONDecoder().decode(Object.self, from: Data(text.utf8))
        #expect(object.run == "X")
        let metrics = object.metrics
        #expect(metrics.keys.sorted() == ["criticLoss", "penalty"])
        let history = try MetricHistory(in: RunFolder(opening: place.url("X")))
        let losses = try #require(try history.series()["criticLoss"])
        #expect(metrics["criticLoss"]?["steps"] == [58, 59, 60])
        #expect(metrics["criticLoss"]?["values"] == Array(losses.values.suffix(3)))
        #expect(metrics["penalty"]?["values"] == [0, 0, 0])
    }

    @Test("are for people a line for each")
    func summary() throws {
        let lines = try metrics("--series", "penalty,criticLoss").split(separator: "\n").map {
            $0.split(separator: " ")
        }
        #expect(lines.map(\.first) == ["metric", "criticLoss", "penalty"])
        #expect(lines[0] == ["metric", "step", "last", "least", "mean", "greatest"])
        #expect(lines[2] == ["penalty", "60", "0", "0", "0", "0"])
    }

    @Test("that cannot be printed are refused")
    func refusals() throws {
        for (arguments, fragments) in [
            (["nowhere"], ["nowhere", "it does not exist"]),
            (["X", "--last", "0"], ["--last 0 makes no sense"]),
            (["X", "--series", "criticloss"], ["no metric 'criticloss'", "'criticLoss'?"]),
            (["X", "--series", "weights"], ["no metric 'weights'; known: criticLoss, "]),
            (["X/figures"], ["config.yaml"]),
        ] {
            try expectRefusal(["metrics"] + arguments, saying: fragments, in: place)
        }
        let both = try place.wgan(["metrics", "X", "--csv", "--json"])
        #expect(both.code == 2 && both.errors.contains("--json"))
    }

    @Test("of a folder without any are refused")
    func missing() throws {
        let empty = try Workplace()
        try empty.write("name: a\n", to: "run/config.yaml")
        try expectRefusal(["metrics", "run"], saying: ["metrics.sqlite"], in: empty)
        try empty.write("no database, but of some length", to: "run/metrics.sqlite")
        try expectRefusal(["metrics", "run"], saying: ["damaged or no SQLite database"], in: empty)
    }
}
