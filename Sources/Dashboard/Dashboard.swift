package import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// A server of pages that show runs while they are trained.
///
/// It reads what runs write and writes nothing; no training knows of it.
package struct Dashboard: Sendable {
    /// Where the pages are offered.
    package struct Address: Sendable {
        package let host: String
        /// Nil for ``usualPort``, or any free one where that is taken.
        package let port: Int?

        package static let usualPort = 8080

        package init(host: String, port: Int?) { (self.host, self.port) = (host, port) }

        /// Whether only this machine reaches it.
        package var isLoopback: Bool {
            host == "localhost" || host == "::1" || Self.isLoopbackNumber(host)
        }

        private static func isLoopbackNumber(_ host: String) -> Bool {
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        }
    }

    private let catalogue: RunCatalogue
    private let address: Address
    /// What a reader has to know; nil where only this machine reaches the pages.
    private let token: String?

    /// - Parameters:
    ///   - folders: Runs, or folders that hold runs.
    package init(_ folders: [URL], at address: Address) {
        (catalogue, self.address) = (RunCatalogue(folders), address)
        token = address.isLoopback ? nil : Self.newToken()
    }

    /// Serves until the process ends.
    ///
    /// - Parameter ready: Is told the address of the pages, and the token in it, once they can be
    ///   read.
    /// - Throws: ``DashboardFailure`` where the address cannot be had.
    package func run(ready: @escaping @Sendable (URL) -> Void) async throws {
        do {
            try await serve(on: address.port ?? Address.usualPort, ready)
        } catch let error as IOError where error.errnoCode == EADDRINUSE && address.port == nil {
            try await serve(on: 0, ready)
        } catch let error as IOError {
            throw DashboardFailure(address: address, code: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw DashboardFailure(address: address, code: EADDRNOTAVAIL)
        }
    }

    private func serve(on port: Int, _ ready: @escaping @Sendable (URL) -> Void) async throws {
        // Many runs take a second to be read for the first time.
        Task { await Work.shared.run { [catalogue] in _ = catalogue.all() } }
        let site = Site(catalogue)
        let guardian = Guardian(isLoopback: address.isLoopback, token: token)
        let router = Router(context: PageContext.self)
        router.add(middleware: guardian)
        for path in ["", "**"] as [RouterPath] {
            router.get(path, use: site.respond)
            router.head(path, use: site.respond)
        }
        // Its words are for those who write servers.
        var logger = Logger(label: "wgan watch")
        logger.logLevel = .critical
        let application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [StalledReader()],
                    idleTimeout: .seconds(Limits.idleSeconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Limits.headerBytes,
                        maxHeaderListSize: Limits.headerBytes,
                        maxHeaderFieldCount: Limits.headerFields))),
            configuration: .init(
                address: .hostname(address.host, port: port), serverName: nil,
                availableConnectionsDelegate: .maximum(Limits.connections, logger: logger)),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { ready(self.url(port: port)) }
            }, logger: logger)
        try await application.run()
    }

    private func url(port: Int) -> URL {
        var parts = URLComponents()
        let isEverywhere = ["0.0.0.0", "::"].contains(address.host)
        (parts.scheme, parts.port, parts.path) = ("http", port, "/")
        parts.host = isEverywhere ? ProcessInfo.processInfo.hostName : address.host
        if address.host.contains(":"), !isEverywhere { parts.encodedHost = "[\(address.host)]" }
        parts.queryItems = token.map { [URLQueryItem(name: Guardian.tokenName, value: $0)] }
        return parts.url ?? URL(filePath: "/")
    }

    private static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let word = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }.joined()
    }
}

/// What a reader may ask of the server at most.
enum Limits {
    static let connections = 300
    /// Readers that are kept up to date, at one time.
    static let followers = 200
    static let headerBytes = 16 << 10
    static let headerFields = 64
    /// The seconds after which a connection is closed that asks for nothing.
    static let idleSeconds: Int64 = 10
    /// The seconds after which a connection is closed whose reader takes nothing.
    static let stalledSeconds: Int64 = 30
    /// The most bytes of a picture.
    static let pictureBytes = 64 << 20
    /// Runs beside each other.
    static let comparedRuns = 20
}

/// An address at which no page can be offered.
package struct DashboardFailure: Error, CustomStringConvertible {
    let address: Dashboard.Address
    let code: Int32

    /// One sentence: what is wrong, and what to do.
    package var description: String {
        let place = address.host + (address.port.map { ":\($0)" } ?? "")
        let remedy =
            switch code {
            case EADDRINUSE: "another program has it; give another --port, or none for a free one"
            case EACCES: "it is not for ordinary users; give a --port from 1024 on"
            default: "give a --host that this machine has"
            }
        return "Cannot serve on \(place) (\(String(cString: strerror(code)))): \(remedy)."
    }
}

/// Closes a connection whose reader takes nothing for long: what waits for it takes memory.
private final class StalledReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private var end: Scheduled<Void>?

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        end?.cancel()
        end = nil
        if !context.channel.isWritable {
            let channel = context.channel
            end = context.eventLoop.scheduleTask(in: .seconds(Limits.stalledSeconds)) {
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }
}

/// What a request comes with.
struct PageContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let loop: any EventLoop

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        loop = source.channel.eventLoop
    }

    /// Waits until the connection has been told of all that was written. Then it knows whether it
    /// can take more, and the next write waits if it cannot.
    func settle() async throws { try await loop.submit {}.get() }
}
