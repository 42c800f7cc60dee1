package import Foundation

/// Writes what TensorBoard shows of a run, while the training goes on: scalars, pictures and
/// histograms. `tensorboard --logdir runs` then shows all runs side by side.
///
/// A thread of its own encodes and writes. Every writer begins a file of its own.
package final class EventWriter: Sendable {
    private let file: EventFile
    private let writer: BatchWriter<Entry>

    private enum Entry: Sendable {
        case record(EventRecord)
        case block(MetricBlock)

        var records: [EventRecord] {
            switch self {
            case .record(let record): [record]
            case .block(let block):
                block.rows.map {
                    EventRecord(step: $0.step, time: $0.time, content: .scalars($0.values))
                }
            }
        }
    }

    /// Begins an event file.
    ///
    /// - Parameters:
    ///   - run: In whose folder.
    ///   - step: In a run that is resumed, the step it goes on from: TensorBoard then forgets what
    ///     earlier files say of later ones.
    /// - Throws: `FileFailure`.
    package init(in run: RunFolder, resumingAfter step: Int? = nil) throws {
        let file = try EventFile(in: run.url)
        self.file = file
        // In bytes.
        let limits = BatchLimits(capacity: 128 << 20, batch: 1 << 20, interval: 1)
        writer = BatchWriter(to: file.path, limits) { entries in
            let records = entries.lazy.flatMap(\.records)
            try file.append(try records.reduce(into: Data()) { $0 += try $1.encoded() })
        }
        try append(0, .version)
        if let step { try append(step + 1, .start) }
    }

    /// The event file, which has a name of its own.
    package var url: URL { URL(fileURLWithPath: file.path) }

    /// Shows numbers as points of curves.
    ///
    /// - Parameters:
    ///   - step: The step that was measured.
    ///   - values: Names with values, rounded to single precision.
    /// - Throws: What kept an earlier event from being written, `FileFailure`; ``BatchFailure``
    ///   when the disk has not kept up for half a minute.
    package func scalars(step: Int, _ values: [(name: String, value: Double)]) throws {
        try append(step, .scalars(values))
    }

    /// Shows numbers of several steps as points of curves.
    ///
    /// - Throws: As for ``scalars(step:_:)``.
    package func scalars(_ block: MetricBlock) throws {
        // In bytes: what the records of its steps take.
        try writer.append(.block(block), weight: 100 * block.steps.count + 40 * block.weight)
    }

    /// Shows a picture.
    ///
    /// - Parameter png: The content of a PNG file, up to 16 MB.
    /// - Throws: ``EventFailure/notAPicture(tag:)``; else as for ``scalars(step:_:)``.
    package func image(step: Int, _ tag: String, png: Data) throws {
        guard let image = PNGImage(png) else { throw EventFailure.notAPicture(tag: tag) }
        try append(step, .image(tag: tag, image))
    }

    /// Shows how values are distributed; those that are not finite are left out.
    ///
    /// - Throws: As for ``scalars(step:_:)``.
    package func histogram(step: Int, _ tag: String, of values: [Float]) throws {
        try append(step, .histogram(tag: tag, values))
    }

    /// Waits until the disk holds all events so far.
    ///
    /// - Throws: As for ``scalars(step:_:)``.
    package func flush() throws {
        try writer.flush()
        try file.flush()
    }

    /// Waits until the disk holds all events, and takes no more.
    ///
    /// - Throws: As for ``scalars(step:_:)``.
    package func close() throws {
        try writer.finish()
        try file.flush()
    }

    private func append(_ step: Int, _ content: EventRecord.Content) throws {
        let time = Date().timeIntervalSince1970
        let record = EventRecord(step: step, time: time, content: content)
        try writer.append(.record(record), weight: record.weight)
    }
}
