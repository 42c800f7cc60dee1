import Foundation

/// A setting of `wgan measure`; the raw value is its name after the two hyphens.
enum MeasureOption: String, CaseIterable {
    case weightsA = "weights-a"
    case weightsB = "weights-b"
    case extractor, count, size, layout, range, data, directions, order, epsilon, tolerance
    case iterations, deviation, neighbour, subsets
    case subsetSize = "subset-size"
    case splits, seed, threads

    /// What points are read with, whatever file or folder they are in.
    static let ofPoints: Set<MeasureOption> = [.count, .size, .layout, .range, .data]
    /// What samples are read with that an extractor sees.
    static let ofFeatures = ofPoints.union([.extractor, .threads])
}

extension MeasureRequest {
    /// Refuses settings that the measure or these samples have no use for, and impossible values.
    func check(for measurement: any Measurement) throws {
        for option in MeasureOption.allCases where options.gives(option) {
            guard measurement.options.contains(option) else {
                throw CommandFailure(
                    "\(measurement.name) does not use --\(option.rawValue); it uses "
                        + Self.listed(measurement.options))
            }
            guard let reason = idleness(of: option, for: measurement) else { continue }
            throw CommandFailure("--\(option.rawValue) has no effect here: \(reason); leave it out")
        }
        try options.check()
    }

    /// The settings in the order of the help.
    private static func listed(_ options: Set<MeasureOption>) -> String {
        let names = MeasureOption.allCases.filter(options.contains).map { "--\($0.rawValue)" }
        guard let last = names.last else { return "none of these settings" }
        return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Why a setting changes nothing for the samples of this request; nil where it does.
    private func idleness(
        of option: MeasureOption, for measurement: any Measurement
    ) -> String? {
        let places = [first, second].compactMap(\.self)
        switch option {
        case .data where !places.contains(where: { SampleReader.dataset($0) != nil }):
            return "no side is mnist:… or fashion-mnist:…"
        case .size where !places.contains(where: Self.isFolder):
            return "no side is a folder of images"
        case .threads
        where measurement.options.contains(.extractor) && options.usedExtractor == "pixels":
            return "pixels are seen by no network"
        default: return nil
        }
    }

    private static func isFolder(_ place: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
