import ArrayFiles
import Datasets
import Files
import Foundation
import StrictYAML

/// Reads sides of a comparison.
struct SampleReader {
    let options: MeasureOptions
    /// Height, width and channels that images of folders are made into; their own where nil.
    var imageShape: [Int]?

    /// Whether the measure is of images, and not of points that images may be.
    var takesImages = false
    /// Which side is read where they differ: 0 for A, 1 for B.
    var side = 0

    /// Reads both sides of a comparison.
    ///
    /// Arrays are images where the measure is of images, where the other side is, and where a
    /// layout or a range is given; else they are points.
    ///
    /// - Throws: An error of one sentence for what cannot be read or is empty.
    func sides(_ first: MeasureSide, _ second: MeasureSide) throws -> (Samples, Samples) {
        let places = [first.place, second.place]
        try requireArrays(among: places)
        let areImages = !places.allSatisfy(ArrayFile.isArray)
        return (
            try first.reading { try read($0, areImages) },
            try second.reading { try ofSecondSide.read($0, areImages) }
        )
    }

    /// A reader of the other side.
    var ofSecondSide: SampleReader {
        var copy = self
        copy.side = 1
        return copy
    }

    /// Reads one side alone.
    ///
    /// - Throws: As ``sides(_:_:)``.
    func read(_ place: String) throws -> Samples { try read(place, false) }

    /// Refuses settings of arrays where there is none, and those of two where there is one.
    func requireArrays(among places: [String]) throws {
        let settings = [
            ("layout", options.layout != nil, options.layout?.areTwo == true),
            ("range", options.range != nil, options.givesTwoRanges),
        ]
        let arrays = places.count(where: ArrayFile.isArray)
        for (name, isGiven, areTwo) in settings where isGiven {
            guard arrays > 0 else {
                throw CommandFailure(
                    "--\(name) is about arrays, and \(places.joined(separator: " and ")) "
                        + "\(places.count == 1 ? "is none" : "are none"); leave it out")
            }
            guard arrays < 2, areTwo else { continue }
            throw CommandFailure(
                "--\(name) has a value for A and one for B, and only one array is there; give one "
                    + "value")
        }
    }

    private func read(_ place: String, _ areImages: Bool) throws -> Samples {
        let samples = try whole(place, areImages)
        guard samples.count > 0, samples.sampleShape.allSatisfy({ $0 > 0 }) else {
            throw CommandFailure("\(place) holds no samples; give at least one")
        }
        guard let count = options.count else { return samples }
        return try samples.choosing(count, seed: options.seed ?? 0)
    }

    private func whole(_ place: String, _ areImages: Bool) throws -> Samples {
        if let (variant, split) = Self.dataset(place) {
            let images = try ImageSet.mnist(variant, split, folder: options.data)
            return Samples(
                source: place, split: split == .train ? "train" : "test", content: .images(images))
        }
        if ArrayFile.isArray(place) { return try array(place, areImages) }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        guard exists else {
            let (path, name) = ArrayFile.parts(of: place)
            if let name, FileManager.default.fileExists(atPath: path) {
                throw ArrayFailure.name(name, path: path)
            }
            throw FileFailure(.read, path: place, reason: .notFound)
        }
        if !isFolder.boolValue, ArrayFile.isIDX(place) {
            return Samples(
                source: place, content: .images(try ImageSet(images: IDXFile(contentsOf: place))))
        }
        let images = isFolder.boolValue ? try folder(place) : try file(place)
        return Samples(source: place, content: .images(images))
    }

    /// `mnist:test` and the like.
    static func dataset(_ place: String) -> (MNISTVariant, DatasetSplit)? {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let variant = MNISTVariant(rawValue: String(parts[0])) else {
            return nil
        }
        switch parts[1] {
        case "train": return (variant, .train)
        case "test": return (variant, .test)
        default: return nil
        }
    }

    private func array(_ place: String, _ areImages: Bool) throws -> Samples {
        let file = try ArrayFile(at: place)
        if areImages || takesImages || options.layout != nil || options.range != nil {
            return Samples(
                source: place, content: .array(try ImageArray(file, place, options, side: side)))
        }
        let points = try SampleArray(file)
        if points.shape.count > 2 {
            let extents = points.shape.dropFirst().map(String.init).joined(separator: "×")
            note(
                "\(place): samples of \(extents) are taken as points of \(points.dimensions) "
                    + "coordinates; give --layout or --range if they are images")
        }
        return Samples(source: place, content: .points(points))
    }

    /// Opens an image; what has another ending and is none gets a sentence of its own.
    private static func imageFile(_ path: String) throws -> ImageFile {
        do { return try ImageFile(at: path) } catch {
            let ending = (path as NSString).pathExtension.lowercased()
            let images: Set = ["bmp", "gif", "jpeg", "jpg", "png", "tif", "tiff", "webp"]
            guard !images.contains(ending) else { throw error }
            let isPickle = ["ckpt", "pickle", "pkl"].contains(ending)
            throw CommandFailure(
                isPickle
                    ? "\(path) is in a format that only Python reads; save the samples with "
                        + "numpy.save"
                    : "\(path) is neither an image nor a known file of numbers; give images, .npy, "
                        + ".npz, .safetensors, .pt, .csv, .tsv, .txt or IDX files")
        }
    }

    private func file(_ path: String) throws -> ImageSet {
        let file = try Self.imageFile(path)
        let channels = imageShape?[2] ?? file.channels
        return try ImageSet(
            height: file.height, width: file.width, channels: channels,
            pixels: file.pixels(channels: channels))
    }

    /// A folder's images, which must be of one size unless one was asked for.
    private func folder(_ path: String) throws -> ImageSet {
        let shape = try imageShape ?? commonShape(of: path)
        let (height, width) = (options.size ?? shape[0], options.size ?? shape[1])
        let preparation = try ImagePreparation(
            height: height, width: width, channels: shape[2])
        let folder = try ImageFolder(contentsOf: path, as: preparation)
        if let sentence = folder.skipped.note(besides: folder.files.count) {
            note("\(path): \(sentence)")
        }
        return folder.images
    }

    private func commonShape(of folder: String) throws -> [Int] {
        var found: (file: ImageFile, channels: Int)?
        for name in try ImageFile.names(in: folder) {
            guard let file = try? ImageFile(at: folder + "/" + name) else { continue }
            let first = found ?? (file, file.channels)
            found = (first.file, max(first.channels, file.channels))
            guard
                options.size != nil
                    || (file.height, file.width) == (first.file.height, first.file.width)
            else {
                throw CommandFailure(
                    "\(folder) has images of different sizes, \(first.file.path) and \(file.path); "
                        + "give --size to resize them")
            }
        }
        guard let found else {
            throw CommandFailure(
                "\(folder) holds no image that can be read; give a folder of JPEG, PNG, WebP, GIF "
                    + "or TIFF files")
        }
        return [found.file.height, found.file.width, found.channels]
    }
}
