import Files
public import Foundation

extension NumpyArchive {
    /// An array to be written, row-major.
    public struct NamedArray: Sendable, Equatable {
        /// The name, without an ending.
        public let name: String
        /// The sizes of the dimensions.
        public let shape: [Int]
        fileprivate let words: [UInt64]
        fileprivate let descriptor: String

        /// Float64 numbers.
        public init(_ name: String, shape: [Int], values: [Double]) {
            (self.name, self.shape) = (name, shape)
            words = values.map { $0.bitPattern.littleEndian }
            descriptor = "<f8"
        }

        /// Int64 numbers.
        public init(_ name: String, shape: [Int], values: [Int]) {
            (self.name, self.shape) = (name, shape)
            words = values.map { UInt64(bitPattern: Int64($0)).littleEndian }
            descriptor = "<i8"
        }
    }

    /// Writes arrays by name, as `numpy.savez` does; the file appears only when it is complete.
    ///
    /// Entries are stored as they are, without a date: the same arrays make the same bytes.
    ///
    /// - Parameters:
    ///   - arrays: At least one, with different names.
    ///   - url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FormatFailure`` when a shape contradicts its number of values, a name occurs
    ///   twice, or the whole would be 4 GiB or more, which needs ZIP64; `FileFailure`.
    public static func write(_ arrays: [NamedArray], to url: URL) throws {
        if let twice = Dictionary(grouping: arrays, by: \.name).first(where: { $1.count > 1 }) {
            throw FormatFailure(
                .numpyArchive, url.path, .duplicateName,
                "the array \(twice.key.quoted) occurs twice", remedy: "give other names")
        }
        let heads = try arrays.map {
            try NumpyFile.header(
                $0.shape, $0.words.count, path: url.path, descriptor: $0.descriptor)
        }
        let size = zip(arrays, heads).reduce(0) { $0 + 8 * $1.0.words.count + $1.1.count + 1024 }
        guard size < UInt32.max else {
            throw FormatFailure(
                .numpyArchive, url.path, .shape, "arrays of 4 GiB and more do not fit",
                remedy: "write fewer numbers")
        }
        let writer = try AtomicFileWriter(to: url)
        var (offset, directory) = (0, Data())
        for (array, head) in zip(arrays, heads) {
            let entry = DirectoryEntry(array, head)
            try writer.append(entry.localHeader)
            try writer.append(head)
            try array.words.withUnsafeBytes { try writer.append($0) }
            directory += entry.directoryHeader(offset: offset)
            offset += entry.localHeader.count + entry.size
        }
        try writer.append(directory)
        try writer.append(
            Data(0x0605_4B50, 4) + Data(0, 4) + Data(arrays.count, 2) + Data(arrays.count, 2)
                + Data(directory.count, 4) + Data(offset, 4) + Data(0, 2))
        try writer.commit()
    }

    /// What a ZIP archive says of a stored file, in front of it and in the directory.
    private struct DirectoryEntry {
        let name: Data
        let size: Int
        let checksum: UInt32

        init(_ array: NamedArray, _ head: Data) {
            name = Data((array.name + ending).utf8)
            size = head.count + 8 * array.words.count
            var sum = CRC32()
            head.withUnsafeBytes { sum.add($0) }
            array.words.withUnsafeBytes { sum.add($0) }
            checksum = sum.value
        }

        /// Version 2.0, a name in UTF-8, stored, midnight of 1 January 1980, checksum and sizes.
        private var facts: Data {
            Data(20, 2) + Data(1 << 11, 2) + Data(0, 2) + Data(0, 2) + Data(0x21, 2)
                + Data(Int(checksum), 4) + Data(size, 4) + Data(size, 4) + Data(name.count, 2)
        }

        var localHeader: Data { Data(0x0403_4B50, 4) + facts + Data(0, 2) + name }

        /// No further fields, no comment, the first disk, no attributes.
        func directoryHeader(offset: Int) -> Data {
            Data(0x0201_4B50, 4) + Data(20, 2) + facts + Data(count: 12) + Data(offset, 4) + name
        }
    }
}

extension Data {
    /// A number in so many bytes, the lowest first.
    fileprivate init(_ number: Int, _ count: Int) {
        self.init((0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }
}
