import Foundation
import Runs

/// The points of an animation's frames, kept in the run folder so that the animation can be drawn
/// again when a training goes on: `frames/step-<first>-<last>.safetensors`, a tensor for each frame.
struct FrameFolder {
    private static let path = "frames"
    private static let prefix = "step-"
    private static let suffix = ".safetensors"

    private typealias File = (first: Int, last: Int, name: String)

    private let run: RunFolder

    init(in run: RunFolder) { self.run = run }

    /// Adds frames, durably; their steps ascend and come after those that are there.
    func write(_ frames: [(step: Int, points: [Float])]) throws {
        guard let first = frames.first, let last = frames.last else { return }
        let tensors = frames.map { frame in
            (name: "\(frame.step)", shape: [frame.points.count / 2, 2], values: frame.points)
        }
        let name = Self.prefix + "\(padded(first.step))-\(padded(last.step))" + Self.suffix
        try Safetensors.write(tensors, to: try run.place(for: "\(Self.path)/\(name)"))
    }

    /// Gives the frames up to a step to `body`, in order, and removes later ones.
    func restore(upTo step: Int, _ body: (_ step: Int, _ points: [Float]) throws -> Void) throws {
        // A kill while a file was shortened leaves its frames in two files.
        var given = -1
        for file in try files() {
            let url = try run.url(of: "\(Self.path)/\(file.name)")
            let frames = file.first > step ? [] : try Self.frames(in: url)
            let kept = frames.filter { given < $0.step && $0.step <= step }
            for frame in kept { try body(frame.step, frame.points) }
            given = kept.last?.step ?? given
            guard file.last > step else { continue }
            try write(kept)
            try FileManager.default.removeItem(at: url)
        }
    }

    private static func frames(in url: URL) throws -> [(step: Int, points: [Float])] {
        let file = try SafetensorsFile(contentsOf: url)
        return try file.tensorNames.map { name in
            guard let step = Int(name) else {
                throw CommandFailure(
                    "\(url.relativePath) holds \(name), which is no frame; remove the file")
            }
            return (step, try file.tensor(named: name).values)
        }
    }

    private func files() throws -> [File] {
        let folder = try run.url(of: Self.path)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            let steps = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
                .split(separator: "-").compactMap { Int($0) }
            return steps.count == 2 ? (steps[0], steps[1], name) : nil
        }.sorted { $0.first < $1.first }
    }
}
