import FileTestSupport
import Foundation
import Testing

@testable import ArrayFiles

@Suite("Arrays in files")
struct ArrayFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ data: Data, to name: String) throws -> String {
        let url = folder.file(name)
        try data.write(to: url)
        return url.path
    }

    private func message(_ place: String) -> String {
        let error = #expect(throws: (any Error).self) { try ArrayFile(at: place).doubles() }
        return error.map { "\($0)" } ?? ""
    }

    @Test("Text, arrays and tensors are the same numbers, in double precision")
    func formats() throws {
        let values: [Float] = [1, 2, 3, 4.5]
        let npy = try NumpyFile.encode(shape: [2, 2], values: values)
        let tensors = try Safetensors.encode([("a", [2, 2], values), ("b", [4], values)])
        for place in [
            try write(Data("1,2\n3,4.5\n".utf8), to: "a.csv"),
            try write(Data("1\t2\n3\t4.5\n".utf8), to: "a.tsv"),
            try write(Data("1 2\n3 4.5\n".utf8), to: "a.TXT"), try write(npy, to: "a.npy"),
            try write(tensors, to: "a.safetensors") + "#a",
        ] {
            let file = try ArrayFile(at: place)
            #expect(ArrayFile.isArray(place))
            #expect(file.shape == [2, 2], "\(place)")
            #expect(try file.doubles() == [1, 2, 3, 4.5], "\(place)")
            #expect(try file.floats() == values, "\(place)")
        }
        #expect(!ArrayFile.isArray("a.png") && !ArrayFile.isArray("folder"))
    }

    @Test("Names of arrays are explained where they are missing, refused where they mean nothing")
    func names() throws {
        let tensors = try Safetensors.encode([("a", [1], [0]), ("b", [1], [0])])
        let place = try write(tensors, to: "a.safetensors")
        #expect(message(place).contains("it has 2 tensors; choose one by FILE#NAME, of 'a', 'b'"))
        #expect(message(place + "#c").contains("it has no tensor 'c'; it has 'a', 'b'"))
        #expect(message(place + "#").contains("it has no tensor ''"))
        for (name, data) in [
            ("a.csv", Data("1\n".utf8)), ("a.npy", try NumpyFile.encode(shape: [1], values: [0])),
        ] {
            let found = message(try write(data, to: name) + "#x")
            #expect(found.hasSuffix("\(name) holds no arrays with names; leave out '#x'"))
        }
        // A file whose own name has the mark is that file.
        #expect(try ArrayFile(at: try write(Data("1\n".utf8), to: "a#b.csv")).shape == [1, 1])
    }

    @Test("Shapes beyond what is read are refused, even where they hold nothing")
    func hugeShapes() throws {
        for (shape, reason) in [
            ("(0, 4611686018427387904, 4)", "give at most 268435456 in all"),
            ("(0, 268435457)", "give at most 268435456 in all"),
            ("(4, 4611686018427387904, 0)", "is too large"),
        ] {
            let header = NumpyFileTests.header("'|u1'", "False", shape)
            let found = message(try write(NumpyFileTests.file(header), to: "a.npy"))
            #expect(found.contains(reason), "\(shape): \(found)")
        }
    }

    @Test("Integers that no double tells apart are refused, all others are exact")
    func largeIntegers() throws {
        func place(_ type: String, _ words: [UInt64]) throws -> String {
            let header = NumpyFileTests.header("'<\(type)'", "False", "(\(words.count),)")
            let bytes = words.flatMap { word in (0..<8).map { UInt8(word >> ($0 * 8) & 255) } }
            return try write(NumpyFileTests.file(header) + bytes, to: "a.npy")
        }
        let largest = UInt64(1) << 53 - 1
        #expect(try ArrayFile(at: place("i8", [largest, 0])).doubles() == [Double(largest), 0])
        let negative = UInt64(bitPattern: -(1 << 53) - 1)
        for (type, word) in [("i8", largest + 2), ("u8", .max), ("i8", negative)] {
            #expect(message(try place(type, [0, word])).contains("integers beyond 2^53"))
        }
        // As floats they are what they are.
        #expect(
            try ArrayFile(at: place("f8", [UInt64(0x4350_0000_0000_0000)])).doubles() == [0x1p54])
    }
}
