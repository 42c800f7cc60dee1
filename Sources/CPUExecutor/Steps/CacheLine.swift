/// What one thread writes keeps its distance from what others write: a line that two of them write
/// goes from core to core, which takes as long as hundreds of operations.
enum CacheLine {
    /// Processors fetch lines of 64 bytes in pairs.
    private static let bytes = 128

    /// The next multiple of the length of a pair of lines.
    static func padded(_ bytes: Int) -> Int {
        (bytes + Self.bytes - 1) / Self.bytes * Self.bytes
    }
}
