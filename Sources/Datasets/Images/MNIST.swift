import ArrayFiles

/// Data sets that come as the four IDX files of MNIST; the raw value is the folder's name.
public enum MNISTVariant: String, Sendable, CaseIterable {
    /// Handwritten digits: LeCun, Cortes, Burges 1998.
    case digits = "mnist"
    /// Articles of clothing: Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747.
    case fashion = "fashion-mnist"
}

/// The two parts that a data set is published in; the raw value begins the files' names.
public enum DatasetSplit: String, Sendable, CaseIterable {
    /// For training.
    case train
    /// For testing.
    case test = "t10k"
}

extension ImageSet {
    /// MNIST, or a data set in the same files, with labels.
    ///
    /// The files are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte` (`t10k-…` for the test
    /// part), also with a dot in place of the last hyphen but one, plain or with `.gz`.
    ///
    /// - Parameters:
    ///   - variant: Which data set.
    ///   - split: Which part of it.
    ///   - folder: Where the files are; else ``DatasetLocation`` says where they are looked for.
    /// - Returns: Grey images `[N, 28, 28, 1]` for the published files.
    /// - Throws: ``ImageSetError`` when a file is missing or does not fit, `FormatFailure` when one
    ///   cannot be read.
    public static func mnist(
        _ variant: MNISTVariant = .digits, _ split: DatasetSplit = .train, folder: String? = nil
    ) throws -> ImageSet {
        try mnist(split, at: DatasetLocation(name: variant.rawValue, folder: folder))
    }

    package static func mnist(
        _ split: DatasetSplit, at location: DatasetLocation
    ) throws -> ImageSet {
        let (images, labels) = try paths(split, at: location)
        return try ImageSet(
            images: IDXFile(contentsOf: images), labels: IDXFile(contentsOf: labels))
    }

    /// The files that ``mnist(_:_:folder:)`` reads.
    ///
    /// - Throws: ``ImageSetError`` when a file is missing.
    package static func mnistFiles(
        _ variant: MNISTVariant, _ split: DatasetSplit, folder: String?
    ) throws -> DataFiles {
        let location = DatasetLocation(name: variant.rawValue, folder: folder)
        let (images, labels) = try paths(split, at: location)
        return DataFiles([images, labels])
    }

    private static func paths(
        _ split: DatasetSplit, at location: DatasetLocation
    ) throws -> (images: String, labels: String) {
        (
            try location.path(ofFirst: names(split, "images", "idx3")),
            try location.path(ofFirst: names(split, "labels", "idx1"))
        )
    }

    private static func names(_ split: DatasetSplit, _ kind: String, _ format: String) -> [String] {
        let dashed = "\(split.rawValue)-\(kind)-\(format)-ubyte"
        let dotted = "\(split.rawValue)-\(kind).\(format)-ubyte"
        return [dashed, dashed + ".gz", dotted, dotted + ".gz"]
    }
}
