import Files
import Foundation

/// The histograms of a run's weights, as its event files hold them.
package struct HistogramHistory: Sendable {
    /// How often the values of a tensor occurred after a step.
    package struct Entry: Sendable {
        package let step: Int
        /// The ends of the buckets, ascending: one more than there are counts.
        package let edges: [Double]
        package let counts: [Double]
    }

    /// By the tensor's name, the steps ascending.
    package private(set) var entries: [String: [Entry]] = [:]

    /// The most bytes of event files that are read.
    private static let largestCount = 256 << 20

    /// Reads those of a run, of one that is being written too: what cannot be read is left out.
    ///
    /// - Parameter limit: The most histograms of a tensor; those of a longer training are evenly
    ///   spread, the last one among them.
    package init(of run: RunFolder, limit: Int) {
        let names = (try? Folder.names(in: run.url.path)) ?? []
        var room = Self.largestCount
        for name in names.filter({ $0.hasPrefix("events.out.tfevents.") }).sorted() {
            guard let url = try? run.url(of: name), let file = try? ReadableFile(url),
                file.count <= room, var reader = try? EventReader(contentsOf: url)
            else { continue }
            room -= file.count
            while let event = (try? reader.next()) ?? nil { add(event) }
        }
        entries = entries.mapValues { $0.thinned(to: limit) }
    }

    private mutating func add(_ event: TensorBoardEvent) {
        let step = Int(event.step)
        // A training that went on from an earlier step took back what came after it.
        if case .sessionLog(let log)? = event.what, log.status == .start {
            entries = entries.mapValues { $0.filter { $0.step < step } }
        }
        for value in event.summary.value {
            guard case .histo(let histogram)? = value.value else { continue }
            let (limits, counts) = (histogram.bucketLimit, histogram.bucket)
            guard !counts.isEmpty, limits.count == counts.count else { continue }
            entries[value.tag, default: []].append(
                Entry(step: step, edges: [histogram.min] + limits, counts: counts))
        }
    }
}
