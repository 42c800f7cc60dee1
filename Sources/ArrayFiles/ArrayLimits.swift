/// The most that is read of a file of numbers, whatever its header claims.
///
/// A file with holes can claim any size at no cost to its author, and memory that cannot be had
/// ends the process.
public enum ArrayLimits {
    /// The numbers of one array: 8 GiB in single precision.
    public static let values = 1 << 31
    /// The numbers of one array that are read in double precision: 2 GiB.
    public static let doubles = 1 << 28
    /// The bytes of one array that is packed in its file, once unpacked: 4 GiB.
    public static let bytes = 4 << 30
    /// The dimensions of an array, as in NumPy.
    public static let rank = 64
    /// The bytes of a file of text: 1 GiB.
    public static let textBytes = 1 << 30
    /// The bytes of the header of a .npy file, that of a structured type with very many fields.
    public static let numpyHeader = 1 << 20
    /// The bytes of the header of a safetensors file, as in the format's reference implementation.
    public static let safetensorsHeader = 100_000_000
}
