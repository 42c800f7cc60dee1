import Foundation
import PythonTestSupport
import Testing

@testable import Runs

@Suite("NumPy files")
struct NumpyFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let shapes: [[Int]] = [[], [1], [5], [0], [2, 3], [3, 0, 2], [2, 1, 3, 2]]

    static func values(_ shape: [Int]) -> [Float] {
        (0..<shape.reduce(1, *)).map { Float($0) * 0.25 - 1 }
    }

    @Test("An array of any shape comes back as it was written", arguments: shapes)
    func roundTrip(_ shape: [Int]) throws {
        let url = folder.file("a.npy")
        let values = Self.values(shape)
        try NumpyFile.write(shape: shape, values: values, to: url)
        let file = try NumpyFile(contentsOf: url)
        #expect(file.shape == shape)
        #expect(file.elementType == .float32)
        #expect(try file.values() == values)
        #expect(try NumpyFile.encode(shape: shape, values: values) == Data(contentsOf: url))
    }

    @Test(
        "The bytes are those that NumPy writes", .enabled(if: Python.hasNumpy, "needs numpy"),
        arguments: shapes)
    func sameAsNumpy(_ shape: [Int]) throws {
        let url = folder.file("a.npy")
        try NumpyFile.write(shape: shape, values: Self.values(shape), to: url)
        let program = """
            import sys, io, numpy as np
            own = open(sys.argv[1], "rb").read()
            x = np.load(sys.argv[1])
            theirs = io.BytesIO()
            np.save(theirs, x)
            print(x.shape, x.dtype, own == theirs.getvalue())
            """
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        #expect(try Python.run(program, url.path) == "(\(sizes)) float32 True")
    }

    @Test(
        "Every supported type that NumPy writes is read",
        .enabled(if: Python.hasNumpy, "needs numpy"),
        arguments: [
            ("f4", ElementType.float32), ("f8", .float64), ("i4", .int32), ("i8", .int64),
            ("u1", .uint8),
        ])
    func readsNumpy(_ name: String, _ type: ElementType) throws {
        let url = folder.file("a.npy")
        let program =
            "import sys, numpy as np; np.save(sys.argv[1], np.array([[1], [200]], '\(name)'))"
        _ = try Python.run(program, url.path)
        let file = try NumpyFile(contentsOf: url)
        #expect(file.shape == [2, 1])
        #expect(file.elementType == type)
        #expect(try file.values() == [1, 200])
    }

    static func file(_ header: String, data: Int = 0, version: [UInt8] = [1, 0]) -> Data {
        let length = header.utf8.count
        var file = Data([0x93])
        file.append(contentsOf: "NUMPY".utf8)
        file.append(contentsOf: version)
        file.append(contentsOf: [UInt8(length & 255), UInt8(length >> 8)])
        file.append(contentsOf: header.utf8)
        file.append(Data(count: data))
        return file
    }

    static func header(
        _ type: String = "'<f4'", _ order: String = "False", _ shape: String = "(1,)"
    ) -> String {
        "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }\n"
    }

    static let faults: [(String, Data, FormatFailure.Reason)] = [
        ("nothing", Data(), .truncated),
        ("part of the mark", Data([0x93, 0x4E]), .truncated),
        ("another mark", Data("GIF89a....".utf8), .header),
        ("version 2.0", file(header(), data: 4, version: [2, 0]), .header),
        ("a header cut off", file(header()).prefix(40), .truncated),
        ("no header", file(""), .header),
        ("a list", file("[]"), .header),
        ("no shape", file("{'descr': '<f4', 'fortran_order': False}", data: 4), .header),
        ("an unknown key", file("{'x': 1}"), .header),
        ("a repeated key", file("{'descr': '<f4', 'descr': '<f4'}"), .duplicateName),
        ("text after the dictionary", file(header() + "x", data: 4), .header),
        ("big-endian", file(header("'>f4'"), data: 4), .elementType),
        ("half precision", file(header("'<f2'"), data: 2), .elementType),
        ("Python objects", file(header("'|O'"), data: 8), .elementType),
        ("named fields", file(header("[('a', '<f4')]"), data: 4), .header),
        ("Fortran order", file(header("'<f4'", "True"), data: 4), .header),
        ("another truth value", file(header("'<f4'", "0"), data: 4), .header),
        ("a number as shape", file(header("'<f4'", "False", "(1)"), data: 4), .header),
        ("a negative size", file(header("'<f4'", "False", "(-1,)"), data: 4), .header),
        ("a size of 2^63", file(header("'<f4'", "False", "(9223372036854775808,)")), .header),
        (
            "a product beyond 2^63",
            file(header("'<f4'", "False", "(4294967296, 4294967296)")), .shape
        ),
        (
            "65 dimensions",
            file(header("'<f4'", "False", "(\(String(repeating: "1,", count: 65)))"), data: 4),
            .header
        ),
        ("a huge shape", file(header("'|u1'", "False", "(99999999999,)"), data: 4), .shape),
        ("too few bytes", file(header(), data: 3), .truncated),
        ("too many bytes", file(header(), data: 5), .trailingBytes),
    ]

    @Test("Every fault is refused for its own reason", arguments: faults.indices)
    func enumeratedFault(_ index: Int) {
        let (name, data, reason) = Self.faults[index]
        let error = #expect(throws: FormatFailure.self, "\(name)") { try NumpyFile(data: data) }
        #expect(error?.reason == reason, "\(name): \(error?.description ?? "")")
    }

    @Test("Double quotes, another order of keys and no last comma are not faults")
    func unusualButValid() throws {
        let text = #"{"shape":(1,2),"descr":"|u1","fortran_order":False}"#
        #expect(try NumpyFile(data: Self.file(text, data: 2)).values() == [0, 0])
    }

    @Test("A shape that contradicts the values is refused, and nothing is written")
    func refusesContradiction() throws {
        #expect(throws: FormatFailure.self) {
            try NumpyFile.write(shape: [2], values: [1], to: folder.file("a.npy"))
        }
        #expect(try folder.entries() == [])
    }

    @Test("20 000 random mutations give a valid file or a typed error, in bounded memory")
    func randomMutations() throws {
        let original = try NumpyFile.encode(shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
        let before = try peakMemory()
        var generator = SplitMix(state: 2)
        var accepted = 0
        for _ in 0..<20_000 {
            let data = mutated(original, &generator)
            do {
                let file = try NumpyFile(data: data)
                #expect(try file.values().count == file.shape.reduce(1, *))
                accepted += 1
            } catch is FormatFailure {}
        }
        #expect(accepted > 100 && accepted < 19_900)
        #expect(try peakMemory() - before < 256 << 20)
    }
}
