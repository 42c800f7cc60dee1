/// The smallest images that a measure can deal with.
public struct SmallestImageSize: Sendable, Hashable, CustomStringConvertible {
    /// The least that the shorter side must have, in pixels.
    public let shorterSide: Int
    /// The least that the longer side must have, in pixels.
    public let longerSide: Int

    /// A least size for both sides, or for each.
    public init(_ shorterSide: Int, _ longerSide: Int? = nil) {
        self.shorterSide = shorterSide
        self.longerSide = longerSide ?? shorterSide
    }

    /// The size in words.
    public var description: String {
        shorterSide == longerSide
            ? "\(shorterSide)×\(longerSide)"
            : "\(shorterSide)×\(longerSide) or \(longerSide)×\(shorterSide)"
    }

    func admits(_ shape: ImageShape) -> Bool {
        min(shape.height, shape.width) >= shorterSide
            && max(shape.height, shape.width) >= longerSide
    }
}
