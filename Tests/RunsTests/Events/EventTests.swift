import FileTestSupport
import Files
import Foundation
import PythonTestSupport
import Testing

@testable import Runs

@Suite("TensorBoard events")
struct EventTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
    }

    /// A PNG file of one grey pixel.
    static let pixel = Data(
        base64Encoded:
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJ"
            + "RU5ErkJggg==")!

    static func events(_ url: URL) throws -> [TensorBoardEvent] {
        var reader = try EventReader(contentsOf: url)
        var events: [TensorBoardEvent] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    @Test("Scalars, pictures and histograms come back as they were written")
    func roundTrip() throws {
        let writer = try EventWriter(in: run)
        try writer.scalars(step: 7, [("loss", -0.5), ("é", .nan), ("big", 1e300)])
        try writer.image(step: 8, "samples", png: Self.pixel)
        try writer.histogram(step: 9, "weights", of: [0, 1, 2, 3, 3, .nan, .infinity])
        try writer.close()
        let events = try Self.events(writer.url)
        #expect(events.map(\.step) == [0, 7, 8, 9])
        #expect(events[0].fileVersion == "brain.Event:2")
        #expect(events.allSatisfy { $0.wallTime > 1e9 })
        #expect(events[1].summary.value.map(\.tag) == ["loss", "é", "big"])
        #expect(events[1].summary.value[0].simpleValue == -0.5)
        #expect(events[1].summary.value[1].simpleValue.isNaN)
        #expect(events[1].summary.value[2].simpleValue == .infinity)
        let image = events[2].summary.value[0].image
        #expect(image.encodedImageString == Self.pixel)
        #expect([image.width, image.height, image.colorspace] == [1, 1, 1])
        let histogram = events[3].summary.value[0].histo
        #expect([histogram.min, histogram.max, histogram.num, histogram.sum] == [0, 3, 5, 9])
        #expect(histogram.sumSquares == 23)
        #expect(histogram.bucket.count == 30 && histogram.bucket.reduce(0, +) == 5)
        #expect(histogram.bucket.last == 2 && histogram.bucketLimit.last == 3)
        #expect(zip(histogram.bucketLimit, histogram.bucketLimit.dropFirst()).allSatisfy(<))
    }

    @Test("Values without a span, without a finite one and with the greatest span have histograms")
    func histograms() {
        #expect(Histogram(of: []).buckets.isEmpty)
        #expect(Histogram(of: [.nan, .infinity]).buckets.isEmpty)
        let same = Histogram(of: [2, 2])
        #expect(same.buckets.map(\.count) == [2] && same.range == 2...2)
        let all: Float = .greatestFiniteMagnitude
        for values in [[-all, 0, all], [1, 1.0000001], [0, .leastNonzeroMagnitude]] {
            let histogram = Histogram(of: values)
            #expect(histogram.buckets.map(\.count).reduce(0, +) == values.count)
            #expect(histogram.buckets.last?.limit == Double(values.last!))
            let limits = histogram.buckets.map(\.limit)
            #expect(zip(limits, limits.dropFirst()).allSatisfy(<))
        }
    }

    @Test("Bytes that are no PNG file are refused, and the writer goes on")
    func noPicture() throws {
        let writer = try EventWriter(in: run)
        var flat = Self.pixel
        flat[19] = 0
        for bytes in [Data(), Data("GIF89a".utf8), Self.pixel.prefix(25), flat] {
            #expect(throws: EventFailure.notAPicture(tag: "a")) {
                try writer.image(step: 1, "a", png: bytes)
            }
        }
        try writer.scalars(step: 2, [("a", 1)])
        try writer.close()
        #expect(try Self.events(writer.url).map(\.step) == [0, 2])
    }

    @Test("Every writer has a file of its own, and the one of a resumed run voids what follows")
    func resumed() throws {
        let first = try EventWriter(in: run)
        let second = try EventWriter(in: run, resumingAfter: 40)
        #expect(first.url != second.url)
        try first.close()
        try second.close()
        let events = try Self.events(second.url)
        #expect(events.map(\.step) == [0, 41] && events[1].sessionLog.status == .start)
        #expect(throws: BatchFailure.self) { try second.scalars(step: 41, [("a", 1)]) }
    }

    @Test("A full disk is told, and the file ends with a whole record")
    func fullDisk() throws {
        try SmallDisk.withFolder(bytes: 1 << 20) { folder in
            let run = try RunFolder.create(named: "a", in: folder)
            let writer = try EventWriter(in: run)
            try writer.scalars(step: 0, [("loss", 1)])
            try writer.flush()
            let failure = #expect(throws: FileFailure.self) {
                for step in 1... { try writer.scalars(step: step, [("loss", 1)]) }
            }
            #expect(failure?.reason == .diskFull)
            let steps = try Self.events(writer.url).map(\.step)
            #expect(steps.count > 1 && steps == [0] + Array(0..<Int64(steps.count - 1)))
        }
    }

    @Test(
        "TensorBoard reads what was written, and forgets what a resumed run has voided",
        .enabled(if: Python.hasTensorBoard, "needs Python with tensorboard"))
    func tensorBoardReads() throws {
        let first = try EventWriter(in: run)
        for step in 1...5 { try first.scalars(step: step, [("loss", Double(step))]) }
        try first.image(step: 2, "samples", png: Self.pixel)
        try first.histogram(step: 3, "weights", of: [0, 1, 2, 3, 3])
        try first.close()
        let second = try EventWriter(in: run, resumingAfter: 3)
        try second.scalars(step: 4, [("loss", -4)])
        try second.close()
        let program = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1], {"scalars": 0, "images": 0, "histograms": 0,
                "tensors": 0})
            events.Reload()
            print([(e.step, e.value) for e in events.Scalars("loss")])
            print([(e.step, e.width, e.height, e.encoded_image_string[:4])
                for e in events.Images("samples")])
            print([(e.step, e.histogram_value.num, e.histogram_value.sum, e.histogram_value.max)
                for e in events.Histograms("weights")])
            """
        let expected = #"""
            [(1, 1.0), (2, 2.0), (3, 3.0), (4, -4.0)]
            [(2, 1, 1, b'\x89PNG')]
            [(3, 5.0, 9.0, 3.0)]
            """#
        #expect(try Python.run(program, run.url.path) == expected)
    }
}
