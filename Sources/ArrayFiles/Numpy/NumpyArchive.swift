import Files
public import Foundation

/// NumPy's `.npz` files: arrays by name in a ZIP archive, stored or deflated.
///
/// Files in the archive that are no arrays are passed over.
///
/// Source: numpy.savez; see `ZipArchive` for what is refused.
public struct NumpyArchive: Sendable {
    private let archive: ZipArchive
    private let entries: [(name: String, entry: ZipArchive.Entry)]
    private static let remedy = "save it again with numpy.savez"
    /// The ending of the files that are arrays.
    static let ending = ".npy"

    /// The names of the arrays, as in the archive's directory.
    public var names: [String] { entries.map(\.name) }

    /// Opens an archive and reads its directory.
    ///
    /// - Throws: `FileFailure` when it cannot be read, ``FormatFailure`` when it is not valid.
    public init(contentsOf url: URL) throws { try self.init(.file(ReadableFile(url))) }

    /// Reads the directory of an archive in memory.
    ///
    /// - Throws: ``FormatFailure`` when it is not valid.
    public init(data: Data) throws { try self.init(.memory(data)) }

    private init(_ source: ByteSource) throws {
        archive = try ZipArchive(source, as: .numpyArchive, remedy: Self.remedy)
        entries = archive.entries.compactMap { name, entry in
            name.hasSuffix(Self.ending)
                ? (String(name.dropLast(Self.ending.count)), entry) : nil
        }
        if let repeated = Dictionary(grouping: entries, by: \.name).first(where: {
            $0.value.count > 1
        }) {
            throw Self.invalid(
                source, .duplicateName, "the array \(repeated.key.quoted) occurs twice")
        }
    }

    /// One array.
    ///
    /// - Parameter name: Which one; may be left out where there is only one.
    /// - Throws: ``FormatFailure`` where there is none of that name or it is damaged.
    public func array(named name: String? = nil) throws -> NumpyFile {
        let shown = names.prefix(10).map(\.quoted).joined(separator: ", ")
        let known = shown + (names.count > 10 ? ", …" : "")
        guard let name = name ?? (entries.count == 1 ? names[0] : nil) else {
            throw Self.invalid(
                archive.source, .unknownTensor, "it has \(entries.count) arrays",
                remedy: entries.isEmpty
                    ? "give one with an array" : "choose one by FILE#NAME, of \(known)")
        }
        guard let entry = entries.first(where: { $0.name == name })?.entry else {
            throw Self.invalid(
                archive.source, .unknownTensor, "it has no array \(name.quoted)",
                remedy: known.isEmpty ? "it has none at all" : "it has \(known)")
        }
        let bytes = try archive.bytes(of: entry, named: "the array \(name.quoted)")
        return try NumpyFile(.memory(bytes), archive.source.path.map { "\($0)#\(name)" })
    }

    private static func invalid(
        _ source: ByteSource, _ reason: FormatFailure.Reason, _ detail: String,
        remedy: String = remedy
    ) -> FormatFailure {
        FormatFailure(.numpyArchive, source.path, reason, detail, remedy: remedy)
    }
}
