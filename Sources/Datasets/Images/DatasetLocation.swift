import Files
import Foundation

/// The folders in which the files of a named data set are looked for.
///
/// An explicit folder comes first, else the environment variable `WGAN_DATA`: either holds the
/// files themselves or a subfolder with the name of the data set, which is preferred. Else it is
/// the user's cache, `$XDG_CACHE_HOME/swift-wgan/<name>` or `~/.cache/swift-wgan/<name>`. A place
/// that was named and lacks the files is an error: no other place is tried in its stead.
public struct DatasetLocation: Sendable, Equatable {
    /// The variable that names the folder of all data sets.
    public static let environmentVariable = "WGAN_DATA"

    /// The folders to search, the first one preferred.
    public let folders: [String]

    /// The folders for a data set, with the environment of this process.
    ///
    /// - Parameters:
    ///   - name: The data set's folder name, such as `mnist`.
    ///   - folder: An explicit folder, or nil.
    public init(name: String, folder: String? = nil) {
        self.init(
            name: name, folder: folder, environment: ProcessInfo.processInfo.environment,
            home: NSHomeDirectory())
    }

    package init(name: String, folder: String?, environment: [String: String], home: String) {
        let variable = environment[Self.environmentVariable].flatMap { $0.isEmpty ? nil : $0 }
        if let root = folder ?? variable {
            folders = [Self.join(root, name), root]
        } else {
            folders = [cacheFolder(name, environment: environment, home: home)]
        }
    }

    /// The path of the first file that exists, by folder and then by name.
    ///
    /// - Parameter names: The names that the file may have, the usual one first.
    /// - Throws: ``ImageSetError/missingFile(names:folders:)``.
    public func path(ofFirst names: [String]) throws -> String {
        for folder in folders {
            for name in names {
                let path = Self.join(folder, name)
                if FileManager.default.fileExists(atPath: path) { return path }
            }
        }
        throw ImageSetError.missingFile(names: names, folders: folders)
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
