import Files

/// A file of tensors that does not follow its format, or tensors that cannot be written as one.
public struct FormatFailure: Error, Equatable, Sendable {
    /// What the data was read or written as; the raw value is its name in messages.
    public enum Format: String, Equatable, Sendable {
        /// Named tensors, as model hubs exchange weights: `.safetensors`.
        case safetensors = "safetensors"
        /// One array of NumPy.
        case numpy = "NumPy (.npy)"
        /// Several arrays of NumPy in a zip archive.
        case numpyArchive = "NumPy archive (.npz)"
        /// Tensors of PyTorch's `torch.save`: `.pt`, `.pth`.
        case pyTorch = "PyTorch (.pt)"
        /// The format of MNIST, as it is or packed by gzip.
        case idx = "IDX"
    }

    /// What is wrong.
    public enum Reason: Equatable, Sendable {
        /// The file ends before its content does.
        case truncated
        /// Packed bytes that cannot be unpacked, or have another checksum.
        case damaged
        /// Bytes follow that belong to no tensor.
        case trailingBytes
        /// The header is malformed or too long.
        case header
        /// A name or key occurs twice.
        case duplicateName
        /// Byte ranges overlap, leave gaps or contradict the shape.
        case offsets
        /// A shape is too large or contradicts the number of values.
        case shape
        /// The type of the numbers is unknown or not the one asked for.
        case elementType
        /// No tensor has the name asked for.
        case unknownTensor
    }

    /// What the data was read or written as.
    public let format: Format
    /// The file, or nil for data in memory.
    public let path: String?
    /// What is wrong.
    public let reason: Reason
    /// What was found and what was expected, as a clause.
    public let detail: String
    /// What to do, as a clause.
    public let remedy: String

    package init(
        _ format: Format, _ path: String?, _ reason: Reason, _ detail: String,
        remedy: String = "write the file again or give another one"
    ) {
        self.format = format
        self.path = path
        self.reason = reason
        self.detail = detail
        self.remedy = remedy
    }
}

extension FormatFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        "Cannot use \(path?.quoted ?? "the data") as \(format.rawValue): \(detail); \(remedy)."
    }
}
