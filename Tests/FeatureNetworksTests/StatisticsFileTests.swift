import Evaluation
import FeatureNetworks
import FileTestSupport
import Foundation
import Philox
import PythonTestSupport
import Testing

@Suite("Files of statistics")
struct StatisticsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func statistics(_ seed: UInt64, dimensions: Int = 4) throws -> GaussianStatistics {
        var random = RandomStream(seed: seed, stream: 1)
        let values = (0..<30 * dimensions).map { _ in Double(random.nextNormal()) + Double(seed) }
        return try GaussianStatistics(FeatureMatrix(values, dimensions: dimensions))
    }

    @Test("are read as they were written, to the last bit")
    func roundTrip() throws {
        for (name, hash) in [("pixels", nil), ("tëst", "ab12")] {
            let written = try StatisticsFile(
                statistics(1), extractor: name, extractorSHA256: hash)
            let url = folder.file("real.npz")
            try written.write(to: url)
            #expect(StatisticsFile.isStatistics(url))
            let read = try StatisticsFile(contentsOf: url)
            #expect(read == written && read.count == 30 && read.extractor == name)
        }
        #expect(!StatisticsFile.isStatistics(folder.file("none.npz")))
    }

    @Test(
        "are those of pytorch-fid, in both directions",
        .enabled(if: Python.hasNumpy, "Python has no numpy"), arguments: [1, 2, 17])
    func python(dimensions: Int) throws {
        let (ours, theirs) = (folder.file("ours.npz"), folder.file("theirs.npz"))
        let statistics = try statistics(3, dimensions: dimensions)
        try StatisticsFile(statistics, extractor: "random", extractorSHA256: "00ff")
            .write(to: ours)
        let facts = try Python.run(
            """
            import numpy, sys
            with numpy.load(sys.argv[1]) as f:
                m, s = f["mu"][:], f["sigma"][:]
                name = bytes(f["extractor"].tolist()).decode()
                print(m.dtype, s.dtype, m.shape, s.shape, int(f["count"]), name)
            numpy.savez_compressed(sys.argv[2], mu=m, sigma=s)
            """, ours.path, theirs.path)
        #expect(
            facts == "float64 float64 (\(dimensions),) (\(dimensions), \(dimensions)) 30 random")
        let file = try StatisticsFile(contentsOf: theirs)
        #expect(try file.distribution == statistics.distribution())
        #expect(file.count == nil && file.extractor == nil && file.extractorSHA256 == nil)
    }

    @Test(
        "that are none are refused in one sentence",
        .enabled(if: Python.hasNumpy, "Python has no numpy"),
        arguments: [
            ("mu=numpy.zeros(3), sigma=numpy.eye(2)", "has the shape"),
            ("mu=numpy.zeros((2, 2)), sigma=numpy.eye(2)", "has the shape"),
            ("mu=numpy.zeros(0), sigma=numpy.zeros((0, 0))", "needs a mean"),
            ("mu=numpy.zeros(2), sigma=numpy.array([[1, 2], [0, 1]])", "differs from"),
            ("mu=numpy.zeros(2), sigma=-numpy.eye(2)", "direction of variance"),
            ("mu=numpy.array([0, numpy.nan]), sigma=numpy.eye(2)", "not finite"),
            ("mu=numpy.array(['a', 'b']), sigma=numpy.eye(2)", "is none of floats"),
        ])
    func refused(arrays: String, message: String) throws {
        let url = folder.file("bad.npz")
        _ = try Python.run("import numpy, sys; numpy.savez(sys.argv[1], \(arrays))", url.path)
        let error = #expect(throws: (any Error).self) { try StatisticsFile(contentsOf: url) }
        #expect("\(try #require(error))".contains(message), "\(String(describing: error))")
    }
}
