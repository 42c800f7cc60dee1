/// A figure that cannot be drawn, written or read.
public enum FigureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Images of one grid or animation differ in size or kind: the place of the odd one (counted
    /// from 0) with its width, height and channels, and those of the first.
    case unequalImages(index: Int, found: [Int], expected: [Int])
    /// A number of pixels or values that does not fit the stated width, height and channels.
    case wrongPixelCount(found: Int, width: Int, height: Int, channels: Int)
    /// A size in pixels outside what can be drawn.
    case unusableSize(width: Int, height: Int, limit: Int)
    /// An animation without frames.
    case noFrames
    /// An animation that was given a frame, or was ended, after its end.
    case ended
    /// A library failed; its own words follow.
    case library(task: String, reason: String)

    public var description: String {
        switch self {
        case .unequalImages(let index, let found, let expected):
            "Image \(index) is \(Self.shape(found)) and the first is \(Self.shape(expected)): "
                + "give images of one size with 1 or 3 channels."
        case .wrongPixelCount(let found, let width, let height, let channels):
            "An image of \(width) × \(height) pixels and \(channels) channels got \(found) values: "
                + "give exactly width · height · channels, with 1 to 4 channels."
        case .unusableSize(let width, let height, let limit):
            "A picture of \(width) × \(height) pixels cannot be drawn: "
                + "choose a size and scale with sides between 1 and \(limit) pixels."
        case .noFrames:
            "The animation has no frames: add at least one before it is written."
        case .ended:
            "The animation has already been finished: start a new one for further frames."
        case .library(let task, let reason):
            "Cannot \(task): \(reason)."
        }
    }

    private static func shape(_ sides: [Int]) -> String {
        sides.map(String.init).joined(separator: " × ")
    }
}
