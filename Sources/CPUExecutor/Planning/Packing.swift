/// Gives arrays places in memory, such that those that are there at the same time do not overlap.
struct Packing {
    /// Bytes of all places together.
    private(set) var bytes = 0
    private var placed: [(life: ClosedRange<Int>, range: Range<Int>)] = []

    /// The lowest place that is free during the whole life.
    mutating func place(bytes size: Int, during life: ClosedRange<Int>) -> Int {
        let busy = placed.filter { $0.life.overlaps(life) }.map(\.range)
            .sorted { $0.lowerBound < $1.lowerBound }
        var offset = 0
        for range in busy where range.upperBound > offset {
            if range.lowerBound >= offset + size { break }
            offset = range.upperBound
        }
        placed.append((life, offset..<offset + size))
        bytes = max(bytes, offset + size)
        return offset
    }
}
