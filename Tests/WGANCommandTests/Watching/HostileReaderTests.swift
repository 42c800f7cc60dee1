import Foundation
import Testing

/// Requests that no browser makes.
@Suite struct HostileReaderTests {
    private static let secret = "a line that no reader may see"

    /// A run beside which lies what is nobody's business, with links to it.
    private static func place() throws -> Workplace {
        let place = try Workplace()
        try place.succeed([
            "train", "mixture", "--quiet", "--steps", "5", "--out", "runs/a", "--set",
            "outputs={snapshots: 2}",
        ])
        try place.write(secret, to: "secret.png")
        try place.write(secret, to: "runs/secret.txt")
        try place.write(secret, to: "runs/a/samples/.hidden.png")
        for link in ["runs/a/samples/link.png", "runs/a/figures/step-9.png"] {
            try FileManager.default.createDirectory(
                at: place.url(link).deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                at: place.url(link), withDestinationURL: place.url("secret.png"))
        }
        try FileManager.default.createSymbolicLink(
            at: place.url("runs/b"), withDestinationURL: place.url("runs/a"))
        try FileManager.default.createSymbolicLink(
            at: place.url("runs/a/panels"), withDestinationURL: place.folder)
        return place
    }

    @Test func noPathLeadsOutOfTheRuns() throws {
        let place = try Self.place()
        let watch = try Watch(place)
        let paths = [
            "/secret.txt", "/runs/secret.txt", "/runs/a/files/samples/../../../secret.png",
            "/runs/a/files/samples/..%2f..%2f..%2fsecret.png",
            "/runs/a/files/samples/%2e%2e/%2e%2e/%2e%2e/secret.png",
            "/runs/a/files/..%2f..%2fsecret.png/x", "/runs/..%2f..%2fsecret.png",
            "/runs/a/files/samples/link.png", "/runs/a/files/figures/step-9.png",
            "/runs/a/files/panels/secret.png", "/runs/b", "/runs/b/run.json",
            "/runs/a/files/samples", "/runs/a/files/samples/", "/runs/a/files/",
            "/runs/a/config.yaml", "/runs/a/files/checkpoints/step-5.safetensors",
            "/runs/a/files//etc/passwd", "//etc/passwd", "/etc/passwd", "/assets/../etc/passwd",
            "/assets/%2e%2e%2f%2e%2e%2fsecret.png", "/runs/a%00", "/runs/%ff%fe", "/runs/%",
            "/runs/a/files/samples/step-000005.png%00.html",
            "http://elsewhere/etc/passwd", "*", "/\\..\\..\\secret.png",
            "/" + String(repeating: "a/", count: 4000),
        ]
        for path in paths {
            let reply = try watch.get(path)
            #expect(reply.status >= 400, "\(path)")
            #expect(!reply.text.contains(Self.secret) && !reply.text.contains("root:"), "\(path)")
        }
        #expect(try watch.get("/runs/a/files/samples/.hidden.png").status == 404)
        #expect(try watch.get("/runs/a").status == 200)
    }

    @Test func whatIsNoRequestOfAPageIsRefused() throws {
        let watch = try Watch(try Self.place())
        let host = "Host: localhost:\(watch.port)\r\n"
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
            let reply = try watch.reply(
                to: "\(method) / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
            #expect((reply?.status ?? 400) >= 400, "\(method)")
        }
        // A page from elsewhere, whose name was made to mean this machine.
        for name in [
            "elsewhere.example", "localhost.elsewhere.example", "127.0.0.1.example", "", "[::2]",
        ] {
            let reply = try watch.reply(
                to: "GET /runs.json HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n")
            #expect((reply?.status ?? 400) >= 400, "\(name)")
            #expect(reply?.text.contains("\"runs\"") != true, "\(name)")
        }
        for name in ["localhost", "127.0.0.1", "127.0.0.1:80", "[::1]:5", "LocalHost:9"] {
            let reply = try watch.reply(
                to: "GET /runs.json HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n")
            #expect(reply?.status == 200, "\(name)")
        }
        // A second request hidden in what one reader takes for the content of the first.
        let hidden = "GET /runs/a HTTP/1.1\r\n\(host)\r\n"
        for fields in [
            "Content-Length: \(hidden.utf8.count)\r\n", "Transfer-Encoding: chunked\r\n",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: xchunked\r\n", "Content-Length: 4\r\nContent-Length: 5\r\n",
            "Content-Length: -1\r\n", "Transfer-Encoding : chunked\r\n", "X: a\r\n b: c\r\n",
        ] {
            let reply = try watch.reply(
                to: "GET / HTTP/1.1\r\n\(host)\(fields)Connection: close\r\n\r\n\(hidden)")
            #expect(reply?.text.contains("id=\"tiles\"") != true, "\(fields)")
        }
        for garbage in [
            "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", String(repeating: "A", count: 100_000),
            "GET / HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\n\(host)X: \(String(repeating: "y", count: 200_000))\r\n\r\n",
            "GET / HTTP/1.1\r\n\(host)\(String(repeating: "a: b\r\n", count: 20_000))\r\n",
        ] {
            let reply = try watch.reply(to: garbage)
            #expect((reply?.status ?? 400) >= 400)
        }
        let page = try watch.get("/")
        #expect(page.status == 200)
        for field in ["Content-Security-Policy: default-src 'none'", "nosniff", "no-referrer"] {
            #expect(page.headers.contains(field))
        }
    }

