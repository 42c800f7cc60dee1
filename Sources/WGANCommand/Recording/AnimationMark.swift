import Figures
import Foundation
import Runs

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
        // Only the end is looked at.
        guard let file = try? Data(contentsOf: url(of: path), options: .alwaysMapped) else {
            return false
        }
        return mark.comment.isAtEnd(of: file)
    }
}
