import Foundation
import Runs

extension RunFolder {
    /// Makes the folder of a new run: the one that `--out` names, else `runs/<name>-<n>` with the
    /// smallest free n.
    static func create(at out: String?, orFor name: String) throws -> RunFolder {
        if let out { return try create(at: URL(fileURLWithPath: out)) }
        return try create(named: name, in: URL(fileURLWithPath: "runs", isDirectory: true))
    }
}
