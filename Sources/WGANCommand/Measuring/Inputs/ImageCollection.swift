import ArrayFiles
import Datasets
import Evaluation
import Foundation
import Runs

/// Images of any sizes, loaded one at a time.
struct ImageCollection: Sendable {
    /// Names that pairs are found by: paths from the folder on; nil for arrays and single files,
    /// whose images pair by their order.
    let names: [String]?
    let count: Int
    /// Whether at least one image has colours.
    let hasColour: Bool
    /// The pixels of the largest image.
    let largestArea: Int
    /// What results say about images of an array; nil for files.
    var facts: JSONValue?
    /// The image at a place, with 1 or 3 channels.
    let image: @Sendable (_ index: Int, _ channels: Int) throws -> SampleImage

    /// A folder, an image file, or anything else that ``SampleReader`` reads as images.
    init(_ place: String, _ reader: SampleReader) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            try self.init(folder: place)
        } else if exists, !ArrayFile.isArray(place), let file = try? ImageFile(at: place) {
            self.init([file], names: nil)
        } else {
            try self.init(reader.read(place))
        }
    }

    /// The files of a folder whose headers can be read; a note names the others.
    private init(folder: String) throws {
        var (pictures, names, skipped) = ([ImageFile](), [String](), [SkippedFile]())
        for name in try ImageFile.names(in: folder) {
            do {
                pictures.append(try ImageFile(at: folder + "/" + name))
                names.append(name)
            } catch let error as ImageFileError {
                skipped.append(SkippedFile(file: name, reason: error.reason))
            }
        }
        guard !pictures.isEmpty else {
            throw ImageFolderError.nothingReadable(
                folder: folder, skipped: skipped.count, first: skipped.first)
        }
        if let sentence = skipped.note(besides: pictures.count) { note("\(folder): \(sentence)") }
        self.init(pictures, names: names)
    }

    private init(_ pictures: [ImageFile], names: [String]?) {
        self.names = names
        count = pictures.count
        hasColour = pictures.contains { $0.channels == 3 }
        // Larger ones are never decoded.
        let decodable = pictures.filter {
            max($0.height, $0.width) <= ImagePreparation.longestSide
        }
        largestArea = decodable.map { $0.height * $0.width }.max() ?? 0
        image = { index, channels in
            let file = pictures[index]
            return try SampleImage(
                height: file.height, width: file.width, channels: channels,
                bytes: file.pixels(channels: channels))
        }
    }

    private init(_ samples: Samples) throws {
        let shape = samples.sampleShape
        (names, count, hasColour) = (nil, samples.count, shape.last == 3)
        largestArea = shape.prefix(2).reduce(1, *)
        switch samples.content {
        case .images(let images):
            image = { index, channels in
                try SampleImage(
                    height: shape[0], width: shape[1], channels: channels,
                    bytes: Self.channels(images[index].pixels, shape[2], channels))
            }
        case .array(let images):
            facts = samples.facts
            let range = Double(images.range.lowerBound)...Double(images.range.upperBound)
            image = { index, channels in
                let own = images.pixels[index * images.size..<(index + 1) * images.size]
                return try SampleImage(
                    height: shape[0], width: shape[1], channels: channels,
                    samples: Self.channels(Array(own), shape[2], channels), range: range)
            }
        case .points:
            throw CommandFailure("\(samples.source) holds points, not images; give --layout")
        }
    }

    /// Pixels of an image with as many channels as asked for: grey images beside coloured ones have
    /// three equal ones.
    private static func channels<Pixel>(_ pixels: [Pixel], _ own: Int, _ wanted: Int) -> [Pixel] {
        own == wanted ? pixels : pixels.flatMap { [Pixel](repeating: $0, count: wanted) }
    }

    /// Places of images that belong together, and the names of those without a partner.
    ///
    /// - Parameter most: How many pairs are wanted; both sides need as many images, or equally
    ///   many.
    static func pairs(
        _ first: ImageCollection, _ second: ImageCollection, most: Int
    ) throws -> (pairs: [(Int, Int)], unpaired: [String]) {
        guard let names = first.names, let others = second.names else {
            let counts = (min(first.count, most), min(second.count, most))
            guard counts.0 == counts.1 else {
                throw SampleImageError.countsDiffer(first: counts.0, second: counts.1)
            }
            return ((0..<counts.0).map { ($0, $0) }, [])
        }
        let pairing = try ImagePairing(names, others)
        return (pairing.pairs, pairing.unpaired)
    }
}
