package import Datasets
package import StrictYAML
import TensorGraph

extension ImageFolder: ConfigurableData {
    /// `imageFolder: photos`, or `imageFolder: {path: photos, size: [48, 64], channels: 3,
    /// fit: letterbox, background: [255, 255, 255], flip: true, transposed: true,
    /// classes: [cats, dogs], memoryLimit: 2048, workers: 2}`, the memory in MiB.
    package static let configurationName = "imageFolder"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "path")
        let path = try section.optional("path", .filePath)
        let size = try section.value(
            "size", .size(in: 1...ImagePreparation.longestSide), default: (64, 64))
        let channels = try section.value("channels", .integer(in: 1...3), default: 3)
        guard channels != 2 else {
            throw section.invalid("channels", "must be 1 for grey or 3 for colour, but is 2")
        }
        let fits: [String: ImagePreparation.Fit] = ["crop": .crop, "letterbox": .letterbox]
        let fit = try section.choice("fit", of: fits, default: "crop")
        let background = try colour("background", of: section)
        var preparation = try section.located {
            try ImagePreparation(
                height: size.height, width: size.width, channels: channels, fit: fit,
                background: background)
        }
        let isTransposed = try section.optional("transposed", .boolean)
        preparation.isTransposed = isTransposed ?? false
        return ImageFolderData(
            path: path, preparation: preparation,
            classes: try section.optional("classes", .list(of: .text)),
            flips: try section.value("flip", .boolean, default: false),
            memoryLimit: try section.value("memoryLimit", .integer(in: 0...1 << 30), default: 2048)
                << 20,
            workers: try section.optional("workers", .integer(in: 1...1024)),
            orientation: ImageOrientation(isTransposed, path: path ?? ""))
    }

    package static func relocations(
        _ section: ConfigurationSection, to folder: String
    ) -> [(key: String, path: String)] { [("path", folder)] }

    private static func colour(
        _ key: String, of section: ConfigurationSection
    ) throws(ConfigurationError) -> ImagePreparation.Colour {
        let parts = try section.value(
            key, .list(of: .integer(minimum: 0), count: 3), default: [255, 255, 255])
        guard parts.allSatisfy({ $0 <= 255 }) else {
            throw section.invalid(key, "must be red, green and blue from 0 to 255")
        }
        return .init(red: UInt8(parts[0]), green: UInt8(parts[1]), blue: UInt8(parts[2]))
    }
}

/// Images of a folder, which are decoded when the data is opened.
struct ImageFolderData: DataConfiguration {
    /// Where the images are; nil where only the command line says it.
    let path: String?
    /// What every image is made into.
    let preparation: ImagePreparation
    /// The subfolders to read; nil for everything.
    let classes: [String]?
    /// Whether images are mirrored at random.
    let flips: Bool
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
        batchSize: Int, seed: UInt64, folder: String?, progress: OpeningProgress
    ) throws -> any SampleSource {
        let images = try load(folder, progress).images
        return try ImageSource(images, batchSize: batchSize, seed: seed, flips: flips)
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
    private func load(_ folder: String?, _ progress: OpeningProgress) throws -> ImageFolder {
        let images = try ImageFolder(
            contentsOf: place(folder), as: preparation, classes: classes,
            storage: ImageStorage(memoryLimit: memoryLimit), workers: workers,
            progress: { progress.decoded?($0, $1) })
        for sentence in images.notes { progress.note?(sentence) }
        if let sentence = images.skipped.note(besides: images.files.count) {
            progress.note?(sentence)
        }
        return images
    }
}
