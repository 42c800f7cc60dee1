import CMPI
import Files
import Foundation

/// The library by which an implementation of MPI is called, opened for good.
///
/// `@unchecked Sendable`: its table is constant, and one thread's transport calls its functions.
package final class MPILibrary: @unchecked Sendable {
    /// The library's file.
    package let path: String
    /// The name and version of the MPI behind it, such as `Open MPI v4.1.4`.
    package let version: String
    let table: cmpi_table

    /// - Throws: ``MessagePassingError`` where the file is no library of this project, is of
    ///   another version, or MPI itself cannot be loaded.
    package init(path: String) throws {
        self.path = path
        var reason: UnsafeMutablePointer<CChar>?
        guard let table = cmpi_open(path, &reason) else {
            defer { free(reason) }
            let words = reason.map { String(cString: $0) } ?? ""
            throw MessagePassingError(
                .setup,
                words.isEmpty
                    ? "the library \(path) is not one of wgan's for MPI; remove it and run "
                        + "scripts/setup"
                    : "wgan's library for MPI cannot be opened: \(words); install that MPI anew "
                        + "and run scripts/setup")
        }
        guard table.pointee.version == CMPI_VERSION else {
            throw MessagePassingError(
                .setup,
                "the library \(path) has version \(table.pointee.version) of wgan's interface to "
                    + "MPI, and \(CMPI_VERSION) is needed; run scripts/setup")
        }
        self.table = table.pointee
        let text = Self.text { table.pointee.library($0, $1) }
        // Such as "MPICH Version:      4.0.2", or "Open MPI v4.1.4, package: …".
        version = text.prefix { $0 != "," }.replacing("Version:", with: "")
            .split(separator: " ").joined(separator: " ")
    }

    /// The words for one of MPI's errors.
    func explanation(of error: Int32) -> String {
        let text = Self.text { table.explain(error, $0, $1) }
        return text.hasSuffix(", error stack:") ? String(text.dropLast(14)) : text
    }

    private static func text(_ write: (UnsafeMutablePointer<CChar>?, Int32) -> Void) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { memory in
            memory.initialize(repeating: 0)
            write(memory.baseAddress, 512)
            return String(cString: memory.baseAddress!)
        }
    }
}

extension MPILibrary {
    /// Where libraries may be: beside the program, as packages install them, and in the user's
    /// cache, where `scripts/setup` puts them.
    package static var folders: [String] {
        let program = URL(fileURLWithPath: Bundle.main.executablePath ?? "/")
            .resolvingSymlinksInPath()
        let beside = program.deletingLastPathComponent().appending(path: "../lib/wgan").standardized
        return [beside.path, cacheFolder("mpi")]
    }

    /// The library for an implementation, or nil where there is none.
    ///
    /// - Throws: ``MessagePassingError`` where none of those that are there can be used.
    package static func opened(
        _ implementation: MPIImplementation, in folders: [String] = folders
    ) throws -> MPILibrary? {
        var failure: (any Error)?
        for folder in folders {
            let path = "\(folder)/\(implementation.rawValue).so"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do { return try MPILibrary(path: path) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return nil
    }

    /// The library that a launched process needs.
    ///
    /// - Throws: ``MessagePassingError`` where there is none; it says what to install.
    static func opened(for launcher: Launcher, in folders: [String]) throws -> MPILibrary {
        for implementation in launcher.implementations {
            if let library = try opened(implementation, in: folders) { return library }
        }
        let wanted = launcher.implementations[0]
        throw MessagePassingError(
            .setup,
            "a launcher of \(wanted.name) has started \(launcher.size) processes, but wgan's "
                + "library for \(wanted.name) is not on this machine; \(wanted.remedy)")
    }
}
