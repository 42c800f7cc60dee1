public import ArrayFiles

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
