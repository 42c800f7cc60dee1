extension ImageSet {
    /// Images, and labels if any, from IDX files.
    ///
    /// - Parameters:
    ///   - images: 8-bit, `[N, H, W]` (grey) or `[N, H, W, C]` with one or three channels.
    ///   - labels: 8-bit, `[N]`.
    /// - Throws: ``ImageSetError`` when a file holds something else, when there is no image, or
    ///   when the counts differ.
    public init(images: IDXFile, labels: IDXFile? = nil) throws {
        let shape = images.shape
        guard [3, 4].contains(shape.count), shape.count == 3 || [1, 3].contains(shape[3]) else {
            throw ImageSetError.notImages(path: images.path, shape: shape)
        }
        guard images.element == .uint8 else {
            throw ImageSetError.notEightBit(path: images.path, element: images.element)
        }
        guard images.count > 0 else { throw ImageSetError.noImages(source: images.path) }
        if let labels {
            guard labels.shape.count == 1 else {
                throw ImageSetError.notLabels(path: labels.path, shape: labels.shape)
            }
            guard labels.element == .uint8 else {
                throw ImageSetError.notEightBit(path: labels.path, element: labels.element)
            }
            guard labels.count == images.count else {
                throw ImageSetError.countMismatch(
                    images: images.count, imageSource: images.path, labels: labels.count,
                    labelSource: labels.path)
            }
        }
        try self.init(
            height: shape[1], width: shape[2], channels: shape.count == 4 ? shape[3] : 1,
            pixels: images.bytes, labels: labels?.bytes)
    }
}
