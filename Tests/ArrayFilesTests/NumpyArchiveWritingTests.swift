import FileTestSupport
import Foundation
import PythonTestSupport
import Testing

@testable import ArrayFiles

@Suite("NumPy archives that are written")
struct NumpyArchiveWritingTests {
    private let arrays: [NumpyArchive.NamedArray] = [
        .init("mass", shape: [3], values: [0.1, -1e300, 0x1p-1074]),
        .init("place", shape: [2, 2], values: [0, -1, Int.max, Int.min]),
        .init("über", shape: [0, 4], values: [Double]()), .init("one", shape: [], values: [7.5]),
    ]

    @Test("come back to the bit, and have the same bytes each time")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.npz")
            try NumpyArchive.write(arrays, to: url)
            let archive = try NumpyArchive(contentsOf: url)
            #expect(archive.names == ["mass", "place", "über", "one"])
            let mass = try archive.array(named: "mass")
            #expect(try mass.values(as: Double.self) == [0.1, -1e300, 0x1p-1074])
            #expect(try archive.array(named: "place").elementType == .int64)
            #expect(try archive.array(named: "über").shape == [0, 4])
            #expect(try archive.array(named: "one").values(as: Double.self) == [7.5])
            let first = try Data(contentsOf: url)
            try NumpyArchive.write(arrays, to: url)
            #expect(try Data(contentsOf: url) == first)
        }
    }

    @Test(
        "are read by NumPy",
        .enabled(if: Python.hasNumpy, "Python has no numpy: scripts/setup-comparisons"))
    func numpy() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.npz")
            try NumpyArchive.write(arrays, to: url)
            let said = try Python.run(
                """
                import sys, zipfile, numpy
                print(zipfile.ZipFile(sys.argv[1]).testzip())
                for name, array in numpy.load(sys.argv[1]).items():
                    print(name, array.dtype, array.shape, array.tolist())
                """, url.path)
            #expect(
                said == """
                    None
                    mass float64 (3,) [0.1, -1e+300, 5e-324]
                    place int64 (2, 2) [[0, -1], [9223372036854775807, -9223372036854775808]]
                    über float64 (0, 4) []
                    one float64 () 7.5
                    """)
        }
    }

    @Test("refuse shapes that do not fit and names that occur twice, and leave no file")
    func refused() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.npz")
            for arrays: [NumpyArchive.NamedArray] in [
                [.init("a", shape: [2], values: [1.0])],
                [.init("a", shape: [1], values: [1.0]), .init("a", shape: [1], values: [2])],
            ] {
                #expect(throws: FormatFailure.self) { try NumpyArchive.write(arrays, to: url) }
            }
            let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(entries.isEmpty)
        }
    }
}
