import FileTestSupport
import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Long trainings")
struct LongRunTests {
    /// The smallest networks in the plane, with all that is left behind of points.
    private static let yaml = """
        name: tiny
        data: {mixtureGrid: {modes: 2}}
        batchSize: 4
        latent: {size: 2}
        generator:
          layers: [linear: 2]
          optimiser: {rmsprop: {learningRate: 1e-3}}
        critic:
          layers: [linear: 1]
          optimiser: {rmsprop: {learningRate: 1e-3}}
        constraint: clipping
        schedule: {fixed: {iterations: 1}}
        outputs:
          frames: {limit: 100, generated: 20, real: 50}
          panels: {every: 500, count: 20}
          snapshots: 3
          checkpoints: {every: 2000, keep: 2, best: slicedW1}

        """

    #if os(Linux)
        @Test("of 50 000 steps need the memory of those of 2000")
        func memory() throws {
            let place = try Workplace()
            try place.write(Self.yaml, to: "tiny.yaml")
            let peaks = try [2000, 50_000].map { steps in
                try Self.peak(
                    of: ["train", "tiny.yaml", "--steps", "\(steps)", "--out", "\(steps)"],
                    in: place)
            }
            Swift.print("peaks of 2000 and 50 000 steps: \(peaks.map { $0 >> 20 }) MB")
            #expect(peaks[0] > 0)
            #expect(peaks[1] - peaks[0] < 20 << 20)
        }

        /// The most memory that a command had, in bytes, as far as it was seen.
        private static func peak(of arguments: [String], in place: Workplace) throws -> Int {
            let running = try place.start(arguments + ["--quiet"])
            var peak = 0
            while running.isRunning {
                peak = max(peak, running.peakMemory)
                Thread.sleep(forTimeInterval: 0.002)
            }
            let outcome = try running.end()
            #expect(outcome.code == 0, "\(outcome.errors)")
            return peak
        }
    #endif

    @Test("keep in curves what they hold in all, whichever process measured it")
    func curves() throws {
        let place = try Workplace()
        try place.write(Self.yaml, to: "tiny.yaml")
        let settings = ["--quiet", "--set", "outputs.snapshots=0"]
        try place.succeed(
            ["train", "tiny.yaml", "--steps", "3000", "--out", "whole"] + settings)
        try place.succeed(["train", "tiny.yaml", "--steps", "1501", "--out", "parts"] + settings)
        try place.succeed(["resume", "parts", "--steps", "3000", "--quiet"])
        try ResumeTests.expectEqual("parts", "whole", in: place)
        let history = try MetricHistory(in: RunFolder(opening: place.url("parts")))
        let values = try #require(try history.series(of: ["criticLoss"])["criticLoss"]).values
        let curve = try #require(try history.curves(of: ["criticLoss"])["criticLoss"])
        #expect(values.count == 3000 && curve.buckets.count <= 2048)
        #expect(curve.buckets.reduce(0) { $0 + $1.count } == 3000)
        #expect(curve.buckets.compactMap(\.range?.upperBound).max() == values.max())
    }
}
