/// A folder that was listed but not yet decoded.
struct ImageFolderSource {
    let root: String
    let preparation: ImagePreparation
    /// The names that were asked for, or nil for everything.
    let chosen: [String]?
    let listing: FolderListing

    /// - Throws: ``ImageFolderError`` when the folder cannot be read or lacks a class.
    init(_ root: String, _ preparation: ImagePreparation, classes: [String]?) throws {
        self.root = root
        self.preparation = preparation
        chosen = classes.map { Set($0).sorted() }
        var listing = try FolderListing(root)
        if let classes {
            let known = Set(listing.files.compactMap(\.topFolder))
            for name in classes where !known.contains(name) {
                throw ImageFolderError.unknownClass(name, folder: root, known: known.sorted())
            }
            listing.keep(topFolders: Set(classes))
        }
        self.listing = listing
    }

    /// Decodes everything.
    ///
    /// - Parameters:
    ///   - limit: The most bytes to keep in memory.
    ///   - cache: Where more than that goes.
    ///   - workers: How many files are decoded at a time.
    ///   - progress: Told how many files are done, and of how many.
    /// - Throws: ``ImageFolderError`` when nothing can be read or the cache not be written, and
    ///   what `progress` throws.
    func decode(
        keepingUpTo limit: Int, else cache: ImageCache, workers: Int,
        progress: (Int, Int) throws -> Void
    ) throws -> (PixelStorage, ImageFolderIndex) {
        let files = listing.files
        let block = BlockDecoder(
            PictureDecoder(root: root, preparation: preparation), imageSize: preparation.imageSize,
            workers: workers)
        var index = ImageFolderIndex(skipped: listing.skipped)
        var sink = PixelSink(limit: limit, cache: cache)
        try progress(0, files.count)
        for start in stride(from: 0, to: files.count, by: block.capacity) {
            let end = min(files.count, start + block.capacity)
            try block.decode(files[start..<end]) { file, pixels in
                switch pixels {
                case .success(let bytes):
                    index.files.append(file.name)
                    try sink.append(bytes)
                case .failure(let unusable):
                    index.skipped.append(SkippedFile(file: file.name, reason: unusable.reason))
                }
            }
            try progress(end, files.count)
        }
        index.skipped.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
        guard !index.files.isEmpty else {
            throw ImageFolderError.nothingReadable(
                folder: root, skipped: index.skipped.count, first: index.skipped.first)
        }
        return (try sink.finish(index), index)
    }
}

/// Which files the images of a folder came from.
struct ImageFolderIndex: Codable, Equatable {
    /// The path of each image.
    var files: [String] = []
    /// What has no image.
    var skipped: [SkippedFile]

    /// The subfolder that a file is in, directly or deeper.
    static func topFolder(_ file: String) -> String? {
        file.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) }
    }
}
