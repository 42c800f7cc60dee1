import Foundation
import PythonTestSupport
import Testing

/// Pages about real runs, read as a browser reads them.
@Suite struct WatchTests {
    private struct Glance: Decodable {
        let id: String
        let group: String
        let state: String
        let reason: String
        let step: Int
        let steps: Int?
        let seed: String?
        let differences: [[String: String]]
        let spark: [Double?]
    }

    private struct List: Decodable { let runs: [Glance] }

    private struct Pieces: Decodable {
        let first: [Int]
        let last: [Int]
        let low: [Double?]
        let high: [Double?]
        let mean: [Double?]
    }

    private struct Details: Decodable {
        struct Picture: Decodable {
            let step: Int
            let path: String
        }

        let run: Glance
        let step: Int
        let words: String
        let curves: [String: Pieces]
        let samples: [Picture]
        let hasFrames: Bool
    }

    private struct Points: Decodable {
        let step: Int
        let curves: [String: Pieces]
    }

    private static let quick = ["train", "mixture", "--quiet", "--set", "outputs={}"]

    @Test func everyRunIsListedWithItsState() throws {
        let place = try Workplace()
        try place.succeed(Self.quick + ["--steps", "20", "--seed", "7", "--set", "batchSize=16"])
        try place.succeed([
            "sweep", "mixture", "--over", "seed=1,2", "--steps", "5", "--set", "outputs={}",
            "--out",
            "runs/sweep-1",
        ])
        _ = try place.wgan(
            Self.quick + [
                "--steps", "2000", "--out", "runs/failed", "--set",
                "constraint={combined: []}", "--set",
                "critic.optimiser={sgd: {learningRate: 100}}", "--set",
                "critic.layers=[{linear: 8}, {linear: 1}]",
            ])
        let killed = try place.start(
            Self.quick + ["--steps", "1000000", "--out", "runs/killed"])
        try killed.wait(for: "runs/killed/metrics.sqlite", in: place)
        let watch = try Watch(place)
        func glance(_ id: String) throws -> Glance? {
            try watch.get("/runs.json").json(List.self).runs.first { $0.id == id }
        }
        for _ in 0..<200 where try glance("killed")?.step ?? 0 < 1 {
            Thread.sleep(forTimeInterval: 0.1)
        }
        let running = try #require(try glance("killed"))
        #expect(running.state == "running" && running.steps == 1_000_000)
        killed.send(SIGKILL)
        _ = try killed.end()
        Thread.sleep(forTimeInterval: 0.5)
        let stale = try #require(try glance("killed"))
        #expect(stale.state == "stale" && stale.reason.contains("wgan resume"))
        let finished = try #require(try glance("mixture-1"))
        #expect(finished.state == "finished" && finished.step == 20 && finished.seed == "7")
        #expect(finished.differences.contains { $0["key"] == "batchSize" && $0["value"] == "16" })
        #expect(finished.spark.count > 2)
        let ids = try watch.get("/runs.json").json(List.self).runs.map(\.id)
        let swept = try #require(
            try watch.get("/runs.json").json(List.self).runs.first {
                $0.group == "sweep-1"
            })
        #expect(swept.state == "finished" && ids.count == 5)
        let failed = try #require(try glance("failed"))
        #expect(failed.state == "failed" && failed.reason.contains("wgan replay"))
        let page = try watch.get("/").text
        for id in ids { #expect(page.contains("/runs/\(id)")) }
        #expect(try watch.interrupt().code == 130)
    }

    @Test func aPageShowsWhatARunHas() throws {
        let run = try MixtureRun.shared.get()
        let watch = try Watch(run.place, "X")
        let page = try watch.get("/runs/X")
        #expect(page.status == 200 && page.text.contains("wgan train X/config.yaml --threads"))
        for part in ["state", "tiles", "curves", "samples", "animation", "histograms"] {
            #expect(page.text.contains("id=\"\(part)\""), "\(part)")
        }
        #expect(!page.text.contains("style="), "the policy forbids it")
        let details = try watch.get("/runs/X/run.json").json(Details.self)
        let losses = try #require(details.curves["criticLoss"])
        #expect(losses.first == Array(1...MixtureRun.steps) && losses.low == losses.high)
        #expect(details.step == MixtureRun.steps && details.hasFrames)
        let sample = try #require(details.samples.last)
        let picture = try watch.get("/runs/X/files/\(sample.path)")
        #expect(picture.body == (try run.place.data("X/\(sample.path)")))
        #expect(picture.headers.contains("image/png"))
        let mark = try #require(picture.headers.firstMatch(of: /ETag: (.*)/)?.1)
        let again = try watch.get(
            "/runs/X/files/\(sample.path)",
            "If-None-Match: \(mark.trimmingCharacters(in: .whitespaces))\r\n")
        #expect(again.status == 304 && again.body.isEmpty)
        struct Frames: Decodable {
            struct Frame: Decodable {
                let step: Int
                let points: [Float]
            }

            let range: [Double]
            let real: [Float]
            let frames: [Frame]
        }
        let frames = try watch.get("/runs/X/frames.json").json(Frames.self)
        #expect(frames.range.count == 4 && frames.real.count == 2000)
        #expect(frames.frames.last?.step == MixtureRun.steps)
        let later = try watch.get("/runs/X/frames.json?after=30").json(Frames.self)
        #expect(later.real.isEmpty && later.frames.allSatisfy { $0.step > 30 })
    }

