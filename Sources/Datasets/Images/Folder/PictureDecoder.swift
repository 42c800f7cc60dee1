import CVips
import Files

/// Turns files into pixels.
struct PictureDecoder: Sendable {
    private let root: String
    private let preparation: ImagePreparation

    init(root: String, preparation: ImagePreparation) {
        self.root = root
        self.preparation = preparation
    }

    /// Decodes a file into room for one image.
    ///
    /// - Returns: Nil, or why it cannot be used.
    func decode(_ file: ListedFile, into pixels: UnsafeMutableBufferPointer<UInt8>) -> String? {
        withBytes(of: file) { decode($0, into: pixels) }
    }

    /// Calls `body` with a whole file.
    ///
    /// - Returns: What `body` says, or why the file cannot be read.
    func withBytes(
        of file: ListedFile, _ body: (UnsafeRawBufferPointer) -> String?
    ) -> String? {
        if file.stamp.size == 0 { return "it is empty" }
        if file.stamp.size > preparation.decodedBytes {
            return "it is longer than \(preparation.decodedBytes >> 20) MiB"
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: file.stamp.size, alignment: 16)
        defer { bytes.deallocate() }
        return read(file, into: bytes) ?? body(UnsafeRawBufferPointer(bytes))
    }

    /// Height and width before rows and columns are exchanged.
    private var size: (height: Int, width: Int) {
        preparation.isTransposed
            ? (preparation.width, preparation.height) : (preparation.height, preparation.width)
    }

    /// The colours and the size of the preparation, in C.
    private var shape: cvips_shape {
        let background = preparation.background
        let (height, width) = size
        return cvips_shape(
            width: Int32(width), height: Int32(height),
            channels: Int32(preparation.channels), letterbox: preparation.fit == .letterbox,
            background: (background.red, background.green, background.blue))
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>
    ) -> String? {
        var shape = shape
        let message = cvips_picture_decode(
            bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &shape,
            preparation.decodedBytes, pixels.baseAddress)
        guard let message else {
            if preparation.isTransposed {
                transpose(
                    Array(pixels)[...], height: size.height, width: size.width,
                    channels: preparation.channels, into: pixels)
            }
            return nil
        }
        defer { cvips_free(message) }
        return String(cString: message)
    }

    private func read(_ file: ListedFile, into bytes: UnsafeMutableRawBufferPointer) -> String? {
        do throws(FileFailure) {
            let path = String(decoding: file.path, as: UTF8.self)
            let opened = try ReadableFile(systemPath: systemPath(root, file.path), path: path)
            let filled = try opened.read(into: bytes, at: 0)
            let status = try opened.status()
            return filled == bytes.count && FileStamp(status) == file.stamp
                ? nil : "it was changed while the folder was read"
        } catch { return error.cause }
    }
}
