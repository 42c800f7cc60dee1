import ArrayFiles
import CPUExecutor
import FileTestSupport
import Foundation
import PythonTestSupport
import TensorGraph
import Testing

@testable import Evaluation
@testable import FeatureNetworks

/// What torch-fidelity and pytorch-fid make of images with random weights, and our network of the
/// same.
private struct Case {
    static let features = ["64", "192", "768", "2048", "logits_unbiased", "logits"]

    let folder: TemporaryFolder
    let weights: URL
    let images: [(shape: [Int], bytes: [UInt8])]
    let expected: [String: SafetensorsFile]

    /// Twenty images of odd sizes, grey ones as three equal channels.
    init() throws {
        folder = try TemporaryFolder()
        weights = folder.file("inception.safetensors")
        _ = try Python.run(Self.program, folder.url.path)
        let archive = try PyTorchArchive(contentsOf: folder.file("inception.pth"))
        try Inception.safetensors(of: archive, sha256: "0123").write(to: weights)
        let file = try SafetensorsFile(contentsOf: folder.file("images.safetensors"))
        images = try (0..<20).map { try (file.shape(of: "\($0)"), file.bytes(of: "\($0)")) }
        expected = try [
            "inception": SafetensorsFile(contentsOf: folder.file("torch-fidelity.safetensors")),
            "inception-pytorch": SafetensorsFile(
                contentsOf: folder.file("pytorch-fid.safetensors")),
        ]
    }

    private static let program = """
        import sys, torch, torch.nn.functional as F
        from pytorch_fid import inception as pf
        from safetensors.torch import save_file
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
        from torch_fidelity.interpolate_compat_tensorflow import (
            interpolate_bilinear_2d_like_tensorflow1x)
        folder = sys.argv[1]
        torch.manual_seed(5)
        torch.set_num_threads(2)
        net = pf._inception_v3(num_classes=1008, aux_logits=False, weights=None)
        for name, blocks in (("A", ("5b", "5c", "5d")), ("C", ("6b", "6c", "6d", "6e"))):
            for block in blocks:
                getattr(net, "Mixed_" + block).__class__ = getattr(pf, "FIDInception" + name)
        net.Mixed_7b.__class__ = pf.FIDInceptionE_1
        net.Mixed_7c.__class__ = pf.FIDInceptionE_2
        for m in net.modules():
            if isinstance(m, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(m.weight)
            if isinstance(m, torch.nn.BatchNorm2d):
                m.weight.data.uniform_(0.8, 1.2); m.bias.data.uniform_(-0.2, 0.2)
                m.running_mean.uniform_(-0.2, 0.2); m.running_var.uniform_(0.7, 1.3)
        state = {k: v for k, v in net.state_dict().items() if "num_batches" not in k}
        torch.save(state, folder + "/inception.pth")
        torch.save(state, folder + "/older.pth", _use_new_zipfile_serialization=False)
        net.eval()
        sizes = [(28, 28), (299, 299), (33, 47), (64, 64), (1, 1), (5, 300), (128, 96), (301, 40),
                 (350, 310), (17, 17)] * 2
        images = [torch.randint(0, 256, (h, w, 3), dtype=torch.uint8) for h, w in sizes]
        for i in range(10, 20):
            images[i] = images[i][:, :, :1].expand(-1, -1, 3).contiguous()
        save_file({str(i): x for i, x in enumerate(images)}, folder + "/images.safetensors")
        sides, got = (299, 299), {}
        for i, x in enumerate(images):
            x = x.permute(2, 0, 1)[None].float()
            corner = interpolate_bilinear_2d_like_tensorflow1x(x, size=sides, align_corners=False)
            middle = F.interpolate(x, sides, mode="bilinear", align_corners=False)
            for name, y in (("linearFromCorner", corner), ("linear", middle)):
                got[f"{name}.{i}"] = y[0].permute(1, 2, 0).contiguous()
        save_file(got, folder + "/resized.safetensors")
        names = ["64", "192", "768", "2048", "logits_unbiased", "logits"]
        tf = FeatureExtractorInceptionV3("n", names, folder + "/inception.pth")
        got = {}
        with torch.no_grad():
            for i, x in enumerate(images):
                for name, f in zip(names, tf(x.permute(2, 0, 1)[None])):
                    got[f"{name}.{i}"] = f[0].contiguous()
        save_file(got, folder + "/torch-fidelity.safetensors")
        wrapped = pf.InceptionV3.__new__(pf.InceptionV3)
        torch.nn.Module.__init__(wrapped)
        wrapped.resize_input, wrapped.normalize_input = True, True
        wrapped.output_blocks, wrapped.last_needed_block = [0, 1, 2, 3], 3
        n = net
        wrapped.blocks = torch.nn.ModuleList([
            torch.nn.Sequential(n.Conv2d_1a_3x3, n.Conv2d_2a_3x3, n.Conv2d_2b_3x3,
                                torch.nn.MaxPool2d(3, 2)),
            torch.nn.Sequential(n.Conv2d_3b_1x1, n.Conv2d_4a_3x3, torch.nn.MaxPool2d(3, 2)),
            torch.nn.Sequential(n.Mixed_5b, n.Mixed_5c, n.Mixed_5d, n.Mixed_6a, n.Mixed_6b,
                                n.Mixed_6c, n.Mixed_6d, n.Mixed_6e),
            torch.nn.Sequential(n.Mixed_7a, n.Mixed_7b, n.Mixed_7c,
                                torch.nn.AdaptiveAvgPool2d((1, 1)))])
        got = {}
        with torch.no_grad():
            for i, x in enumerate(images):
                y = wrapped(x.permute(2, 0, 1)[None].float() / 255)
                for name, f in zip(names, y):
                    got[f"{name}.{i}"] = f.mean((2, 3))[0].contiguous()
        save_file(got, folder + "/pytorch-fid.safetensors")
        """
}

