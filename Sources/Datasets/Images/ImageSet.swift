public import ArrayFiles

/// Images of one size, kept as bytes in memory or in a mapped file, with or without labels.
///
/// The order of the numbers is image, row, column, channel: `[N, H, W, C]`.
public struct ImageSet: Sendable {
    /// The most classes that labels can tell apart: 65 536, numbered from 0.
    public static let mostClasses = Int(UInt16.max) + 1

    /// N, at least one.
    public let count: Int
    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int
    /// The class of each image, `[N]`, where it is known; see ``mostClasses``.
    public let labels: [UInt16]?
    private let storage: PixelStorage

    /// How many numbers an image has: H·W·C.
    public var imageSize: Int { height * width * channels }
    /// The pixels as they were read, 0…255, row-major `[N, H, W, C]`: a copy of all of them where
    /// they are in a mapped file.
    public var pixels: [UInt8] { storage.array(imageSize: imageSize, count: count) }

    /// Images from an array in memory.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1 or more.
    ///   - width: In pixels, 1 or more.
    ///   - channels: 1 for grey, 3 for colour.
    ///   - pixels: Row-major `[N, H, W, C]`, at least one image.
    ///   - labels: One for each image, or nil.
    /// - Throws: ``ImageSetError`` when the numbers do not fit together.
    public init(
        height: Int, width: Int, channels: Int, pixels: [UInt8], labels: [UInt16]? = nil
    ) throws {
        let shape = [height, width, channels]
        let (area, tooTall) = height.multipliedReportingOverflow(by: width)
        let (size, tooDeep) = area.multipliedReportingOverflow(by: channels)
        guard height > 0, width > 0, [1, 3].contains(channels), !tooTall, !tooDeep,
            pixels.count.isMultiple(of: size)
        else {
            throw ImageSetError.pixelsDoNotFit(values: pixels.count, imageShape: shape)
        }
        guard !pixels.isEmpty else { throw ImageSetError.noImages(source: "the pixels") }
        count = pixels.count / size
        if let labels, labels.count != count {
            throw ImageSetError.countMismatch(
                images: count, imageSource: "the pixels", labels: labels.count,
                labelSource: "the list of labels")
        }
        self.height = height
        self.width = width
        self.channels = channels
        storage = PixelStorage(pixels)
        self.labels = labels
    }

    /// Images whose numbers are known to fit together, at least one.
    init(
        height: Int, width: Int, channels: Int, storage: PixelStorage, count: Int, labels: [UInt16]?
    ) {
        self.height = height
        self.width = width
        self.channels = channels
        self.storage = storage
        self.count = count
        self.labels = labels
    }

    /// One image: bytes `[H, W, C]`, and its class where it is known.
    public subscript(_ index: Int) -> (pixels: [UInt8], label: Int?) {
        precondition(index >= 0 && index < count, "image \(index) of \(count)")
        let pixels = withPixels(of: index) { Array($0) }
        return (pixels, labels.map { Int($0[index]) })
    }

    /// Some of the images, in the order of `indices`; where they are in a mapped file, they stay.
    func selecting(_ indices: [Int]) -> ImageSet {
        ImageSet(
            height: height, width: width, channels: channels,
            storage: storage.selecting(indices, imageSize: imageSize), count: indices.count,
            labels: labels.map { labels in indices.map { labels[$0] } })
    }

    /// Calls `body` with the bytes of one image, `[H, W, C]`.
    func withPixels<Result>(
        of index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let start = storage.position(of: index) * imageSize
        return try storage.withBytes { try body($0.extracting(start..<start + imageSize)) }
    }

    /// Writes images as numbers in −1…1, without allocating.
    ///
    /// - Parameters:
    ///   - indices: Which images, each 0..<``count``; an image may be named more than once.
    ///   - output: Room for `[indices.count, H, W, C]` numbers: each is byte / 127.5 − 1.
    ///   - isMirrored: Whether an image, by its index, is mirrored left to right.
    public func fill(
        batch indices: UnsafeBufferPointer<Int>, into output: UnsafeMutableBufferPointer<Float>,
        mirroring isMirrored: (_ index: Int) -> Bool = { _ in false }
    ) {
        let size = imageSize
        precondition(output.count == indices.count * size, "the batch must fit the buffer")
        for (position, index) in indices.enumerated() {
            precondition(index >= 0 && index < count, "image \(index) of \(count)")
            let target = output.extracting(position * size..<(position + 1) * size)
            withPixels(of: index) { source in
                if isMirrored(index) {
                    scaleMirrored(source, into: target)
                } else {
                    for offset in 0..<size { target[offset] = Float(source[offset]) / 127.5 - 1 }
                }
            }
        }
    }