    @Test func manyConnectionsAndSlowReadersTakeLittleMemory() throws {
        let place = try Self.place()
        let watch = try Watch(place)
        #expect(try watch.get("/runs/a").status == 200)
        #if os(Linux)
            let before = watch.peakMemory
        #endif
        do {
            // They ask again and again for large answers, and read none.
            let slow = try (0..<40).map { _ in try RawClient(port: watch.port) }
            let request = "GET /runs/a HTTP/1.1\r\nHost: localhost\r\n\r\n"
            for client in slow { client.send(String(repeating: request, count: 50)) }
            // They ask for nothing, or for the beginning of something.
            let idle = try (0..<250).map { _ in try RawClient(port: watch.port) }
            for (number, client) in idle.enumerated() where number % 2 == 0 {
                client.send("GET /runs")
            }
            #expect(try watch.get("/runs.json").status == 200, "others are served all the same")
            let followers = try (0..<50).map { _ in try watch.follow("/events") }
            #expect(followers.allSatisfy { $0.next("runs") != nil })
        }
        // A large picture, which many ask for and none takes.
        try place.write(Data(count: 30 << 20), to: "runs/a/figures/large.gif")
        do {
            let slow = try (0..<60).map { _ in try RawClient(port: watch.port) }
            for client in slow {
                client.send(
                    "GET /runs/a/files/figures/large.gif HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            Thread.sleep(forTimeInterval: 2)
            #expect(try watch.get("/runs.json").status == 200)
        }
        #expect(try watch.get("/runs/a/files/figures/large.gif").body.count == 30 << 20)
        // Readers who leave at once keep no place.
        for _ in 0..<250 { _ = try watch.follow("/events") }
        Thread.sleep(forTimeInterval: 1)
        #expect(try watch.follow("/events").next("runs") != nil)
        #expect(watch.isRunning)
        #expect(try watch.get("/").status == 200)
        #if os(Linux)
            #expect(watch.peakMemory - before < 200 << 20)
        #endif
    }

    @Test func otherMachinesNeedTheToken() throws {
        let place = try Self.place()
        let watch = try Watch(place, host: "0.0.0.0")
        let token = try #require(watch.address.firstMatch(of: /token=([0-9a-f]{32})$/)?.1)
        for path in ["/", "/runs.json", "/runs/a", "/assets/watch.js", "/events"] {
            #expect(try watch.get(path).status == 403)
            #expect(try watch.get(path, "Cookie: token=\(token)\r\n").status == 403)
        }
        #expect(try watch.get("/?token=").status == 403)
        let entry = try watch.get("/?token=\(token)")
        #expect(entry.status == 303 && entry.headers.contains("HttpOnly; SameSite=Strict"))
        #expect(!entry.headers.contains("Location: /?"))
        let cookie = try #require(entry.headers.firstMatch(of: /Set-Cookie: (wgan-[0-9]+)=/)?.1)
        let field = "Cookie: a=b; \(cookie)=\(token)"
        #expect(try watch.get("/runs.json", field + "\r\n").status == 200)
        #expect(try watch.get("/runs.json", field.dropLast() + "z\r\n").status == 403)
        let elsewhere = try watch.get("//elsewhere.example/?token=\(token)")
        #expect(!elsewhere.headers.contains("Location: //"))
    }

    @Test func whatCannotBeServedIsRefused() throws {
        let place = try Workplace()
        for (arguments, words) in [
            (["--port", "70000"], "--port 70000 is no port"), (["none"], "no folder 'none'"),
            (["--host", ""], "--host is empty"),
        ] {
            let outcome = try place.wgan(["watch"] + arguments)
            #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome.errors)")
        }
        let watch = try Watch(place)
        let taken = try place.wgan(["watch", "--port", "\(watch.port)"])
        #expect(taken.code == 1 && taken.errors.contains("another program has it"))
        let far = try place.wgan(["watch", "--host", "203.0.113.7"])
        #expect(far.code == 1 && far.errors.contains("--host that this machine has"))
        let nowhere = try place.wgan(["watch", "--host", "no.such.host.invalid"])
        #expect(nowhere.code == 1 && nowhere.errors.contains("--host that this machine has"))
    }
}
