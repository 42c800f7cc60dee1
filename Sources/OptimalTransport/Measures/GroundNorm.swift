/// How the length of a step between two points is measured.
public enum GroundNorm: String, Sendable, CaseIterable {
    /// The sum of the magnitudes of the coordinates.
    case l1
    /// The Euclidean length.
    case l2
}
