import Files

/// Why a file could not be fetched.
public enum FetchError: Error, Equatable, CustomStringConvertible {
    /// A mirror that is not an http or https address.
    case notAnAddress(String)
    /// No connection, for this reason.
    case unreachable(address: String, reason: String)
    /// The server cannot prove who it is.
    case untrusted(address: String, reason: String)
    /// The server answered with this status.
    case status(address: String, Int)
    /// The connection broke, in the last of the attempts too.
    case interrupted(address: String, received: Int, expected: Int, reason: String)
    /// Other bytes came than were published.
    case wrongBytes(address: String)
    /// Another process is fetching the file.
    case busy(path: String)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notAnAddress(let mirror):
            "The mirror \(mirror.shown()) is not an address; give one that begins with http:// or "
                + "https://."
        case .unreachable(let address, let reason):
            "\(address.shown()) cannot be reached (\(reason.shown())); check the network, name "
                + "another mirror or fetch the file by hand."
        case .untrusted(let address, let reason):
            "\(address.shown()) cannot be trusted (\(reason.shown())); check the system's clock "
                + "and certificates or name another mirror."
        case .status(let address, let status):
            "\(address.shown()) was answered with status \(status); "
                + (status >= 500 ? "try later or name another mirror." : "name another mirror.")
        case .interrupted(let address, let received, let expected, let reason):
            "\(address.shown()) broke off after \(received) of \(expected) bytes "
                + "(\(reason.shown())); try again, which goes on from there."
        case .wrongBytes(let address):
            "\(address.shown()) does not have the published bytes; name another mirror."
        case .busy(let path):
            "\(path.shown()) is being fetched by another process; wait until it has ended."
        }
    }

    /// Whether the same mirror may succeed a little later.
    var isPassing: Bool {
        switch self {
        case .unreachable, .interrupted: true
        case .status(_, let status): status >= 500 || [408, 416, 429].contains(status)
        default: false
        }
    }

    /// Whether another mirror may succeed.
    var isOfMirror: Bool {
        switch self {
        case .unreachable, .untrusted, .status, .interrupted, .wrongBytes: true
        case .notAnAddress, .busy: false
        }
    }
}
