import Foundation
import Testing

/// A connection to a server on this machine, which sends whatever it is told to.
final class RawClient {
    private let descriptor: Int32
    private var received = Data()

    init(port: Int, patience seconds: Int = 20) throws {
        #if os(Linux)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        try #require(descriptor >= 0)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0, "no connection")
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        #if os(Linux)
            _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        #else
            _ = Darwin.send(descriptor, bytes, bytes.count, 0)
        #endif
    }

    /// What comes next; nil where the server has closed the connection, or says nothing for long.
    private func more() -> Data? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Data(bytes.prefix(count)) : nil
    }

    /// All text up to a separator; nil where it never comes.
    func text(upTo separator: String) -> String? {
        while true {
            if let range = received.range(of: Data(separator.utf8)) {
                let text = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received = Data(received[range.upperBound...])
                return text
            }
            guard let data = more() else { return nil }
            received += data
        }
    }

    /// All that comes until the server closes the connection.
    func rest() -> Data {
        while let data = more() { received += data }
        return received
    }
}

/// A response of the server.
struct Reply {
    let status: Int
    let headers: String
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: body)
    }
}

/// `wgan watch`, while a test reads its pages.
final class Watch {
    let port: Int
    /// What the command has said.
    let address: String
    private let command: RunningCommand

    /// Starts the command in a place, on a port of its own.
    init(_ place: Workplace, _ arguments: String..., host: String? = nil) throws {
        let file = place.url("watch-\(UUID().uuidString)")
        try Data().write(to: file)
        command = try place.start(
            ["watch", "--port", "0"] + (host.map { ["--host", $0] } ?? []) + arguments,
            errors: FileHandle(forWritingTo: file))
        var said = ""
        for _ in 0..<6000 where !said.contains("(Ctrl-C ends it)") && command.isRunning {
            Thread.sleep(forTimeInterval: 0.01)
            said = try String(contentsOf: file, encoding: .utf8)
        }
        let match = try #require(said.firstMatch(of: #/http:\/\/[^ ]*:([0-9]+)\/[^ ]*/#), "\(said)")
        (address, port) = (String(match.0), Int(match.1) ?? 0)
    }

    deinit { command.send(SIGKILL) }

    var isRunning: Bool { command.isRunning }

    #if os(Linux)
        var peakMemory: Int { command.peakMemory }
    #endif

    /// Ends the command as a user does.
    func interrupt() throws -> Outcome {
        command.send(SIGINT)
        return try command.end()
    }

    /// Sends a request as it is and reads the answer.
    func reply(to request: String) throws -> Reply? {
        let client = try RawClient(port: port)
        client.send(request)
        guard let head = client.text(upTo: "\r\n\r\n"),
            let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return Reply(status: status, headers: head, body: client.rest())
    }

    func get(_ path: String, _ headers: String = "") throws -> Reply {
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\n"
        return try #require(try reply(to: request + headers + "Connection: close\r\n\r\n"))
    }

    /// Begins to read the news of an address.
    func follow(_ path: String) throws -> News {
        let client = try RawClient(port: port, patience: 60)
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n")
        let head = try #require(client.text(upTo: "\r\n\r\n"))
        try #require(head.contains(" 200 "), "\(head)")
        return News(client)
    }
}

/// Server-sent events as they come.
final class News {
    private let client: RawClient

    init(_ client: RawClient) { self.client = client }

    /// The next event of a kind; nil where none comes within a minute.
    func next(_ kind: String) -> (id: Int?, data: Data)? {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end, let text = client.text(upTo: "\n\n") {
            var (event, data, id) = ("", "", Int?.none)
            // Lengths of chunks are lines between.
            for line in text.split(whereSeparator: \.isNewline) {
                if line.hasPrefix("event: ") { event = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { data = String(line.dropFirst(6)) }
                if line.hasPrefix("id: ") { id = Int(line.dropFirst(4)) }
            }
            if event == kind { return (id, Data(data.utf8)) }
        }
        return nil
    }
}
