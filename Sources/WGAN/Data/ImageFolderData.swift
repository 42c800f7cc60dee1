import Datasets
import StrictYAML
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

    var sampleShape: Shape { [preparation.height, preparation.width, preparation.channels] }
    var distribution: (any PointDistribution)? { nil }
    /// Subfolders are classes; whether there are some shows when the data is opened.
    var hasLabels: Bool { true }
    let orientation: ImageOrientation

    func source(
        batchSize: Int, seed: UInt64, folder: String?, report: DataReport
    ) throws -> any SampleSource {
        let images = try load(folder, report: report).images
        return try ImageSource(images, batchSize: batchSize, seed: seed, mirrors: mirrors)
    }

    func files(folder: String?) throws -> DataFiles? {
        try DataFiles(in: place(folder), classes: classes)
    }

    private func place(_ folder: String?) throws -> String {
        guard let place = folder ?? path else {
            throw TrainingError.setting(
                "no folder of images is named; give --data, or "
                    + "data.\(ImageFolder.configurationName).path")
        }
        return place
    }

    /// Decodes the images, or finds them decoded.
    private func load(_ folder: String?, report: DataReport) throws -> ImageFolder {
        let images = try ImageFolder(
            contentsOf: place(folder), as: preparation, classes: classes,
            storage: ImageStorage(memoryLimit: memoryLimit), workers: workers,
            progress: report.progress)
        for sentence in images.notes { report.note(sentence) }
        if let sentence = images.skipped.note(besides: images.files.count) {
            report.note(sentence)
        }
        return images
    }
}
