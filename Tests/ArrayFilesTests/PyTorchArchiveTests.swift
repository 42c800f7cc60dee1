import FileTestSupport
import Foundation
import PythonTestSupport
import Testing

@testable import ArrayFiles

@Suite("PyTorch's files")
struct PyTorchArchiveTests {
    private static let program = """
        import sys, torch
        from safetensors.torch import save_file
        folder = sys.argv[1]
        torch.manual_seed(1)
        types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64,
                 torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
        whole = torch.randint(0, 2, (4, 5, 6))
        tensors = {str(t).split(".")[1]: whole.to(t) for t in types}
        x = torch.randn(4, 5, 6)
        tensors |= {"turned": x.permute(2, 0, 1), "part": x[1:3, ::2, 3], "alike": x,
                    "number": x[0, 0, 0], "none": torch.zeros(0, 3)}
        layer = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
        content = dict(tensors)
        content["model"] = layer.state_dict()
        content["parts"] = [x[0], {"inner": x[1]}, (x[2],)]
        content |= {"epoch": 3, "rate": 1e-3, "name": "run", "nothing": None, "flag": True,
                    "big": 1 << 80, "minus": -70000}
        flat = dict(tensors)
        flat |= {"model." + k: v for k, v in layer.state_dict().items()}
        flat |= {"parts.0": x[0], "parts.1.inner": x[1], "parts.2.0": x[2]}
        save_file({k: v.to(torch.float64).clone().contiguous() for k, v in flat.items()},
                  folder + "/expected.safetensors")
        torch.save(content, folder + "/new.pt")
        torch.save(content, folder + "/old.pt", _use_new_zipfile_serialization=False)
        torch.save(layer[0].weight, folder + "/parameter.pt")
        """

