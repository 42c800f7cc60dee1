public import ArrayFiles

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
