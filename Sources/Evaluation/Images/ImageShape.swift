/// The size of an image.
public struct ImageShape: Sendable, Hashable, CustomStringConvertible {
    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int

    /// Height × width × channels.
    public var description: String { "\(height)×\(width)×\(channels)" }

    /// How many samples an image has; only after ``check()``.
    var count: Int { height * width * channels }

    /// Throws unless an image can have this shape.
    func check() throws {
        let (area, tooTall) = height.multipliedReportingOverflow(by: width)
        let (_, tooDeep) = area.multipliedReportingOverflow(by: channels)
        guard height > 0, width > 0, [1, 3].contains(channels), !tooTall, !tooDeep else {
            throw SampleImageError.shape(self)
        }
    }
}
