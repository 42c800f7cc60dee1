import ArrayFiles
import FetchTestSupport
import FileTestSupport
import Foundation
import PythonTestSupport
import Testing

@Suite("Fetching at the command")
struct FetchTests {
    private static let files = [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]

    @Test(
        "what makes no sense is refused before any work",
        arguments: [
            (
                ["mnits"],
                "no data set 'mnits' to fetch; choose one of mnist, fashion-mnist, inception"
            ),
            (["mnist", "--from", "a.pth"], "--from names a file of Inception's weights"),
            (["inception", "--data", "."], "--data has no effect on inception"),
            (["inception", "--from", "nowhere.pth"], "nowhere.pth"),
            (["mnist", "--mirror", "ftp://x"], "ftp://x is not an address"),
            (["mnist", "--data", ""], "--data is empty"),
        ])
    func refusals(arguments: [String], fragment: String) throws {
        try expectRefusal(["fetch"] + arguments, saying: [fragment], in: try Workplace())
    }

    @Test("a file with other tensors than Inception's is refused, as is the extractor without one")
    func otherWeights() throws {
        let place = try Workplace()
        let cache = ["XDG_CACHE_HOME": place.url("cache").path]
        let older: [UInt8] = [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]
        try place.write(Data(older + Array("K\u{1}.}.}.].".utf8)), to: "other.pth")
        let outcome = try place.wgan(
            ["fetch", "inception", "--from", "other.pth"], environment: cache)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("no tensor Conv2d_1a_3x3.conv.weight"))
        #expect(try !place.entries().contains { $0.hasPrefix("cache") })
        try expectRefusal(
            ["measure", "fid", "other.pth", "other.pth", "--extractor", "inception"],
            saying: ["wgan fetch inception"], in: place, environment: cache)
    }

    @Test(
        "weights given by hand are kept and used, and said not to be the published ones",
        .enabled(if: Python.hasTorch && Python.hasFeatureMeasures, "Python has no pytorch-fid"))
    func weightsByHand() throws {
        let place = try Workplace()
        let cache = ["XDG_CACHE_HOME": place.url("cache").path]
        _ = try Python.run(
            """
            import sys, numpy, torch
            from pytorch_fid import inception
            network = inception._inception_v3(num_classes=1008, aux_logits=False, weights=None)
            torch.save(network.state_dict(), sys.argv[1] + "/own.pth")
            for name, seed in (("a", 0), ("b", 1)):
                images = numpy.random.default_rng(seed).integers(0, 256, (4, 9, 9, 3))
                numpy.save(f"{sys.argv[1]}/{name}.npy", images.astype(numpy.uint8))
            """, place.url("").path)
        let fetched = try place.wgan(
            ["fetch", "inception", "--from", "own.pth"], environment: cache)
        #expect(fetched.code == 0, "\(fetched.errors)")
        #expect(fetched.errors.contains("not the published file"))
        let measured = try place.wgan(
            ["measure", "fid", "a.npy", "b.npy", "--extractor", "inception:64", "--json"],
            environment: cache)
        #expect(measured.code == 0, "\(measured.errors)")
        #expect(measured.output.contains("\"value\""))
    }

    @Test("the published weights of Inception are not fetched again, others are")
    func weightsThatAreThere() throws {
        let place = try Workplace()
        let published = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
        for (source, code) in [(published, 0), ("0123", 1)] as [(String, Int32)] {
            let weights = try Safetensors.encode(
                [("0.bias", [1], [0])], metadata: ["source-sha256": source])
            try place.write(
                weights, to: "cache/swift-wgan/inception/inception-2015-12-05.safetensors")
            // Nobody listens there.
            let outcome = try place.wgan(
                ["fetch", "inception", "--mirror", "http://127.0.0.1:1"],
                environment: ["XDG_CACHE_HOME": place.url("cache").path])
            #expect(outcome.code == code, "\(outcome.errors)")
        }
    }

    /// A data folder with all files but the smallest, and a server that has that one.
    private func place() throws -> (Workplace, UnreliableServer) {
        let server = try UnreliableServer.shared.get()
        let place = try Workplace()
        for name in Self.files {
            let data = try Data(contentsOf: URL(filePath: SharedData.path("mnist/\(name)")))
            if name == Self.files.last {
                try data.write(to: server.folder.appending(path: name))
            } else {
                try place.write(data, to: "data/mnist/\(name)")
            }
        }
        return (place, server)
    }

    /// Serves a folder with a certificate that only its own file makes trusted.
    private static let secureServer = """
        import functools, http.server, ssl, sys
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[2])
        server = http.server.HTTPServer(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    @Test(
        "a server is trusted by the certificates that SSL_CERT_FILE names, and by no others",
        .enabled(if: UnreliableServer.isPossible, "there is no python3 to serve files with"),
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"),
            "there is no openssl to make a certificate with"),
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func certificates() throws {
        let (place, server) = try place()
        let making = Process()
        making.executableURL = URL(filePath: "/usr/bin/openssl")
        making.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "trusted.pem",
        ]
        making.currentDirectoryURL = place.folder
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
        try place.write(
            try place.text("key.pem") + place.text("trusted.pem"), to: "server.pem")
        let serving = Process()
        let output = Pipe()
        serving.executableURL = URL(filePath: "/usr/bin/env")
        serving.arguments = [
            "python3", "-c", Self.secureServer, place.url("server.pem").path, server.folder.path,
        ]
        (serving.standardOutput, serving.standardError) = (output, FileHandle.nullDevice)
        try serving.run()
        defer { serving.terminate() }
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(said.trimmingCharacters(in: .whitespacesAndNewlines)))
        let arguments = [
            "fetch", "mnist", "--data", "data", "--mirror", "https://127.0.0.1:\(port)",
        ]
        let untrusted = try place.wgan(arguments, environment: ["no_proxy": "127.0.0.1"])
        #expect(untrusted.code == 1 && untrusted.errors.contains("certificate"))
        let trusted = try place.wgan(
            arguments, environment: ["no_proxy": "127.0.0.1", "SSL_CERT_FILE": "trusted.pem"])
        #expect(trusted.code == 0, "\(trusted.errors)")
    }

    @Test(
        "a connection that breaks is taken up again, and what is there is only checked",
        .enabled(if: UnreliableServer.isPossible, "there is no python3 to serve files with"),
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func broken() throws {
        let (place, server) = try place()
        let client = UUID()
        let outcome = try place.wgan(
            ["fetch", "mnist", "--data", "data", "--mirror", server.mirror("drop", for: client)],
            environment: ["no_proxy": "127.0.0.1"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "4 files, checked, in data/mnist\n")
        #expect(server.ranges("drop", of: client) == ["", "bytes=1515-", "bytes=3030-"])
        let name = try #require(Self.files.last)
        let original = try Data(contentsOf: URL(filePath: SharedData.path("mnist/\(name)")))
        #expect(try place.data("data/mnist/\(name)") == original)
        #expect(try place.entries().count == 6)
        #expect(outcome.errors.contains("11595/11595  100%"))
        #expect(outcome.errors.hasSuffix("  kB of \(name)\n"))
    }

    @Test(
        "wrong bytes are refused and leave no file",
        .enabled(if: UnreliableServer.isPossible, "there is no python3 to serve files with"),
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func wrong() throws {
        let (place, server) = try place()
        let outcome = try place.wgan(
            [
                "fetch", "mnist", "--quiet", "--data", "data/mnist", "--mirror",
                server.mirror("wrong", for: UUID()),
            ], environment: ["no_proxy": "127.0.0.1"])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("does not have the published bytes; name another mirror"))
        #expect(!(try place.entries().contains("data/mnist/t10k-labels-idx1-ubyte.gz")))
    }
}