    @Test(
        "are read as PyTorch reads them, in both forms: types, views, dictionaries and lists",
        .enabled(if: Python.hasTorch, "Python has no torch"))
    func beside() throws {
        let folder = try TemporaryFolder()
        _ = try Python.run(Self.program, folder.url.path)
        let expected = try SafetensorsFile(contentsOf: folder.file("expected.safetensors"))
        for name in ["new.pt", "old.pt"] {
            let file = try PyTorchArchive(contentsOf: folder.file(name))
            #expect(Set(file.tensorNames) == Set(expected.tensorNames))
            for tensor in file.tensorNames {
                #expect(try file.shape(of: tensor) == expected.shape(of: tensor))
                #expect(
                    try file.values(of: tensor, as: Double.self)
                        == expected.values(of: tensor, as: Double.self), "\(name) \(tensor)")
            }
            #expect(try file.elementType(of: "bfloat16") == .bfloat16)
            let place = folder.file(name).path + "#model.0.weight"
            #expect(try ArrayFile(at: place).shape == [3, 2, 3, 3])
        }
        let lone = try ArrayFile(at: folder.file("parameter.pt").path)
        #expect(lone.shape == [3, 2, 3, 3])
    }

    /// A file of the older form with the instructions of a pickle as its content.
    private static func older(_ content: [UInt8], storages: [UInt8] = Array("].".utf8)) -> Data {
        let magic: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        return Data(magic + Array("M\u{1}\u{0}.}.".utf8) + content + storages)
    }

    private static func text(_ text: String) -> [UInt8] {
        [UInt8(ascii: "X"), UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
    }

    @Test(
        "with anything but tensors and plain values in it are refused, and nothing is carried out",
        arguments: [
            ("cos\nsystem\n" + "X\u{3}\u{0}\u{0}\u{0}foo\u{85}R.", "os.system"),
            ("cbuiltins\neval\n)R.", "builtins.eval"),
            ("c__main__\nNet\n)\u{81}.", "operation 129"),
            ("ctorch._utils\n_rebuild_tensor_v3\n)R.", "_rebuild_tensor_v3"),
            ("K\u{1}Q.", "kept elsewhere"),
            ("h\u{1}.", "no state dictionary"), (".", "no state dictionary"),
            ("(.", "no state dictionary"), ("K\u{1}K\u{2}s.", "no state dictionary"),
            ("X\u{ff}\u{ff}", "ends too early"), ("]q\u{0}h\u{0}a.", "too deep"),
        ])
    func refusals(pickle: String, saying: String) throws {
        let bytes = pickle.unicodeScalars.map { UInt8($0.value) }
        let error = #expect(throws: FormatFailure.self) {
            try PyTorchArchive(data: Self.older(bytes))
        }
        #expect(error?.description.contains(saying) == true, "\(String(describing: error))")
    }

    @Test("nested without an end take no stack, and long names no memory")
    func depth() throws {
        let nested = [UInt8](repeating: UInt8(ascii: "]"), count: 200_000)
        let closed = [UInt8](repeating: UInt8(ascii: "a"), count: 199_999)
        let data = Self.older(nested + closed + [UInt8(ascii: ".")])
        #expect(throws: FormatFailure.self) { try PyTorchArchive(data: data) }
        // Each tuple holds the one before twice: 2³⁰ values by 60 instructions.
        var doubled: [UInt8] = Array(")q\u{0}".utf8)
        for _ in 0..<30 { doubled += Array("h\u{0}h\u{0}".utf8) + [0x86] + Array("q\u{0}".utf8) }
        let bomb = Self.older(doubled + [UInt8(ascii: ".")])
        #expect(throws: FormatFailure.self) { try PyTorchArchive(data: bomb) }
    }

    @Test(
        "of few bytes that would take much memory are refused in a sentence",
        arguments: [0x94, UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "N")])
    func manyOperations(operation: UInt8) throws {
        let content = Array("N".utf8) + [UInt8](repeating: operation, count: 5 << 20) + [0x2E]
        let error = #expect(throws: FormatFailure.self) {
            try PyTorchArchive(data: Self.older(content))
        }
        #expect(error?.description.contains("more than 4194304 operations") == true)
    }

    @Test(
        "with a tensor in them many times, under names that are long together, are refused",
        arguments: [(10, 100, nil), (300, 300, "too many long names"), (2000, 2000, "too deep")])
    func manyNames(outer: Int, inner: Int, saying: String?) throws {
        let storage =
            Array("(".utf8) + Self.text("storage") + Array("ctorch\nFloatStorage\n".utf8)
            + Self.text("0") + Self.text("cpu") + Array("K\u{2}NtQ".utf8)
        let tensor =
            Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8) + storage
            + Array("K\u{0}K\u{2}".utf8) + [0x85] + Array("K\u{1}".utf8) + [0x85]
            + Array("tR".utf8)
        let again = { (place: UInt8, count: Int) in
            Array("0(".utf8)
                + [[UInt8]](repeating: [UInt8(ascii: "h"), place], count: count).joined()
                + Array("t".utf8)
        }
        let long = String(repeating: "k", count: saying == "too deep" ? 1 : 127)
        // Keys within keys: no single name is longer than the other limit.
        let open = [[UInt8]](repeating: Array("}".utf8) + Self.text(long), count: 6).joined()
        let content =
            tensor + Array("q\u{0}".utf8) + again(0, inner) + Array("q\u{1}".utf8)
            + again(1, outer) + Array("q\u{2}0".utf8) + open + Array("h\u{2}ssssss.".utf8)
        let keys = Array("]".utf8) + Self.text("0") + Array("a.".utf8)
        let data = Self.older(content, storages: keys + [UInt8](repeating: 0, count: 16))
        guard let saying else {
            return #expect(try PyTorchArchive(data: data).tensorNames.count == outer * inner)
        }
        let error = #expect(throws: FormatFailure.self) { try PyTorchArchive(data: data) }
        #expect(error?.description.contains(saying) == true, "\(String(describing: error))")
    }

    @Test(
        "whose tensors claim more than their numbers are refused",
        arguments: [(0, 3, 1), (1, 2, 1), (0, 2, 2), (0, 2, 255), (255, 1, 1)])
    func claims(offset: Int, size: Int, stride: Int) throws {
        func data(_ offset: Int, _ size: Int, _ stride: Int) -> Data {
            let number = { (value: Int) in [UInt8(ascii: "K"), UInt8(value)] }
            let storage =
                Array("(".utf8) + Self.text("storage") + Array("ctorch\nFloatStorage\n".utf8)
                + Self.text("0") + Self.text("cpu") + number(2) + Array("NtQ".utf8)
            let content =
                Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8) + storage + number(offset)
                + number(size) + [0x85] + number(stride) + [0x85] + Array("tR.".utf8)
            let keys = Array("]".utf8) + Self.text("0") + Array("a.".utf8)
            let numbers: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
            return Self.older(content, storages: keys + numbers)
        }
        let whole = try PyTorchArchive(data: data(0, 2, 1))
        #expect(try whole.values(of: "", as: Float.self) == [1, 2])
        #expect(throws: FormatFailure.self) {
            try PyTorchArchive(data: data(offset, size, stride))
        }
        #expect(throws: FormatFailure.self) {
            try PyTorchArchive(data: data(0, 2, 1).dropLast())
        }
    }
}
