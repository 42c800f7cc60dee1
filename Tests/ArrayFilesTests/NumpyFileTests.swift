import FileTestSupport
import Foundation
import PythonTestSupport
import Testing

@testable import ArrayFiles

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
        "Every type that NumPy writes is read, in both orders of bytes and of dimensions",
        .enabled(if: Python.hasNumpy, "needs numpy"),
        arguments: [
            ("f2", ElementType.float16), ("f4", .float32), ("f8", .float64), ("i1", .int8),
            ("i2", .int16), ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16),
            ("u4", .uint32), ("u8", .uint64), ("?", .bool),
        ])
    func readsNumpy(_ name: String, _ type: ElementType) throws {
        let url = folder.file("a.npy")
        let program = """
            import sys, numpy as np
            x = (np.arange(24) % 5 % int(sys.argv[4])).reshape(2, 3, 4).astype(sys.argv[2])
            np.save(sys.argv[1], np.asfortranarray(x) if sys.argv[3] == "F" else x)
            """
        let limit = type == .bool ? "2" : "5"
        for byteOrder in name == "?" ? [""] : ["<", ">"] {
            for order in ["C", "F"] {
                _ = try Python.run(program, url.path, byteOrder + name, order, limit)
                let file = try NumpyFile(contentsOf: url)
                #expect(file.shape == [2, 3, 4])
                #expect(file.elementType == type)
                let expected = (0..<24).map { Double($0 % 5 % (type == .bool ? 2 : 5)) }
                #expect(try file.values(as: Double.self) == expected, "\(byteOrder) \(order)")
                #expect(try file.values() == expected.map { Float($0) })
            }
        }
    }

    @Test(
        "Arrays that are no plain numbers are refused by what NumPy calls them",
        .enabled(if: Python.hasNumpy, "needs numpy"),
        arguments: [
            ("np.zeros(2, 'c8')", "complex numbers"), ("np.array(['a'])", "text"),
            ("np.array([b'a'])", "text"), ("np.array([1, 'a'], object)", "Python objects"),
            ("np.zeros(2, 'M8[s]')", "dates"), ("np.zeros(2, 'V4')", "raw bytes"),
            ("np.zeros(2, 'g')", "f16"),
            ("np.zeros(2, [('x', 'f4'), ('y', 'f4', 2)])", "structured type '[('x', '<f4'), ('y'"),
        ])
    func refusesNumpy(_ array: String, _ name: String) throws {
        let url = folder.file("a.npy")
        _ = try Python.run("import sys, numpy as np; np.save(sys.argv[1], \(array))", url.path)
        let error = #expect(throws: FormatFailure.self) { try NumpyFile(contentsOf: url) }
        #expect(error?.reason == .elementType)
        #expect(error?.description.contains(name) == true, "\(error?.description ?? "")")
    }

    @Test("Numbers of both byte orders are the same, to the last bit")
    func byteOrders() throws {
        for (type, bytes, expected) in [
            ("f8", [0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A], 0.1),
            ("f4", [0xC0, 0x49, 0x0F, 0xDB], -3.1415927410125732),
            ("f2", [0x3C, 0x01], 1 + 0x1p-10),
            ("i2", [0xFF, 0xFE], -2), ("u2", [0xFF, 0xFE], 65_534),
            ("i4", [0x80, 0, 0, 0], -0x1p31), ("u4", [0x80, 0, 0, 0], 0x1p31),
            ("i8", [0, 0x20, 0, 0, 0, 0, 0, 0], 0x1p53),
            ("u8", [0x80, 0, 0, 0, 0, 0, 0, 0], 0x1p63),
        ] as [(String, [UInt8], Double)] {
            for (order, data) in [(">", bytes), ("<", bytes.reversed())] {
                let file = try NumpyFile(
                    data: Self.file(Self.header("'\(order)\(type)'")) + data)
                #expect(try file.values(as: Double.self) == [expected], "\(order)\(type)")
            }
        }
    }

    @Test("An array in Fortran order is read as the same array")
    func fortranOrder() throws {
        let header = Self.header("'|u1'", "True", "(2, 3)")
        let file = try NumpyFile(data: Self.file(header) + Data([0, 3, 1, 4, 2, 5]))
        #expect(try file.values() == [0, 1, 2, 3, 4, 5])
        let deep = Self.header("'|u1'", "True", "(2, 1, 2, 2)")
        #expect(
            try NumpyFile(data: Self.file(deep) + Data([0, 4, 2, 6, 1, 5, 3, 7])).values()
                == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test("Headers of versions 2.0 and 3.0 have a longer length, and any text")
    func versions() throws {
        for version: [UInt8] in [[2, 0], [3, 0]] {
            let header = Self.header() + String(repeating: " ", count: 70_000)
            let file = try NumpyFile(data: Self.file(header, data: 4, version: version))
            #expect(try file.values() == [0])
        }
        let named = Self.file(Self.header("[('é', '<f4')]"), data: 4, version: [3, 0])
        let error = #expect(throws: FormatFailure.self) { try NumpyFile(data: named) }
        #expect(error?.description.contains("'[('é', '<f4')]'") == true)
    }

    static func file(_ header: String, data: Int = 0, version: [UInt8] = [1, 0]) -> Data {
        let length = header.utf8.count
        var file = Data([0x93])
        file.append(contentsOf: "NUMPY".utf8)
        file.append(contentsOf: version)
        file.append(contentsOf: [UInt8(length & 255), UInt8(length >> 8 & 255)])
        if version[0] > 1 { file.append(contentsOf: [UInt8(length >> 16), 0]) }
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
        ("version 4.0", file(header(), data: 4, version: [4, 0]), .header),
        ("version 1.1", file(header(), data: 4, version: [1, 1]), .header),
        ("a length of version 2.0 cut off", file("", version: [2, 0]).prefix(11), .truncated),
        ("a long length cut off", file(header(), version: [3, 0]).prefix(40), .truncated),
        (
            "a header of a megabyte and more",
            file(header() + String(repeating: " ", count: 1 << 20), data: 4, version: [2, 0]),
            .header
        ),
        ("a header cut off", file(header()).prefix(40), .truncated),
        ("no header", file(""), .header),
        ("a list", file("[]"), .header),
        ("no shape", file("{'descr': '<f4', 'fortran_order': False}", data: 4), .header),
        ("an unknown key", file("{'x': 1}"), .header),
        ("a repeated key", file("{'descr': '<f4', 'descr': '<f4'}"), .duplicateName),
        ("text after the dictionary", file(header() + "x", data: 4), .header),
        ("numbers without a byte order", file(header("'|f4'"), data: 4), .elementType),
        ("quadruple precision", file(header("'<f16'"), data: 16), .elementType),
        ("complex numbers", file(header("'<c8'"), data: 8), .elementType),
        ("text", file(header("'<U1'"), data: 4), .elementType),
        ("no type", file(header("''"), data: 4), .elementType),
        ("Python objects", file(header("'|O'"), data: 8), .elementType),
        ("named fields", file(header("[('a', '<f4')]"), data: 4), .elementType),
        ("a list without an end", file("{'descr': [[('a]', '<f4')]"), .header),
        ("many lists", file("{'descr': " + String(repeating: "[", count: 60_000)), .header),
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
