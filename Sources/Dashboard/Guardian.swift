import Foundation
import HTTPTypes
import Hummingbird

/// Turns away requests that are not for these pages, and says to browsers what the pages may do:
/// load nothing from elsewhere, and be shown in no other page.
struct Guardian: RouterMiddleware {
    typealias Context = PageContext

    /// The name of the token in an address.
    static let tokenName = "token"

    /// Whether only this machine reaches the server.
    let isLoopback: Bool
    /// What a reader has to know; nil for nothing.
    let token: String?
    /// The name of the cookie with the token: servers on other ports of a machine get cookies too,
    /// and one of them may be another of these.
    private let cookie = "wgan-\(UInt32.random(in: .min ... .max))"

    init(isLoopback: Bool, token: String?) {
        (self.isLoopback, self.token) = (isLoopback, token)
    }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context, next)
        for (name, value) in Self.headers { response.headers[name] = value }
        return response
    }

    private func answer(
        _ request: Request, _ context: Context,
        _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head else {
            return .refused(.methodNotAllowed, "These pages are only read.")
        }
        // Nothing here takes a body; one that is not read would be taken for the next request.
        guard request.headers[.transferEncoding] == nil,
            request.headers[.contentLength].map({ $0 == "0" }) ?? true
        else {
            return .refused(.contentTooLarge, "These pages take no content.")
        }
        guard !isLoopback || Self.isOfThisMachine(request.head.authority) else {
            // A page from elsewhere whose name was made to mean this machine.
            return .refused(.misdirectedRequest, "Ask for localhost or 127.0.0.1.")
        }
        if let token {
            let given = request.uri.queryParameters[Substring(Self.tokenName)]
            if let given, Self.isEqual(String(given), token) {
                return .sending(to: request.uri.path, cookie: "\(cookie)=\(token)")
            }
            let known = request.cookies[cookie]?.value
            guard let known, Self.isEqual(known, token) else {
                return .refused(
                    .forbidden, "Open the address with the token that wgan watch has printed.")
            }
        }
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return .refused(error.status, error.body ?? "There is nothing here.")
        } catch is RunGone {
            return .refused(.notFound, RunGone().description)
        } catch {
            return .refused(.internalServerError, "\(error)")
        }
    }

    private static let headers: [HTTPField.Name: String] = [
        .contentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'",
        .xContentTypeOptions: "nosniff",
        HTTPField.Name("Referrer-Policy")!: "no-referrer",
        HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
        HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
    ]

    /// Whether a request names this machine as browsers do that reach it by itself or by a tunnel.
    private static func isOfThisMachine(_ authority: String?) -> Bool {
        guard let authority else { return false }
        let host = authority.replacing(/:[0-9]{1,5}$/, with: "").lowercased()
        return Dashboard.Address(
            host: host == "[::1]" ? "::1" : host, port: nil
        ).isLoopback
    }

    /// Takes the same time wherever two texts differ.
    private static func isEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        return one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Response {
    /// A refusal, in a sentence.
    static func refused(_ status: HTTPResponse.Status, _ text: String) -> Response {
        var response = Response.of(text + "\n", "text/plain; charset=utf-8")
        response.status = status
        return response
    }

    /// Something that may have changed when it is asked for again.
    static func of(_ text: String, _ type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Sends a reader on to the same page without the token in its address, which a browser would
    /// keep and show.
    fileprivate static func sending(to path: String, cookie: String) -> Response {
        // A second slash would begin the name of another machine.
        let path = "/" + path.drop { $0 == "/" || $0 == "\\" }
        return Response(
            status: .seeOther,
            headers: [
                .location: path, .cacheControl: "no-store",
                .setCookie: "\(cookie); HttpOnly; SameSite=Strict; Path=/",
            ])
    }
}
