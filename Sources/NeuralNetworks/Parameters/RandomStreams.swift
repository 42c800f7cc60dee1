/// Hands out numbers of random streams, each once, so that no two draws of a program coincide.
public struct RandomStreams: Hashable, Sendable {
    /// The number that will be handed out next.
    public private(set) var next: UInt32

    /// Numbers from `first` on.
    public init(startingAt first: UInt32 = 0) { next = first }

    /// A stream that nobody else has.
    public mutating func take() -> UInt32 {
        defer { next += 1 }
        return next
    }
}
