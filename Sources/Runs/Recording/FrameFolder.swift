import ArrayFiles
import Figures
import Files
import Foundation

/// The points of an animation's frames, kept in the run folder so that the animation can be drawn
/// when the training ends: `frames/step-<first>-<last>.safetensors`, a tensor for each frame.
package struct FrameFolder {
    package typealias Frame = (step: Int, points: [Float])

    /// The folder's place in the run folder.
    package static let path = "frames"
    private static let prefix = "step-"
    private static let suffix = ".safetensors"

    private typealias File = (first: Int, last: Int, name: String)

    private let run: RunFolder
    private let note: (String) -> Void

    /// - Parameter note: Is told, in a sentence, of each file that is damaged; its frames are left
    ///   out.
    package init(in run: RunFolder, note: @escaping (String) -> Void) {
        (self.run, self.note) = (run, note)
    }

    /// Adds frames, durably; their steps ascend.
    ///
    /// - Returns: The name of their file; nil where there are none.
    @discardableResult
    func write(_ frames: [Frame]) throws -> String? {
        guard let first = frames.first, let last = frames.last else { return nil }
        let tensors = frames.map { frame in
            (name: "\(frame.step)", shape: [frame.points.count / 2, 2], values: frame.points)
        }
        let name = Self.prefix + "\(padded(first.step))-\(padded(last.step))" + Self.suffix
        try Safetensors.write(tensors, to: try run.place(for: "\(Self.path)/\(name)"))
        return name
    }

    /// The last frame's step, as its file's name tells; nil where there is none.
    package var lastStep: Int? { (try? files())?.map(\.last).max() }

    /// The steps of all frames, ascending.
    package func steps() throws -> [Int] {
        Set(try files().flatMap { opened($0)?.steps ?? [] }).sorted()
    }

    /// Gives the frames of chosen steps to `body`, one after the other.
    package func forEach(where isChosen: (_ step: Int) -> Bool, _ body: (Frame) throws -> Void)
        throws
    {
        // A kill while a file was shortened leaves its frames in two files.
        var given = -1
        for file in try files() {
            guard let source = opened(file) else { continue }
            for step in source.steps where given < step && isChosen(step) {
                guard let points = try? source.file.tensor(named: "\(step)").values else {
                    note(Self.complaint(file))
                    break
                }
                try body((step, points))
                given = step
            }
        }
    }

    /// Removes all frames but those of some steps up to a last one, and files that are damaged.
    func keep(upTo end: Int, where isKept: (_ step: Int) -> Bool) throws {
        for file in try files() {
            let name = file.name
            if file.first <= end, let source = opened(file) {
                let kept = source.steps.filter { $0 <= end && isKept($0) }
                if kept == source.steps { continue }
                let frames = try? kept.map { ($0, try source.file.tensor(named: "\($0)").values) }
                if frames == nil { note(Self.complaint(file)) }
                if try write(frames ?? []) == name { continue }
            }
            try FileManager.default.removeItem(at: run.url(of: "\(Self.path)/\(name)"))
        }
    }

    /// A file that holds frames in order, whose data are all there; nil for a damaged one.
    private func opened(_ file: File) -> (file: SafetensorsFile, steps: [Int])? {
        guard let url = try? run.url(of: "\(Self.path)/\(file.name)"),
            let opened = try? SafetensorsFile(contentsOf: url)
        else {
            note(Self.complaint(file))
            return nil
        }
        let steps = opened.tensorNames.compactMap { name in
            let shape = try? opened.shape(of: name)
            return shape?.count == 2 && shape?.last == 2 ? Int(name) : nil
        }
        guard steps.map({ "\($0)" }) == opened.tensorNames,
            zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            note(Self.complaint(file))
            return nil
        }
        return (opened, steps)
    }

    private static func complaint(_ file: File) -> String {
        "\(path)/\(file.name) is damaged; the animation does without its frames"
    }

    private func files() throws -> [File] {
        let folder = try run.url(of: Self.path)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
            let steps = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
                .split(separator: "-").compactMap { Int($0) }
            return steps.count == 2 ? (steps[0], steps[1], name) : nil
        }.sorted { ($0.first, $0.last) < ($1.first, $1.last) }
    }
}

/// Tells animations of different frames apart, so that one that is there already is not drawn
/// again.
struct AnimationMark {
    /// Changed whenever the same frames are drawn otherwise.
    private static let version = 1

    private var check: CRC32C
    /// Frames so far.
    private(set) var frames = 0

    /// No frame yet.
    ///
    /// - Parameter background: What all frames are drawn on.
    init(_ background: Data = Data()) { check = background.withUnsafeBytes { CRC32C($0) } }

    /// Adds what the next frame is drawn from.
    mutating func add(_ frame: UnsafeRawBufferPointer, step: Int) {
        frames += 1
        withUnsafeBytes(of: Int64(step).littleEndian) { check.update($0) }
        check.update(frame)
    }

    /// What stands at the end of the animation's file.
    var comment: GIFComment {
        GIFComment("swift-wgan \(Self.version): \(frames) frames of \(check.value)")
    }
}

extension RunFolder {
    /// Whether a file is the animation of these frames.
    func hasAnimation(_ mark: AnimationMark, at path: String) throws -> Bool {
        guard let file = try? ReadableFile(url(of: path)) else { return false }
        // What tells the format, and more than a comment takes.
        let (head, tail) = (min(file.count, 6), min(file.count, 300))
        guard
            let ends = try? file.read(at: 0, count: head)
                + file.read(at: file.count - tail, count: tail)
        else { return false }
        return mark.comment.isAtEnd(of: Data(ends))
    }
}

extension Array {
    /// At most `count` elements, evenly spaced, the last one among them.
    package func thinned(to count: Int) -> [Element] {
        guard self.count > count, count > 0 else { return self }
        return (1...count).map { self[$0 * self.count / count - 1] }
    }
}
