import Datasets
import TensorGraph

/// Images of a folder, which are decoded when the data is opened.
struct ImageFolderData: DataConfiguration {
    /// Where the images are; nil where only the command line says it.
    let path: String?
    /// What every image is made into.
    let preparation: ImagePreparation
    /// The subfolders to read; nil for everything.
    let classes: [String]?
    /// Whether images are mirrored at random.
    let mirrors: Bool
    /// The most bytes of decoded images that are kept in memory.
    let memoryLimit: Int
    /// How many files are decoded at a time; nil for as many as there are processors.
    let workers: Int?

    /// Skipped files that a note names; it counts the others.
    private static let namedFiles = 5

    var sampleShape: Shape { [preparation.height, preparation.width, preparation.channels] }
    var distribution: (any PointDistribution)? { nil }
    /// Subfolders are classes; whether there are some shows when the data is opened.
    var hasLabels: Bool { true }
    var folderSetting: String? { "data.\(ImageFolder.configurationName).path" }

    func source(
        batchSize: Int, seed: UInt64, folder: String?, report: DataReport
    ) throws -> any SampleSource {
        let images = try load(folder, report: report).images
        return try ImageSource(images, batchSize: batchSize, seed: seed, mirrors: mirrors)
    }

    /// Decodes the images, or finds them decoded.
    private func load(_ folder: String?, report: DataReport) throws -> ImageFolder {
        guard let place = folder ?? path else {
            throw TrainingError.setting(
                "no folder of images is named; give --data, or \(folderSetting ?? "a path")")
        }
        let images = try ImageFolder(
            contentsOf: place, as: preparation, classes: classes,
            storage: ImageStorage(memoryLimit: memoryLimit), workers: workers,
            progress: report.progress)
        for sentence in images.notes { report.note(sentence) }
        if let sentence = Self.note(on: images.skipped, of: images.files.count) {
            report.note(sentence)
        }
        return images
    }

    /// Which files were left out, and why.
    private static func note(on skipped: [SkippedFile], of used: Int) -> String? {
        guard !skipped.isEmpty else { return nil }
        let named = skipped.prefix(namedFiles).map(\.description)
        let others = skipped.count - named.count
        let rest = others > 0 ? ["\(others) more"] : []
        return "\(skipped.count) of \(skipped.count + used) files are left out ("
            + (named + rest).joined(separator: "; ") + ")"
    }
}
