/// Why a file could not be read as IDX.
public struct IDXError: Error, Equatable, CustomStringConvertible {
    /// What was found.
    public enum Problem: Equatable, Sendable {
        /// The system could not open or read the file, for this reason.
        case unreadable(reason: String)
        /// A folder, a device or a pipe.
        case notARegularFile
        /// No bytes at all.
        case empty
        /// The first bytes are not those of an IDX file.
        case notIDX(firstBytes: [UInt8])
        /// A type code that the format does not define.
        case unknownElement(UInt8)
        /// A header that names no axes.
        case noDimensions
        /// The file ends inside its header; both numbers are in bytes.
        case headerShort(found: Int, expected: Int)
        /// An axis of length zero that is not the first.
        case emptyAxis(shape: [Int], axis: Int)
        /// A header that asks for more than `limit` bytes.
        case tooLarge(shape: [Int], limit: Int)
        /// A header that asks for more bytes than a file of this size can hold.
        case claimsMoreThanFits(shape: [Int], bytes: Int, fileBytes: Int)
        /// Fewer bytes after the header than it asks for.
        case payloadShort(found: Int, expected: Int)
        /// More bytes after the header than it asks for.
        case surplus(expected: Int)
        /// A gzip file that ends before its own end mark.
        case gzipTruncated
        /// A gzip file that zlib rejects, for this reason.
        case gzipDamaged(reason: String)
        /// A gzip file with something else after it.
        case bytesAfterGzip
    }

    /// The path of the IDX file, as it was given.
    public let path: String
    /// What is wrong with it.
    public let problem: Problem

    init(_ path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    /// One sentence: the file, what was found in it and what to do.
    public var description: String { "\(path): \(problem)." }
}

extension IDXError.Problem: CustomStringConvertible {
    /// The sentence without the file's name and the full stop.
    public var description: String {
        switch self {
        case .unreadable(let reason):
            "the file cannot be read (\(reason)); check its name and its permissions"
        case .notARegularFile:
            "this is not a regular file; name an IDX file, plain or gzip"
        case .empty:
            "the file is empty; download it again"
        case .notIDX(let firstBytes):
            Self.guess(firstBytes)
        case .unknownElement(let code):
            "the header has type code 0x\(Self.hexadecimal([code])), which IDX does not define; "
                + "download the file again or write it anew"
        case .noDimensions:
            "the header names no dimensions; write the file anew with at least one"
        case .headerShort(let found, let expected):
            "the file ends after \(found) of the \(expected) bytes of its header; "
                + "download it again"
        case .emptyAxis(let shape, let axis):
            "dimension \(axis) of \(Self.product(shape)) is zero, so the items hold nothing; "
                + "write the file anew"
        default: sizeDescription
        }
    }

    private var sizeDescription: String {
        switch self {
        case .tooLarge(let shape, let limit):
            "the header asks for \(Self.product(shape)) numbers, more than the limit of \(limit) "
                + "bytes; split the file if it is genuine"
        case .claimsMoreThanFits(let shape, let bytes, let fileBytes):
            "the header asks for \(Self.product(shape)) numbers, \(bytes) bytes, more than a file "
                + "of \(fileBytes) bytes can hold; download it again"
        case .payloadShort(let found, let expected):
            "the header asks for \(expected) bytes of data but only \(found) follow; "
                + "download the file again"
        case .surplus(let expected):
            "more data follows than the \(expected) bytes that the header asks for; "
                + "download the file again or write it anew"
        case .gzipTruncated:
            "the gzip data is cut short; download the file again"
        case .gzipDamaged(let reason):
            "the gzip data is damaged (\(reason)); download the file again"
        default:
            "other bytes follow the end of the gzip data; download the file again or cut them off"
        }
    }

    /// What a file that is not IDX most likely is.
    private static func guess(_ bytes: [UInt8]) -> String {
        let found =
            if bytes.first == UInt8(ascii: "<") {
                "a web page, as a failed download leaves behind"
            } else if bytes.elementsEqual("vers".utf8) {
                "a text such as a Git LFS pointer"
            } else if bytes.count == 4, bytes[2] == 0, bytes[3] == 0,
                IDXElement(rawValue: bytes[1]) != nil
            {
                "a header in little-endian order"
            } else {
                "the first bytes \(hexadecimal(bytes)) instead of 00 00"
            }
        return "this is not an IDX file but has \(found); get the genuine file, plain or gzip"
    }

    private static func product(_ shape: [Int]) -> String {
        // A header can name 255 dimensions: the sentence shows the first few.
        let shown = shape.prefix(6).map(String.init).joined(separator: "×")
        return shape.count > 6 ? shown + "×…" : shown
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
