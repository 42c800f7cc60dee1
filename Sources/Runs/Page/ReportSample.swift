import Foundation

/// A picture of samples in a report.
struct ReportSample {
    let step: Int
    let png: Data
    /// Whether it is drawn on white, which a dark page may turn round.
    let isDrawing: Bool

    /// Pictures in a report.
    private static let largestCount = 9
    /// Larger pictures are left out: pages are sent around.
    private static let largestBytes = 4 << 20

    /// Pictures that a run drew on its way, evenly spread, with the first and the last one.
    ///
    /// - Parameter isDrawing: Whether samples are drawn on white; panels always are.
    static func chosen(of run: RunFolder, isDrawing: Bool) throws -> [ReportSample] {
        for (folder, isDrawing) in [(RunJournal.samples, isDrawing), ("panels", true)] {
            let pictures = try run.numberedPictures(in: folder)
            if pictures.isEmpty { continue }
            return try spread(pictures).compactMap { step, url in
                let png = try run.read("\(folder)/\(url.lastPathComponent)")
                guard png.count <= largestBytes, png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
                    return nil
                }
                return ReportSample(step: step, png: png, isDrawing: isDrawing)
            }
        }
        return []
    }

    private static func spread<Element>(_ elements: [Element]) -> [Element] {
        let count = min(elements.count, largestCount)
        return (0..<count).map { elements[$0 * (elements.count - 1) / max(count - 1, 1)] }
    }
}