    private func scaleMirrored(
        _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<Float>
    ) {
        for row in stride(from: 0, to: source.count, by: width * channels) {
            for column in 0..<width {
                let from = row + column * channels
                let to = row + (width - 1 - column) * channels
                for channel in 0..<channels {
                    target[to + channel] = Float(source[from + channel]) / 127.5 - 1
                }
            }
        }
    }

    /// Some of the images as numbers in −1…1, in a new array `[indices.count, H, W, C]`.
    ///
    /// - Parameters:
    ///   - indices: The images' numbers, counted from 0.
    ///   - isMirrored: Whether all are mirrored left to right.
    public func scaled(_ indices: [Int], mirrored isMirrored: Bool = false) -> [Float] {
        var output = [Float](repeating: 0, count: indices.count * imageSize)
        output.withUnsafeMutableBufferPointer { output in
            indices.withUnsafeBufferPointer {
                fill(batch: $0, into: output) { _ in isMirrored }
            }
        }
        return output
    }
}

extension ImageSet {
    /// Images, and labels if any, from IDX files.
    ///
    /// - Parameters:
    ///   - images: 8-bit, `[N, H, W]` (grey) or `[N, H, W, C]` with one or three channels.
    ///   - labels: `[N]`, of any type; each is a whole number, from 0 and below ``mostClasses``.
    /// - Throws: ``ImageSetError`` when a file holds something else, when there is no image, or
    ///   when the counts differ.
    public init(images: IDXFile, labels: IDXFile? = nil) throws {
        let shape = images.shape
        guard [3, 4].contains(shape.count), shape.count == 3 || [1, 3].contains(shape[3]) else {
            throw ImageSetError.notImages(path: images.path, shape: shape)
        }
        guard images.elementType == .uint8 else {
            throw ImageSetError.notEightBit(path: images.path, elementType: images.elementType)
        }
        guard images.count > 0 else { throw ImageSetError.noImages(source: images.path) }
        if let labels, labels.shape.count == 1, labels.count != images.count {
            throw ImageSetError.countMismatch(
                images: images.count, imageSource: images.path, labels: labels.count,
                labelSource: labels.path)
        }
        try self.init(
            height: shape[1], width: shape[2], channels: shape.count == 4 ? shape[3] : 1,
            pixels: images.bytes, labels: labels.map { try $0.labels() })
    }

    /// The images with rows and columns exchanged, as EMNIST's files have to be turned upright.
    ///
    /// - Returns: A copy in memory, `[N, W, H, C]`, with the same labels.
    public func transposed() -> ImageSet {
        let source = pixels
        let bytes = [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            for start in stride(from: 0, to: source.count, by: imageSize) {
                transpose(
                    source[start..<start + imageSize], height: height, width: width,
                    channels: channels, into: target.extracting(start..<start + imageSize))
            }
            count = source.count
        }
        return ImageSet(
            height: width, width: height, channels: channels, storage: PixelStorage(bytes),
            count: count, labels: labels)
    }
}

/// Copies an image `[height, width, channels]` with rows and columns exchanged.
func transpose(
    _ source: ArraySlice<UInt8>, height: Int, width: Int, channels: Int,
    into target: UnsafeMutableBufferPointer<UInt8>
) {
    var next = source.startIndex
    for row in 0..<height {
        for column in 0..<width {
            let place = (column * height + row) * channels
            for channel in 0..<channels { target[place + channel] = source[next + channel] }
            next += channels
        }
    }
}

extension IDXFile {
    /// The numbers as class numbers.
    fileprivate func labels() throws -> [UInt16] {
        guard shape.count == 1 else { throw ImageSetError.notLabels(path: path, shape: shape) }
        return try values().enumerated().map { place, value in
            guard let label = UInt16(exactly: value) else {
                throw ImageSetError.labelOutOfRange(path: path, place: place, value: value)
            }
            return label
        }
    }
}

extension ImageSet {
    /// How many images each label has, `[largest label + 1]`; empty without labels.
    public var labelCounts: [Int] {
        guard let labels, let largest = labels.max() else { return [] }
        return labels.reduce(into: [Int](repeating: 0, count: Int(largest) + 1)) { counts, label in
            counts[Int(label)] += 1
        }
    }

