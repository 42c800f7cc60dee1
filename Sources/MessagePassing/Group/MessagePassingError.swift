/// Why processes could not work together.
public struct MessagePassingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Cause: UInt8, Sendable {
        /// MPI, or this project's library for it, is missing or does not fit the launcher.
        case setup
        /// A process has not been heard for too long.
        case silence
        /// A message could not be passed.
        case communication
        /// A process has ended the work of all.
        case ended
    }

    /// What kind of failure it is.
    public let cause: Cause
    /// The process that it began with, or nil where that is no single one.
    public let rank: Int?
    /// The name of that process's machine, or nil where it is not known.
    public let host: String?
    /// One sentence that says what happened, and where.
    public let description: String

    init(_ cause: Cause, rank: Int? = nil, host: String? = nil, _ description: String) {
        (self.cause, self.rank, self.host) = (cause, rank, host)
        self.description = description
    }
}
