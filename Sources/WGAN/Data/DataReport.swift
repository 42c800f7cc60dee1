/// What is told while data is opened, which takes a while where many images are decoded.
public struct DataReport: Sendable {
    /// Called with how many files are done, and of how many.
    public var progress: @Sendable (_ done: Int, _ total: Int) -> Void
    /// Called with what the user should know about the data: a sentence.
    public var note: @Sendable (_ sentence: String) -> Void

    /// A report of which nothing is heard where nothing else is asked for.
    public init(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
        note: @escaping @Sendable (_ sentence: String) -> Void = { _ in }
    ) {
        (self.progress, self.note) = (progress, note)
    }
}
