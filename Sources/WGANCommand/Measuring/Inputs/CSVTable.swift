import Foundation

/// Tables of numbers in files of comma-separated text, with a line of names or without.
enum CSVTable {
    /// The longest file that is read, in bytes.
    private static let largestSize = 1 << 30

    /// Reads a table as an array `[lines, numbers in a line]`.
    ///
    /// - Throws: ``CommandFailure`` for a file that cannot be read, is too long or holds something
    ///   else than numbers, and lines of different lengths.
    static func read(_ url: URL) throws -> SampleArray {
        let path = url.relativePath
        let size = try? url.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
        guard size?.isRegularFile == true, let length = size?.fileSize else {
            throw CommandFailure("Cannot read \(path): there is no such file; check the path")
        }
        guard length <= largestSize, let data = try? Data(contentsOf: url) else {
            throw CommandFailure(
                "\(path) cannot be read or is longer than 1 GiB; give a .npy file in its place")
        }
        var values: [Float] = []
        var columns = 0
        var rows = 0
        for (number, line) in data.split(separator: 10, omittingEmptySubsequences: false)
            .enumerated()
        where !line.isEmpty && line != Data([13]) {
            let fields = numbers(in: line)
            // The first line may hold the columns' names.
            guard let fields else {
                if rows == 0, number == 0 { continue }
                throw CommandFailure(
                    "\(path):\(number + 1): there is something else than numbers; give numbers "
                        + "with commas between them")
            }
            if rows == 0 { columns = fields.count }
            guard fields.count == columns else {
                throw CommandFailure(
                    "\(path):\(number + 1): the line has \(fields.count) numbers, the first one "
                        + "\(columns); give all lines as many")
            }
            values += fields
            rows += 1
        }
        guard rows > 0 else {
            throw CommandFailure("\(path) holds no numbers; give at least one line of them")
        }
        return SampleArray(shape: [rows, columns], values: values)
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