    @Test func aTrainingIsFollowedWithoutAGapAndItsEndIsTold() throws {
        let place = try Workplace()
        let training = try place.start([
            "train", "mixture", "--quiet", "--steps", "1000000", "--set", "outputs={}",
        ])
        try training.wait(for: "runs/mixture-1/metrics.sqlite", in: place)
        let watch = try Watch(place)
        var details = try watch.get("/runs/mixture-1/run.json").json(Details.self)
        for _ in 0..<200 where details.step < 10 {
            Thread.sleep(forTimeInterval: 0.05)
            details = try watch.get("/runs/mixture-1/run.json").json(Details.self)
        }
        let news = try watch.follow("/runs/mixture-1/events?after=\(details.step)")
        var last = try #require(details.curves["criticLoss"]?.last.last)
        let environment = try place.data("runs/mixture-1/environment.json")
        for round in 0..<4 {
            // A file that cannot be read for a while loses no point.
            if round == 1 {
                try place.write("{", to: "runs/mixture-1/environment.json")
                Thread.sleep(forTimeInterval: 2.5)
                try place.write(environment, to: "runs/mixture-1/environment.json")
            }
            let (id, data) = try #require(news.next("points"))
            let points = try JSONDecoder().decode(Points.self, from: data)
            #expect(id == points.step)
            let losses = try #require(points.curves["criticLoss"])
            #expect(losses.first.first == last + 1, "no step is left out and none is told twice")
            for (end, start) in zip(losses.last, losses.first.dropFirst()) {
                #expect(start == end + 1)
            }
            last = try #require(losses.last.last)
        }
        // A reader that comes back goes on where it was.
        let later = try watch.follow("/runs/mixture-1/events?after=\(details.step)")
        let missed = try #require(later.next("points"))
        let first = try JSONDecoder().decode(Points.self, from: missed.data)
        #expect(first.curves["criticLoss"]?.first.first == details.step + 1)
        training.send(SIGINT)
        #expect(try training.end().code == 130)
        struct State: Decodable { let run: Glance }
        var state = ""
        while state != "interrupted", let (_, data) = news.next("state") {
            state = try JSONDecoder().decode(State.self, from: data).run.state
        }
        #expect(state == "interrupted")
        // Steps that are taken back are told, and so is the end of the folder.
        try place.succeed([
            "train", "mixture", "--quiet", "--steps", "4", "--out", "other", "--set", "outputs={}",
        ])
        try FileManager.default.removeItem(at: place.url("runs/mixture-1/metrics.sqlite"))
        for ending in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(
                at: place.url("runs/mixture-1/metrics.sqlite\(ending)"))
        }
        try FileManager.default.copyItem(
            at: place.url("other/metrics.sqlite"),
            to: place.url("runs/mixture-1/metrics.sqlite"))
        #expect(news.next("again")?.id == 4)
        try FileManager.default.moveItem(at: place.url("runs/mixture-1"), to: place.url("away"))
        #expect(news.next("gone") != nil)
        #expect(try watch.get("/runs/mixture-1").status == 404)
        try FileManager.default.moveItem(at: place.url("away"), to: place.url("runs/mixture-1"))
        #expect(news.next("again") != nil, "it is live again")
    }

    @Test func runsAreHeldBesideEachOther() throws {
        let place = try Workplace()
        try place.succeed([
            "sweep", "mixture", "--over", "seed=1,2", "--over", "batchSize=16,32", "--steps", "5",
            "--set", "outputs={}", "--out", "runs",
        ])
        let watch = try Watch(place)
        let ids = try watch.get("/runs.json").json(List.self).runs.map(\.id)
        let query = ids.map { "run=\($0)" }.joined(separator: "&")
        struct Groups: Decodable {
            struct Group: Decodable {
                let label: String
                let runs: [String]
            }

            let groups: [Group]
        }
        let groups = try watch.get("/compare.json?\(query)").json(Groups.self).groups
        #expect(groups.map(\.runs.count) == [2, 2])
        #expect(Set(groups.map(\.label)) == ["batchSize 16", "batchSize 32"])
        let page = try watch.get("/compare?\(query)").text
        #expect(page.contains("batchSize") && page.contains("None of the runs is evaluated"))
        for (index, id) in ids.enumerated() {
            let scores = (0..<3).map { "\(Double(index / 2) + 0.1 * Double($0))" }
            try place.write(
                """
                {"scores": [{"metric": "w1", "mean": \(index), \
                "perSeed": [\(scores.joined(separator: ", "))]}]}
                """, to: "runs/\(id)/evaluation.json")
        }
        let judged = try watch.get("/compare?\(query)").text
        #expect(judged.contains("training seeds") && judged.contains("Welch"))
        #expect(try watch.get("/compare").status == 400)
        #expect(try watch.get("/compare?run=none").status == 404)
    }

    @Test func everyNameCanBeReached() throws {
        let place = try Workplace()
        let names = ["my run", "sp\u{E4}\u{DF}~1", "back\\slash", "a/b/c", "100%", "q?x=1&y#z"]
        try place.succeed(Self.quick + ["--steps", "3", "--out", "proto"])
        for name in names {
            try FileManager.default.createDirectory(
                at: place.url("runs/\(name)").deletingLastPathComponent(),
                withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: place.url("proto"), to: place.url("runs/\(name)"))
        }
        try FileManager.default.copyItem(at: place.url("proto"), to: place.url("other/a"))
        let watch = try Watch(place, "runs", "other/a")
        let ids = try watch.get("/runs.json").json(List.self).runs.map(\.id)
        #expect(Set(ids) == Set(names + ["a"]))
        let page = try watch.get("/").text
        let links = page.matches(of: /href="(\/runs\/[^"]*)"/).map { String($0.1) }
        #expect(links.count == ids.count)
        for link in links {
            #expect(try watch.get(link).status == 200, "\(link)")
            #expect(try watch.get(link + "/run.json").status == 200, "\(link)")
        }
        let both = try watch.get("/compare?run=my%20run&run=100%25")
        #expect(both.status == 200 && both.text.contains("2 runs beside each other"))
        #expect(try watch.get("/compare?run=my%20run&run=none").text.contains("no run 'none'"))
    }

    @Test(.enabled(if: Python.isThere, "there is no python3 to damage files with"))
    func damagedRunsHarmNoOthers() throws {
        let place = try Workplace()
        try place.succeed(Self.quick + ["--steps", "3", "--out", "runs/sound"])
        let damages = [
            "configuration": "",
            "names": """
            d.execute("INSERT INTO metric VALUES (91, 'caf\\u00e9'), (92, 'cafe\\u0301')")
            d.execute("INSERT INTO measurement VALUES (91, 1, 1, 1), (92, 1, 1, 1)")
            """,
            "steps": """
            d.execute("DELETE FROM measurement")
            d.execute("INSERT INTO measurement SELECT id, -9223372036854775808, 1, 1 FROM metric")
            d.execute("INSERT INTO measurement SELECT id, 9223372036854775807, 1, 2 FROM metric")
            """,
            "times": "d.execute('UPDATE measurement SET time = step * 5e-324')",
            "values": "d.execute('UPDATE measurement SET value = 9e999')",
            "texts": "d.execute(\"UPDATE measurement SET value = 'x'\")",
        ]
        for (name, damage) in damages {
            try FileManager.default.copyItem(
                at: place.url("runs/sound"), to: place.url("runs/\(name)"))
            let database = place.url("runs/\(name)/metrics.sqlite").path
            _ = try Python.run(
                "import sqlite3\nd = sqlite3.connect(\"\(database)\")\n\(damage)\nd.commit()")
        }
        try place.write("nonsense: [", to: "runs/configuration/config.yaml")
        let watch = try Watch(place)
        let runs = try watch.get("/runs.json").json(List.self).runs
        #expect(Set(runs.map(\.id)) == Set(damages.keys).union(["sound"]))
        let broken = try #require(runs.first { $0.id == "configuration" })
        #expect(broken.state == "unreadable" && broken.reason.contains("config.yaml"))
        for run in runs {
            for rest in ["", "/run.json", "/frames.json", "/histograms.json"] {
                #expect(try watch.get("/runs/\(run.id)\(rest)").status > 0)
            }
            let client = try RawClient(port: watch.port)
            client.send("GET /runs/\(run.id)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(client.text(upTo: "\r\n\r\n") != nil)
        }
        #expect(try watch.get("/runs/sound/run.json").status == 200)
        for after in ["9223372036854775807", "-9223372036854775808", "x", ""] {
            let news = try watch.follow("/runs/sound/events?after=\(after)")
            #expect(news.next("state") != nil)
        }
        #expect(watch.isRunning)
    }
}
