import FileTestSupport
import Foundation
import Testing

@testable import ArrayFiles

@Suite("Safetensors that are damaged or hostile")
struct SafetensorsFaultTests {
    /// A file with the given header text and number of data bytes.
    static func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> Data {
        let text = Data(header.utf8)
        let length = (length ?? UInt64(text.count)).littleEndian
        return withUnsafeBytes(of: length) { Data($0) } + text + Data(count: data)
    }

    static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    static let manyOnes = "[1" + String(repeating: ",1", count: 64) + "]"
    static let good = tensor("F32", "[1]", "[0,4]")

    @Test(
        "a file of another program is called what it is, with the way to convert it",
        arguments: [
            (Data("PK\u{3}\u{4}".utf8), "a zip archive, as torch.save writes"),
            (Data([0x80, 2, 0x8A, 10]), "a Python pickle"),
            (Data([0x89]) + Data("HDF\r\n".utf8), "an HDF5 file, as Keras writes"),
        ])
    func otherPrograms(start: Data, words: String) throws {
        let failure = try #require(throws: FormatFailure.self) {
            try SafetensorsFile(data: start + Data(count: 100))
        }
        #expect("\(failure)".contains(words))
        #expect("\(failure)".contains("save_file"))
    }

    @Test("a header of 640 bytes begins like a pickle, and is none")
    func likePickle() throws {
        let header = #"{"a":\#(Self.good)}"#
        let padded = header + String(repeating: " ", count: 640 - header.utf8.count)
        #expect(try SafetensorsFile(data: Self.file(padded, data: 4)).tensorNames == ["a"])
    }

    static let faults: [(String, Data, FormatFailure.Reason)] = [
        ("nothing", Data(), .truncated),
        ("seven bytes", Data(count: 7), .truncated),
        ("an empty header", file(""), .header),
        ("a length of 2^64 - 1", file("{}", length: .max), .header),
        ("a length of 2^63", file("{}", length: 1 << 63), .header),
        ("a length above the limit", file("{}", length: 100_000_001), .header),
        ("a length beyond the end", file("{}", length: 3), .truncated),
        ("an array", file("[]"), .header),
        ("an open object", file("{"), .header),
        ("text after the object", file("{} x"), .header),
        ("a zero byte after the object", file("{}\0"), .header),
        ("a comma at the end", file(#"{"a":\#(good),}"#, data: 4), .header),
        ("a tensor that is a number", file(#"{"a":1}"#), .header),
        ("no dtype", file(#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, data: 4), .header),
        ("an unknown key", file(#"{"a":{"x":1}}"#), .header),
        ("deep nesting", file(String(repeating: "[", count: 1_000_000)), .header),
        (
            "deep nesting in a shape",
            file(#"{"a":{"shape":"# + String(repeating: "[", count: 1_000_000)), .header
        ),
        ("a control character", file("{\"a\n\":\(good)}", data: 4), .header),
        ("half a surrogate", file(#"{"\ud800":\#(good)}"#, data: 4), .header),
        ("two high surrogates", file(#"{"\ud800\ud800":\#(good)}"#, data: 4), .header),
        ("an unknown escape", file(#"{"\x":\#(good)}"#, data: 4), .header),
        ("an escape cut off", file(#"{"\u12"#), .header),
        ("a repeated tensor", file(#"{"a":\#(good),"a":\#(good)}"#, data: 4), .duplicateName),
        (
            "a repeated tensor, escaped", file(#"{"a":\#(good),"\u0061":\#(good)}"#, data: 4),
            .duplicateName
        ),
        ("repeated metadata", file(#"{"__metadata__":{},"__metadata__":{}}"#), .duplicateName),
        ("a repeated metadata key", file(#"{"__metadata__":{"a":"","a":""}}"#), .duplicateName),
        ("metadata that is no text", file(#"{"__metadata__":{"a":1}}"#), .header),
        ("a repeated key", file(#"{"a":{"dtype":"F32","dtype":"F32"}}"#), .duplicateName),
        (
            "an unknown dtype of a huge shape",
            file(#"{"a":\#(tensor("F8_E4M3", "[4294967296,4294967296]", "[0,4]"))}"#, data: 4),
            .shape
        ),
        (
            "an unknown dtype of a range that ends before it begins",
            file(#"{"a":\#(tensor("F8_E4M3", "[4]", "[4,0]"))}"#, data: 4), .offsets
        ),
        ("a negative size", file(#"{"a":\#(tensor("F32", "[-1]", "[0,4]"))}"#, data: 4), .header),
        (
            "a fraction as size", file(#"{"a":\#(tensor("F32", "[1.0]", "[0,4]"))}"#, data: 4),
            .header
        ),
        (
            "an exponent as size", file(#"{"a":\#(tensor("F32", "[1e0]", "[0,4]"))}"#, data: 4),
            .header
        ),
        ("a leading zero", file(#"{"a":\#(tensor("F32", "[01]", "[0,4]"))}"#, data: 4), .header),
        (
            "a size of 2^63",
            file(#"{"a":\#(tensor("F32", "[9223372036854775808]", "[0,4]"))}"#, data: 4), .header
        ),
        (
            "a product beyond 2^63",
            file(#"{"a":\#(tensor("F32", "[4294967296,4294967296]", "[0,0]"))}"#), .shape
        ),
        (
            "bytes beyond 2^63",
            file(#"{"a":\#(tensor("F64", "[2305843009213693952]", "[0,0]"))}"#), .shape
        ),
        (
            "65 dimensions",
            file(
                #"{"a":\#(tensor("F32", manyOnes, "[0,4]"))}"#,
                data: 4), .header
        ),
        ("one offset", file(#"{"a":\#(tensor("F32", "[1]", "[4]"))}"#, data: 4), .header),
        ("three offsets", file(#"{"a":\#(tensor("F32", "[1]", "[0,4,8]"))}"#, data: 4), .header),
        ("reversed offsets", file(#"{"a":\#(tensor("F32", "[1]", "[4,0]"))}"#, data: 4), .offsets),
        (
            "a range that contradicts the shape",
            file(#"{"a":\#(tensor("F32", "[2]", "[0,4]"))}"#, data: 4), .offsets
        ),
        (
            "a gap at the start", file(#"{"a":\#(tensor("F32", "[1]", "[4,8]"))}"#, data: 8),
            .offsets
        ),
        (
            "a gap between",
            file(#"{"a":\#(good),"b":\#(tensor("F32", "[1]", "[8,12]"))}"#, data: 12), .offsets
        ),
        (
            "an overlap", file(#"{"a":\#(good),"b":\#(tensor("F32", "[1]", "[2,6]"))}"#, data: 6),
            .offsets
        ),
        ("the same range twice", file(#"{"a":\#(good),"b":\#(good)}"#, data: 4), .offsets),
        ("too few bytes", file(#"{"a":\#(good)}"#, data: 3), .truncated),
        ("too many bytes", file(#"{"a":\#(good)}"#, data: 5), .trailingBytes),
    ]

    @Test("Every fault is refused for its own reason, in one sentence", arguments: faults.indices)
    func enumeratedFault(_ index: Int) {
        let (name, data, reason) = Self.faults[index]
        let error = #expect(throws: FormatFailure.self, "\(name)") {
            try SafetensorsFile(data: data)
        }
        #expect(error?.reason == reason, "\(name): \(error?.description ?? "")")
        #expect((error?.description.count ?? 0) < 700)
    }

    @Test("A tensor of a type that is not read does no harm to those beside it")
    func otherTypes() throws {
        for type in ["F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "C64", "NEW"] {
            let other = Self.tensor(type, "[2,2]", "[4,8]")
            let data = Self.file(#"{"b":\#(other),"a":\#(Self.good)}"#, data: 8)
            let file = try SafetensorsFile(data: data)
            #expect(file.tensorNames == ["a", "b"])
            #expect(try file.tensor(named: "a").values == [0])
            #expect(try file.shape(of: "b") == [2, 2])
            #expect(try file.bytes(of: "b").count == 4)
            let error = #expect(throws: FormatFailure.self) { try file.tensor(named: "b") }
            #expect(error?.reason == .elementType)
            #expect(error?.description.contains("the type '\(type)', which is not read") == true)
        }
    }

    @Test("Numbers of every type are read")
    func numbers() throws {
        for (type, bytes, expected) in [
            ("F64", [0, 0, 0, 0, 0, 0, 0xE0, 0x3F], 0.5), ("F32", [0, 0, 0, 0x3F], 0.5),
            ("F16", [0, 0x38], 0.5), ("BF16", [0, 0x3F], 0.5), ("I64", [0xFE] + many(7), -2),
            ("I32", [0xFE] + many(3), -2), ("I16", [0xFE] + many(1), -2), ("I8", [0xFE], -2),
            ("U64", [7, 0, 0, 0, 0, 0, 0, 0], 7), ("U32", [7, 0, 0, 0], 7), ("U16", [7, 0], 7),
            ("U8", [200], 200), ("BOOL", [1], 1),
        ] as [(String, [UInt8], Double)] {
            let header = #"{"a":\#(Self.tensor(type, "[1,1]", "[0,\(bytes.count)]"))}"#
            let file = try SafetensorsFile(data: Self.file(header) + bytes)
            #expect(try file.values(of: "a", as: Double.self) == [expected], "\(type)")
            #expect(try file.values(of: "a", as: Float.self) == [Float(expected)], "\(type)")
        }
        func many(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: count) }
    }

    @Test("Order in the header, white space and an empty file are not faults")
    func unusualButValid() throws {
        let second = Self.tensor("F32", "[1]", "[4,8]")
        let swapped = Self.file("{ \"b\" :\n\(second),\t\"a\":\(Self.good)}   ", data: 8)
        #expect(try SafetensorsFile(data: swapped).tensorNames == ["a", "b"])
        #expect(try SafetensorsFile(data: Self.file("{}")).tensorNames == [])
        let escaped = Self.file(#"{"\ud83c\udfa8\/\u00e9":\#(Self.good)}"#, data: 4)
        #expect(try SafetensorsFile(data: escaped).tensorNames == ["🎨/é"])
    }

    @Test("A file with holes that claims a huge tensor is refused before memory is taken")
    func hugeSparseFile() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("huge.safetensors")
        let bytes = 1 << 42
        let header = #"{"a":\#(Self.tensor("U8", "[\(bytes)]", "[0,\(bytes)]"))}"#
        let start = Self.file(header)
        try start.write(to: url)
        try #require(truncate(url.path, off_t(start.count + bytes)) == 0)
        let file = try SafetensorsFile(contentsOf: url)
        let error = #expect(throws: FormatFailure.self) { try file.bytes(of: "a") }
        #expect(error?.reason == .shape)
    }

    @Test("Every truncation is refused")
    func everyTruncation() throws {
        let data = try Safetensors.encode(SafetensorsTests.sample, metadata: ["a": "b"])
        for length in 0..<data.count {
            #expect(throws: FormatFailure.self) { try SafetensorsFile(data: data.prefix(length)) }
        }
    }

    @Test("20 000 random mutations give a valid file or a typed error, in bounded memory")
    func randomMutations() throws {
        let original = try Safetensors.encode(
            [("a", [2, 3], [1, 2, 3, 4, 5, 6]), ("b.c", [], [7]), ("\u{1}é", [2], [8, 9])],
            metadata: ["format": "pt", "é": "\n"])
        let before = try peakMemory()
        var generator = SplitMix(state: 1)
        var accepted = 0
        for _ in 0..<20_000 {
            let data = mutated(original, &generator)
            do {
                let file = try SafetensorsFile(data: data)
                let read = try file.tensorNames.map { try file.bytes(of: $0).count }
                #expect(read.reduce(0, +) <= data.count)
                accepted += 1
            } catch is FormatFailure {}
        }
        #expect(accepted > 100 && accepted < 19_900)
        #expect(try peakMemory() - before < 256 << 20)
    }

    private func read(_ file: SafetensorsFile, count: Int) throws {
        var bytes = 0
        for name in file.tensorNames {
            bytes += try file.bytes(of: name).count
            // Not every type of elements is read as numbers.
            do { _ = try file.tensor(named: name) } catch is FormatFailure {}
        }
        #expect(bytes <= count)
    }

    @Test("Mutated files are read or refused")
    func mutations() throws {
        let valid = try Safetensors.encode(SafetensorsTests.sample, metadata: ["é": "\n"])
        let corpus = SafetensorsFaultTests.faults.map(\.1).filter { $0.count < 1000 }
        let isRefusal = { (error: any Error) in error is FormatFailure }
        try fuzz([valid, valid] + corpus, seed: 11, isRefusal: isRefusal) { data in
            try read(try SafetensorsFile(data: data), count: data.count)
        }
    }
}
