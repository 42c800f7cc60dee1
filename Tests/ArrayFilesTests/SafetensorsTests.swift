import FileTestSupport
import Files
import Foundation
import PythonTestSupport
import Testing

@testable import ArrayFiles

@Suite("Safetensors")
struct SafetensorsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let sample: [Safetensors.Tensor] = [
        ("critic.0.weight", [2, 3], [1, -2, 0.5, .infinity, -0.0, .leastNonzeroMagnitude]),
        ("step", [], [7]),
        ("none", [0, 4], []),
        ("quote\" \\ \n é 🎨 \u{1}", [1], [3]),
    ]

    @Test("Tensors and metadata come back as they were written, in their order")
    func roundTrip() throws {
        let url = folder.file("a.safetensors")
        let metadata = ["format": "pt", "b": "x\"\ny", "a": ""]
        try Safetensors.write(Self.sample, metadata: metadata, to: url)
        let file = try SafetensorsFile(contentsOf: url)
        #expect(file.metadata == metadata)
        #expect(Set(file.tensorNames) == Set(Self.sample.map(\.name)))
        for tensor in Self.sample {
            let found = try file.tensor(named: tensor.name)
            #expect(found.shape == tensor.shape)
            #expect(found.values.map(\.bitPattern) == tensor.values.map(\.bitPattern))
            #expect(try file.elementType(of: tensor.name) == .float32)
        }
        #expect(try Safetensors.encode(Self.sample, metadata: metadata) == Data(contentsOf: url))
    }

    @Test("The bytes are those of the format: length, sorted metadata, spaces to 8 bytes")
    func exactBytes() throws {
        let data = try Safetensors.encode([("a", [1], [1])], metadata: ["z": "1", "b": "2"])
        let text =
            #"{"__metadata__":{"b":"2","z":"1"},"a":{"dtype":"F32","shape":[1],"#
            + #""data_offsets":[0,4]}}"#
        let padded = text + String(repeating: " ", count: (8 - text.count % 8) % 8)
        let expected =
            Data([UInt8(padded.count), 0, 0, 0, 0, 0, 0, 0]) + Data(padded.utf8)
            + Data([0, 0, 0x80, 0x3F])
        #expect(data == expected)
    }

    @Test("A tensor longer than one piece comes back whole")
    func longTensor() throws {
        let values = (0..<150_001).map { Float($0) }
        let url = folder.file("long.safetensors")
        try Safetensors.write([("x", [150_001], values)], to: url)
        #expect(try SafetensorsFile(contentsOf: url).tensor(named: "x").values == values)
    }

    @Test("Names that collide and shapes that contradict the values are refused")
    func refusesInvalidTensors() throws {
        let cases: [([Safetensors.Tensor], FormatFailure.Reason)] = [
            ([("a", [1], [1]), ("a", [1], [1])], .duplicateName),
            ([("__metadata__", [1], [1])], .duplicateName),
            ([("a", [2], [1])], .shape), ([("a", [-1], [])], .shape),
            ([("a", [Int.max, 4], [])], .shape),
        ]
        for (tensors, reason) in cases {
            let url = folder.file("bad.safetensors")
            let error = #expect(throws: FormatFailure.self) {
                try Safetensors.write(tensors, to: url)
            }
            #expect(error?.reason == reason)
        }
        #expect(try folder.entries() == [])
    }

    @Test("A missing tensor is named together with those that exist")
    func missingTensor() throws {
        let file = try SafetensorsFile(data: Safetensors.encode([("weight", [1], [1])]))
        let error = #expect(throws: FormatFailure.self) { try file.tensor(named: "wieght") }
        #expect(error?.reason == .unknownTensor)
        #expect(error?.description.contains("'weight'") == true)
    }

    @Test("A missing file, a folder and a pipe are refused without waiting")
    func notAFile() throws {
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let cases: [(URL, FileFailure.Reason)] = [
            (folder.file("none"), .notFound), (folder.url, .isAFolder), (pipe, .notARegularFile),
        ]
        for (url, reason) in cases {
            let error = #expect(throws: FileFailure.self) {
                try SafetensorsFile(contentsOf: url)
            }
            #expect(error?.reason == reason)
        }
    }

    @Test("A file that is cut off after opening is an error, not a crash")
    func shortenedMeanwhile() throws {
        let url = folder.file("a.safetensors")
        try Safetensors.write([("x", [100], [Float](repeating: 1, count: 100))], to: url)
        let file = try SafetensorsFile(contentsOf: url)
        #expect(truncate(url.path, 100) == 0)
        let error = #expect(throws: FileFailure.self) { try file.tensor(named: "x") }
        #expect(error?.reason == .changedWhileReading)
    }

    @Test(
        "Python reads what was written",
        .enabled(if: Python.hasSafetensors, "needs Python with numpy and safetensors"))
    func pythonReads() throws {
        let url = folder.file("a.safetensors")
        try Safetensors.write(Self.sample, metadata: ["key": "é\""], to: url)
        let program = """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], "np") as f:
                print(f.metadata(), len(f.keys()))
                for name in ("critic.0.weight", "step", "none", 'quote" \\\\ \\n é 🎨 \\x01'):
                    x = f.get_tensor(name)
                    print(x.dtype, x.shape, [float(v) for v in x.ravel()])
            """
        let expected = """
            {'key': 'é"'} 4
            float32 (2, 3) [1.0, -2.0, 0.5, inf, -0.0, 1.401298464324817e-45]
            float32 () [7.0]
            float32 (0, 4) []
            float32 (1,) [3.0]
            """
        #expect(try Python.run(program, url.path) == expected)
    }

    @Test(
        "What Python wrote is read, fractions converted and integers as bytes",
        .enabled(if: Python.hasSafetensors, "needs Python with numpy and safetensors"))
    func readsPython() throws {
        let url = folder.file("p.safetensors")
        let program = """
            import sys, numpy as np
            from safetensors.numpy import save_file
            x = np.array([[1.5, -2.25], [65504, 6e-8]])
            save_file({"f64": x, "f32": x.astype("f4"), "f16": x.astype("f2"),
                "i64": np.array([-1, 2]), "i32": np.array([3], "i4"),
                "u8": np.array([9, 255], "u1"), "b": np.array(True)}, sys.argv[1], {"k": "v"})
            """
        _ = try Python.run(program, url.path)
        let file = try SafetensorsFile(contentsOf: url)
        #expect(file.metadata == ["k": "v"])
        #expect(file.tensorNames.count == 7)
        #expect(try file.tensor(named: "f64").values == [1.5, -2.25, 65504, 6e-8])
        #expect(try file.tensor(named: "f32").values == [1.5, -2.25, 65504, 6e-8])
        #expect(try file.tensor(named: "f16").values == [1.5, -2.25, 65504, 0x1p-24])
        #expect(try file.tensor(named: "f16").shape == [2, 2])
        #expect(
            try file.bytes(of: "i64") == [UInt8](repeating: 255, count: 8) + [2]
                + .init(repeating: 0, count: 7))
        #expect(try file.bytes(of: "u8") == [9, 255])
        #expect(try file.elementType(of: "i32") == .int32)
        #expect(try file.shape(of: "b") == [])
        let error = #expect(throws: FormatFailure.self) { try file.tensor(named: "i64") }
        #expect(error?.reason == .elementType)
    }
}
