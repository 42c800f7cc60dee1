import Foundation
import Runs

extension RunFolder {
    /// Makes the folder of a new run: the one that `--out` names, else `runs/<name>-<n>` with the
    /// smallest free n.
    static func create(at out: String?, orFor name: String) throws -> RunFolder {
        if let out { return try create(at: URL(fileURLWithPath: out)) }
        return try create(named: name, in: URL(fileURLWithPath: "runs", isDirectory: true))
    }

    /// Whether the run has a file or folder.
    func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path)
    }

    /// What a file of JSON holds; nil where there is none.
    func decoded<Value: Decodable>(_ path: String) throws -> Value? {
        guard has(path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: read(path))
        } catch is DecodingError {
            throw CommandFailure(
                "\(try url(of: path).relativePath) is damaged; remove it to do without it")
        }
    }

    /// Removes a file, if there is one.
    func remove(_ path: String) throws {
        guard has(path) else { return }
        try FileManager.default.removeItem(at: try url(of: path))
    }
}