@Suite("Inception")
struct InceptionTests {
    private static let isThere = Python.hasTorch && Python.hasFeatureMeasures
    private static let reason: Comment = "Python has no torch-fidelity or no pytorch-fid"

    @Test(
        "has the features of torch-fidelity and of pytorch-fid, from both forms of weights",
        .enabled(if: isThere, reason))
    func features() throws {
        let known = try Case()
        let older = try PyTorchArchive(contentsOf: known.folder.file("older.pth"))
        let newer = try PyTorchArchive(contentsOf: known.folder.file("inception.pth"))
        #expect(Set(older.tensorNames) == Set(newer.tensorNames))
        for name in ["fc.weight", "Mixed_7c.branch3x3dbl_3b.bn.running_var"] {
            #expect(try older.tensor(named: name) == newer.tensor(named: name))
        }
        let names =
            Case.features.map { "inception:" + $0 }
            + Case.features.prefix(4).map { "inception-pytorch:" + $0 }
        try checkResizing(of: known)
        for name in names {
            let inception = try #require(try Inception(named: name))
            let extractor = try FeatureExtractor(
                inception.network(from: known.weights), on: CPUDevice())
            let package = try #require(known.expected[inception.arithmetic.rawValue])
            // A batch has several images, whatever is asked for.
            let shown = name.hasSuffix(":2048") ? known.images.count : 3
            for (number, image) in known.images.prefix(shown).enumerated() {
                let values = image.bytes.map { Float($0) / 127.5 - 1 }
                let found = try extractor.result(of: values, shape: Shape(image.shape))
                let expected = try package.tensor(
                    named: "\(inception.features.rawValue).\(number)"
                ).values
                let largest = expected.map(abs).max() ?? 0
                let difference = zip(found.features.doubles, expected).map {
                    abs($0 - Double($1))
                }.max()
                #expect(found.features.doubles.count == expected.count)
                #expect(
                    try #require(difference) < 1e-4 * Double(largest), "\(name), image \(number)")
            }
        }
    }

    /// Both ways of making images fit, to a millionth of the range.
    private func checkResizing(of known: Case) throws {
        let resized = try SafetensorsFile(contentsOf: known.folder.file("resized.safetensors"))
        for resizing in [ImageResizing.linear, .linearFromCorner] {
            for (number, image) in known.images.enumerated() {
                let expected = try resized.tensor(named: "\(resizing.rawValue).\(number)").values
                let fitting = try #require(
                    ImageFitting(from: image.shape, to: [299, 299, 3], by: resizing))
                var found = [Float](repeating: 0, count: 299 * 299 * 3)
                found.withUnsafeMutableBufferPointer { room in
                    fitting.fill(room, count: 1) { room in
                        for (place, byte) in image.bytes.enumerated() {
                            room[place] = Float(byte) / 127.5 - 1
                        }
                    }
                }
                let difference = zip(found, expected).map { abs(($0 + 1) / 2 - $1 / 255) }.max()
                #expect(
                    try #require(difference) < 1e-6, "\(resizing.rawValue), image \(number)")
            }
        }
    }

    @Test("says how to get weights that are not there, and which features there are")
    func refusals() throws {
        #expect(try Inception(named: "mnist") == nil)
        #expect(try Inception(named: "inception")?.name == "inception")
        #expect(try Inception(named: "inception-pytorch:64")?.name == "inception-pytorch:64")
        #expect(throws: FeatureNetworkError.self) { try Inception(named: "inception:65") }
        let nowhere = URL(fileURLWithPath: "/nowhere/inception.safetensors")
        let error = #expect(throws: FeatureNetworkError.self) {
            try Inception(named: "inception")?.network(from: nowhere)
        }
        #expect(error?.description.contains("wgan fetch inception") == true)
    }
}
