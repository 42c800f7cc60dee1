/// A sequence of bytes that is read from front to back.
protocol ByteSource {
    /// No more bytes than this can ever come out.
    var mostBytes: Int { get }

    /// Fills the buffer with the next bytes.
    ///
    /// - Returns: How many bytes were written: fewer than the buffer holds only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
