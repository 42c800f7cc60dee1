import Foundation
import PythonTestSupport
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("The journal of a run")
struct RunJournalTests {
    private let place: Workplace
    private let run: RunFolder

    init() throws {
        place = try Workplace()
        run = try RunFolder.create(at: place.url("run"))
    }

    /// Notes as a training from a step to another one does, with notes at the end of it too.
    private func train(from start: Int?, to end: Int, every interval: Int) throws {
        let journal = try RunJournal(in: run, hasEvents: true, resumingAfter: start)
        try journal.dropEnd(of: ["a"], notedEvery: interval)
        for step in (start ?? 0) + 1...end {
            try journal.note(step: step, [("b", Double(step)), ("none", .nan)])
            guard step % interval == 0 || step == end else { continue }
            try journal.note(step: step, [("a", Double(step))])
        }
        try journal.close()
    }

    private func table() throws -> String {
        String(decoding: try MetricsTable(MetricHistory(in: run).series()).csv(), as: UTF8.self)
    }

    @Test("of a run that is resumed, twice, ends like that of one that went through")
    func resuming() throws {
        try train(from: nil, to: 25, every: 10)
        try train(from: 12, to: 15, every: 10)
        try train(from: 15, to: 33, every: 10)
        let resumed = try table()
        try FileManager.default.removeItem(at: run.url(of: MetricStore.path))
        try train(from: nil, to: 33, every: 10)
        #expect(try table() == resumed)
        #expect(resumed.hasPrefix("step,a,b\n1,,1\n"))
    }

    @Test("is there for TensorBoard only where it is wanted")
    func withoutEvents() throws {
        let journal = try RunJournal(in: run, hasEvents: false)
        try journal.histogram(step: 1, "weights", of: [1])
        try journal.note(step: 1, [("a", 1)])
        try journal.close()
        #expect(try place.entries().sorted() == ["run", "run/metrics.sqlite"])
    }

    @Test(
        "is what TensorBoard shows of a training",
        .enabled(if: Python.hasTensorBoard, "needs Python with tensorboard"))
    func tensorBoard() throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "small.yaml", "--steps", "5", "--quiet", "--out", "run", "--set",
            "outputs={samples: {every: 2}, events: {tensorBoard: {histogramsEvery: 4}}}",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let program = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1], {"scalars": 0, "images": 0, "histograms": 0})
            events.Reload()
            tags = events.Tags()
            print(sorted(tags["scalars"]))
            print([(e.step, e.value) for e in events.Scalars("criticLoss")] ==
                [tuple(map(float, p.split(":"))) for p in sys.argv[2].split()])
            print(tags["images"], [(e.step, e.encoded_image_string[1:4])
                for e in events.Images("samples")])
            for tag in sorted(tags["histograms"]):
                print(tag, [(e.step, e.histogram_value.num) for e in events.Histograms(tag)])
            """
        let history = try MetricHistory(in: RunFolder(opening: place.url("run")))
        let losses = try #require(try history.series()["criticLoss"])
        let points = zip(losses.steps, losses.values).map { "\($0):\(Double(Float($1)))" }
        let expected = """
            ['criticLoss', 'criticOnGenerated', 'criticOnReal', 'generatorLoss', 'penalty', \
            'wassersteinEstimate']
            True
            ['samples'] [(2, b'PNG'), (4, b'PNG')]
            critic/1.bias [(0, 1.0), (4, 1.0)]
            critic/1.weight [(0, 16.0), (4, 16.0)]
            generator/0.bias [(0, 16.0), (4, 16.0)]
            generator/0.weight [(0, 32.0), (4, 32.0)]
            """
        let found = try Python.run(
            program, place.url("run").path, points.joined(separator: " "))
        #expect(found == expected)
    }
}