    /// The images of one class alone, in their order.
    ///
    /// - Parameter label: The class, such as a digit 0…9.
    /// - Throws: ``ImageSetError`` without labels, or when no image has this one.
    public func filtered(toClass label: Int) throws -> ImageSet {
        try filtered(toClasses: [label])
    }

    /// The images of some classes alone, in their order and with their labels.
    ///
    /// - Parameter chosen: The classes, such as digits 0…9, in any order.
    /// - Throws: ``ImageSetError`` without labels, or when no image has one of these.
    public func filtered(toClasses chosen: [Int]) throws -> ImageSet {
        guard let labels else { throw ImageSetError.noLabels }
        let present = Set(labels.map { Int($0) })
        for label in chosen where !present.contains(label) {
            throw ImageSetError.emptyClass(
                label, smallest: present.min() ?? 0, largest: present.max() ?? 0)
        }
        guard !chosen.isEmpty else { throw ImageSetError.noImages(source: "the list of classes") }
        let wanted = Set(chosen)
        return selecting(labels.indices.filter { wanted.contains(Int(labels[$0])) })
    }
}

/// Why a set of images could not be made.
public enum ImageSetError: Error, Equatable, CustomStringConvertible {
    /// An array whose length is not a multiple of height · width · channels.
    case pixelsDoNotFit(values: Int, imageShape: [Int])
    /// A file or array without a single image.
    case noImages(source: String)
    /// Images and labels that differ in number.
    case countMismatch(images: Int, imageSource: String, labels: Int, labelSource: String)
    /// A file whose shape is not that of images.
    case notImages(path: String, shape: [Int])
    /// A file whose shape is not that of labels.
    case notLabels(path: String, shape: [Int])
    /// A file whose numbers are not unsigned bytes.
    case notEightBit(path: String, elementType: ElementType)
    /// A label that is no class number; places count from 0.
    case labelOutOfRange(path: String, place: Int, value: Double)
    /// A class was asked for, but the images have no labels.
    case noLabels
    /// Images that are no digits of 28×28 pixels, where these are stacked.
    case notDigits(height: Int, width: Int, channels: Int)
    /// No image has the label asked for.
    case emptyClass(Int, smallest: Int, largest: Int)
    /// A file of a named data set was not found in the folders that were searched.
    case missingFile(names: [String], folders: [String])

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .pixelsDoNotFit(let values, let shape):
            "\(values) pixel values do not make whole images of "
                + "\(shape[0])×\(shape[1])×\(shape[2]); give H·W·C values for each image, "
                + "with 1 or 3 channels."
        case .noImages(let source):
            "\(source): there are no images; give at least one."
        case .countMismatch(let images, let imageSource, let labels, let labelSource):
            "\(imageSource) has \(images) images but \(labelSource) has \(labels) labels; "
                + "give two files that belong together."
        case .notImages(let path, let shape):
            "\(path): the header names \(Self.dimensions(shape)), which are not images; give a "
                + "file of N×H×W or N×H×W×C values with 1 or 3 channels."
        case .notLabels(let path, let shape):
            "\(path): the header names \(Self.dimensions(shape)), which are not labels; give a "
                + "file with one dimension."
        case .notEightBit(let path, let type):
            "\(path): the values are \(type), which is not supported here; convert them to "
                + "uint8."
        case .labelOutOfRange(let path, let place, let value):
            "\(path): the label of image \(place) is \(shown(value)), but classes are whole "
                + "numbers from 0 to \(ImageSet.mostClasses - 1); number them anew."
        case .noLabels:
            "One class was asked for but the images have no labels; give the file of labels too."
        case .notDigits(let height, let width, let channels):
            "Stacked digits are made of grey images of 28×28 with labels from 0 to 9, not of "
                + "images of \(height)×\(width)×\(channels) or with other labels; give MNIST's "
                + "files."
        case .emptyClass(let label, let smallest, let largest):
            "No image has label \(label); choose one from \(smallest) to \(largest)."
        case .missingFile(let names, let folders):
            "The data file \(names[0]) was not found; put it "
                + "(or \(names.dropFirst().joined(separator: ", "))) into "
                + "\(folders.joined(separator: " or ")), or set "
                + "\(DatasetLocation.environmentVariable) to the folder that holds it."
        }
    }

    private static func dimensions(_ shape: [Int]) -> String {
        shape.count == 1
            ? "1 dimension (\(shape[0]))"
            : "\(shape.count) dimensions "
                + "(\(shape.prefix(6).map(String.init).joined(separator: "×"))"
                + (shape.count > 6 ? "×…)" : ")")
    }
}

/// A number without a fraction of zero.
private func shown(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
}
