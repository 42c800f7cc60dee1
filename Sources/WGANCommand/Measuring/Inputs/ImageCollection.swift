import Datasets
import Evaluation
import Foundation

/// Images of any sizes, loaded one at a time.
struct ImageCollection: Sendable {
    /// Names that pairs are found by: paths from the folder on, without endings; nil for arrays and
    /// single files, whose images pair by their order.
    let names: [String]?
    let count: Int
    /// Whether at least one image has colours.
    let hasColour: Bool
    /// The image at a place, with 1 or 3 channels.
    let image: @Sendable (_ index: Int, _ channels: Int) throws -> SampleImage

    /// A folder, an image file, or anything else that ``SampleReader`` reads as images.
    init(_ place: String, _ reader: SampleReader) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            let names = try ImageFile.names(in: place)
            try self.init(
                files: names.map { place + "/" + $0 },
                names: names.map { ($0 as NSString).deletingPathExtension })
        } else if exists, !SampleArray.isArray(place), (try? ImageFile(at: place)) != nil {
            try self.init(files: [place], names: nil)
        } else {
            try self.init(reader.read(place))
        }
    }

    private init(files: [String], names: [String]?) throws {
        let readable = files.enumerated().compactMap { index, path in
            (try? ImageFile(at: path)).map { (file: $0, name: names?[index]) }
        }
        guard let first = files.first, !readable.isEmpty else {
            throw CommandFailure(
                "there is no image to measure\(files.first.map { " beside \($0)" } ?? ""); give "
                    + "JPEG, PNG, WebP, GIF or TIFF files")
        }
        if readable.count < files.count {
            note("\(files.count - readable.count) files beside \(first) are no images and left out")
        }
        let pictures = readable.map(\.file)
        self.names = names == nil ? nil : readable.map { $0.name ?? "" }
        count = pictures.count
        hasColour = pictures.contains { $0.channels == 3 }
        image = { index, channels in
            let file = pictures[index]
            return try SampleImage(
                height: file.height, width: file.width, channels: channels,
                bytes: file.pixels(channels: channels))
        }
    }

    private init(_ samples: Samples) throws {
        guard samples.areImages else {
            throw CommandFailure(
                "\(samples.source) holds samples of shape \(samples.sampleShape), not images; give "
                    + "an array N×H×W×C with 1 or 3 channels")
        }
        let shape = samples.sampleShape
        let values = samples.values
        (names, count, hasColour) = (nil, samples.count, shape[2] == 3)
        image = { index, channels in
            let size = shape.reduce(1, *)
            let own = Array(values[index * size..<(index + 1) * size])
            // Grey images beside coloured ones have three equal channels.
            let numbers =
                channels == shape[2] ? own : own.flatMap { [Float](repeating: $0, count: channels) }
            return try SampleImage(
                height: shape[0], width: shape[1], channels: channels, samples: numbers,
                range: -1...1)
        }
    }

    /// Places of images that belong together, and how many images of either side have no partner.
    static func pairs(
        _ first: ImageCollection, _ second: ImageCollection
    ) throws -> (pairs: [(Int, Int)], unpaired: Int) {
        guard let names = first.names, let others = second.names else {
            guard first.count == second.count else {
                throw SampleImageError.countsDiffer(first: first.count, second: second.count)
            }
            return ((0..<first.count).map { ($0, $0) }, 0)
        }
        let places = Dictionary(zip(others, others.indices)) { earlier, _ in earlier }
        let pairs = names.enumerated().compactMap { index, name in
            places[name].map { (index, $0) }
        }
        guard !pairs.isEmpty else {
            throw CommandFailure(
                "no image of one folder has the name of one of the other; give paired images the "
                    + "same names")
        }
        return (pairs, names.count + others.count - 2 * pairs.count)
    }
}
