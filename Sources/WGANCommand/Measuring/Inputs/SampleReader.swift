import Datasets
import Foundation
import Runs

/// Reads sides of a comparison.
struct SampleReader {
    let options: MeasureOptions
    /// Height, width and channels that images of folders are made into; their own where nil.
    var imageShape: [Int]?

    /// Reads what the user named.
    ///
    /// - Throws: An error of one sentence for what cannot be read or is empty.
    func read(_ place: String) throws -> Samples {
        let samples = try whole(place)
        guard samples.count > 0, samples.sampleShape.allSatisfy({ $0 > 0 }) else {
            throw CommandFailure("\(place) holds no samples; give at least one")
        }
        guard let count = options.count, count < samples.count else { return samples }
        return try samples.prefix(count)
    }

    private func whole(_ place: String) throws -> Samples {
        if let (variant, split) = Self.dataset(place) {
            let images = try ImageSet.mnist(variant, split, folder: options.data)
            return Samples(
                source: place, split: split == .train ? "train" : "test", content: .images(images))
        }
        if SampleArray.isArray(place) {
            return Samples(source: place, content: .array(try array(place)))
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        guard exists else {
            throw FileFailure(.read, path: place, reason: .notFound)
        }
        if !isFolder.boolValue, Self.isIDX(place) {
            return Samples(
                source: place, content: .images(try ImageSet(images: IDXFile(contentsOf: place))))
        }
        let images = isFolder.boolValue ? try folder(place) : try file(place)
        return Samples(source: place, content: .images(images))
    }

    /// `mnist:test` and the like.
    private static func dataset(_ place: String) -> (MNISTVariant, DatasetSplit)? {
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

    private static func isIDX(_ path: String) -> Bool {
        let name = (path as NSString).lastPathComponent.lowercased()
        return name.hasSuffix("-ubyte") || name.hasSuffix("-ubyte.gz") || name.hasSuffix(".idx")
            || name.hasSuffix(".idx.gz")
    }

    /// An array whose first axis counts samples; a list becomes samples of one number, and images
    /// are brought to −1…1.
    private func array(_ place: String) throws -> SampleArray {
        var array = try SampleArray(at: place)
        switch array.shape.count {
        case 0: array.shape = [1, 1]
        case 1: array.shape.append(1)
        case 3: array.shape.append(1)
        default: break
        }
        guard array.shape.count == 4, [1, 3].contains(array.shape[3]) else { return array }
        let range = array.isBytes ? 0...255 : try options.pixelRange()
        guard range != -1...1 else { return array }
        let scale = 2 / (range.upperBound - range.lowerBound)
        array.values = array.values.map { ($0 - range.lowerBound) * scale - 1 }
        return array
    }

    private func file(_ path: String) throws -> ImageSet {
        let file = try ImageFile(at: path)
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
        if let first = folder.skipped.first {
            note("\(path): \(folder.skipped.count) files were left out; \(first)")
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

extension Samples {
    /// The first samples alone.
    func prefix(_ count: Int) throws -> Samples {
        let size = sampleShape.reduce(1, *)
        switch content {
        case .array(var array):
            array.shape[0] = count
            array.values = Array(array.values.prefix(count * size))
            return Samples(source: source, split: split, content: .array(array))
        case .images(let images):
            let first = try ImageSet(
                height: images.height, width: images.width, channels: images.channels,
                pixels: Array(images.pixels.prefix(count * size)))
            return Samples(source: source, split: split, content: .images(first))
        }
    }
}

/// Tells the user something that is not part of a result.
func note(_ text: String) {
    FileHandle.standardError.write(Data("note: \(text)\n".utf8))
}
