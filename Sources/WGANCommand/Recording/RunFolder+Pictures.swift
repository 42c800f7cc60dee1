import Foundation
import Runs

extension RunFolder {
    /// Removes the pictures of later steps, when a training goes on from an earlier one.
    func removePictures(in folder: String, after step: Int) throws {
        for picture in try numberedPictures(in: folder) where picture.step > step {
            try FileManager.default.removeItem(at: picture.url)
        }
    }

    /// The pictures `step-<N>` of a folder with their steps, ascending.
    func numberedPictures(in folder: String) throws -> [(step: Int, url: URL)] {
        let folder = try url(of: folder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let prefix = "step-"
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
            guard name.hasPrefix(prefix) else { return nil }
            return Int(name.dropFirst(prefix.count).prefix { $0 != "." }).map {
                ($0, folder.appending(path: name))
            }
        }.sorted { $0.step < $1.step }
    }
}

/// A step number with leading zeros, so that files sort by it.
func padded(_ step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}
