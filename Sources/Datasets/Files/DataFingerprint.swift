import Files

/// What the files of data hold: a checksum of each.
public struct DataFingerprint: Equatable, Sendable {
    /// A file's path from the folder on, and the checksum of its bytes in 16 hexadecimal digits.
    struct File: Equatable, Sendable {
        let path: [UInt8]
        let sum: String

        var name: String { String(decoding: path, as: UTF8.self).shown() }
    }

    /// What a file that cannot be read has in place of a checksum.
    static let unreadable = String(repeating: "-", count: 16)

    /// The folder that all files are in.
    public let folder: String
    private let files: [File]

    init(folder: String, files: [File]) { (self.folder, self.files) = (folder, files) }

    /// How many files there are.
    public var count: Int { files.count }

    /// A checksum of all names and bytes, in 16 hexadecimal digits; that of ``listing``.
    public var sum: String { XXH64.digits(of: listing) }

    /// A line for each file, checksum and path, which `xxhsum --check` in the folder understands.
    public var listing: [UInt8] {
        var text: [UInt8] = []
        for file in files {
            let isOdd = file.path.contains { Self.escapes.keys.contains($0) }
            if isOdd { text.append(UInt8(ascii: "\\")) }
            text += Array("\(file.sum)  ".utf8)
            for byte in file.path {
                text += Self.escapes[byte].map { [UInt8(ascii: "\\"), $0] } ?? [byte]
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// Bytes of names that a line cannot hold, and what stands for them after a backslash.
    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "\n"): UInt8(ascii: "n"),
        UInt8(ascii: "\r"): UInt8(ascii: "r"),
    ]

    /// Reads a listing back; nil for what is none.
    public init?(listing: some Collection<UInt8>, of folder: String) {
        var files: [File] = []
        for line in listing.split(separator: UInt8(ascii: "\n")) {
            let isOdd = line.first == UInt8(ascii: "\\")
            let line = isOdd ? line.dropFirst() : line
            let sum = String(decoding: line.prefix(16), as: UTF8.self)
            guard sum.count == 16, line.dropFirst(16).prefix(2).elementsEqual("  ".utf8) else {
                return nil
            }
            let name = Array(line.dropFirst(18))
            files.append(File(path: isOdd ? Self.unescaped(name) : name, sum: sum))
        }
        self.init(folder: folder, files: files)
    }

    private static func unescaped(_ name: [UInt8]) -> [UInt8] {
        var (bytes, isEscaped): ([UInt8], Bool) = ([], false)
        for byte in name {
            if isEscaped {
                bytes.append(escapes.first { $0.value == byte }?.key ?? byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// What has changed since an earlier time, as a clause: `a.png has changed, and 2 other files
    /// differ`; nil where names and bytes are the same, whatever the folder.
    public func change(since earlier: DataFingerprint) -> String? {
        let before = Dictionary(
            earlier.files.map { ($0.path, $0.sum) }, uniquingKeysWith: { first, _ in first })
        let now = Set(files.map(\.path))
        let changes =
            files.filter { before[$0.path] != nil && before[$0.path] != $0.sum }
            .map { "\($0.name) has changed" }
            + earlier.files.filter { !now.contains($0.path) }.map { "\($0.name) is missing" }
            + files.filter { before[$0.path] == nil }.map { "\($0.name) is new" }
        guard let first = changes.first else { return nil }
        let others = changes.count - 1
        return others == 0
            ? first
            : "\(first), and \(others) other \(others == 1 ? "file differs" : "files differ")"
    }
}
