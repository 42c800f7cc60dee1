import Evaluation
import Files

/// The measures that the command can take, in the order of lists.
enum MeasurementCatalogue {
    static let all: [any Measurement] =
        ImagePairMeasurement.all + TransportMeasurement.all + FeatureMeasurement.all
        + HistogramMeasurement.all + [
            ModeMeasurement(), StackedDigitMeasurement(), ClassifierMeasurement(),
        ]

    /// The measure of this name.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    static func measurement(named name: String) throws -> any Measurement {
        guard let found = all.first(where: { $0.name == name }) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw CommandFailure("there is no measure '\(name.prefix(80))'; choose from \(known)")
        }
        return found
    }

    /// A line for each measure.
    static var list: String {
        let rows = all.map { measurement in
            [
                measurement.name,
                "\(measurement.summary) (\(measurement.inputs); \(measurement.better.rawValue) "
                    + "is better)",
            ]
        }
        return TextTable(rows: rows).description
    }
}
