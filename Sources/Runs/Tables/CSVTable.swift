package import Foundation

/// Numbers in a file of comma-separated text, with a line of names or without.
package struct CSVTable {
    /// How many lines of numbers there are, at least one.
    package let rows: Int
    /// How many numbers a line has.
    package let columns: Int
    /// The numbers, row-major `[rows, columns]`.
    package let values: [Float]

    /// The longest file that is read, in bytes.
    private static let largestSize = 1 << 30

    /// Reads a table.
    ///
    /// - Throws: ``CSVFailure`` for a file that cannot be read, is too long or holds something
    ///   else than numbers, and lines of different lengths.
    package init(contentsOf url: URL) throws(CSVFailure) {
        let path = url.relativePath
        let size = try? url.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
        guard size?.isRegularFile == true, let length = size?.fileSize else {
            throw CSVFailure("Cannot read \(path): there is no such file; check the path")
        }
        guard length <= Self.largestSize, let data = try? Data(contentsOf: url) else {
            throw CSVFailure(
                "\(path) cannot be read or is longer than 1 GiB; give a .npy file in its place")
        }
        var (values, rows, columns): ([Float], Int, Int) = ([], 0, 0)
        for (number, line) in data.split(separator: 10, omittingEmptySubsequences: false)
            .enumerated()
        where !line.isEmpty && line != Data([13]) {
            guard let fields = Self.numbers(in: line) else {
                // The first line may hold the columns' names.
                if rows == 0, number == 0 { continue }
                throw CSVFailure(
                    "\(path):\(number + 1): there is something else than numbers; give numbers "
                        + "with commas between them")
            }
            if rows == 0 { columns = fields.count }
            guard fields.count == columns else {
                throw CSVFailure(
                    "\(path):\(number + 1): the line has \(fields.count) numbers, the first one "
                        + "\(columns); give all lines as many")
            }
            values += fields
            rows += 1
        }
        guard rows > 0 else {
            throw CSVFailure("\(path) holds no numbers; give at least one line of them")
        }
        (self.values, self.rows, self.columns) = (values, rows, columns)
    }

    private static func numbers(in line: Data) -> [Float]? {
        var result: [Float] = []
        for field in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let text = String(decoding: field, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard let number = Float(text) else { return nil }
            result.append(number)
        }
        return result
    }
}

/// A file of comma-separated text that holds no table of numbers.
package struct CSVFailure: Error, CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}
