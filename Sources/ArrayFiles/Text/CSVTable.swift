import Files
package import Foundation

/// Numbers in a file of text, with a line of names above them or without.
///
/// The first line holds names where every field of it is a word and none is a number. Everything
/// else is a number in decimal digits, or an error that says where. Blank lines and lines that
/// begin with `#` are skipped. What separates fields is told by the first line of numbers, as in
/// ``TableText``.
package struct CSVTable {
    /// How many lines of numbers there are, at least one.
    package let rows: Int
    /// How many numbers a line has.
    package let columns: Int
    /// The numbers, row-major `[rows, columns]`: the finite doubles nearest to the text.
    package let values: [Double]

    /// The endings of such files.
    package static let endings: Set<String> = ["csv", "tsv", "txt"]

    /// Reads a table.
    ///
    /// - Throws: `FileFailure` for a file that cannot be read; ``CSVFailure`` for one that is too
    ///   long or holds something else than finite numbers, and for lines of different lengths.
    package init(contentsOf url: URL) throws {
        let (file, path) = (try ReadableFile(url), url.relativePath)
        guard file.count <= ArrayLimits.textBytes else {
            throw CSVFailure("\(path) is longer than 1 GiB; give a .npy file in its place")
        }
        let bytes = try file.bytes()
        guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
            throw CSVFailure("\(path) is in UTF-16; save it as UTF-8")
        }
        self = try bytes.withUnsafeBufferPointer { try CSVTable(TableText($0), path) }
    }

    private init(_ whole: TableText, _ path: String) throws {
        var text = whole
        let nothing = CSVFailure("\(path) holds no numbers; give at least one line of them")
        guard let first = text.nextLine() else { throw nothing }
        var reader = CSVRowReader(text: whole, path: path, separator: text.separator(of: first))
        do {
            try reader.append(first)
        } catch let failure as CSVFailure {
            let second = text.nextLine()
            reader = CSVRowReader(
                text: whole, path: path, separator: Self.separator(text, first, second))
            guard try reader.takeNames(first) else { throw failure }
            guard let second else { throw nothing }
            try reader.append(second)
        }
        while let line = text.nextLine() {
            try reader.append(line)
            guard reader.values.count <= ArrayLimits.doubles else {
                throw CSVFailure(
                    "\(path) holds more than \(ArrayLimits.doubles) numbers; give fewer lines")
            }
        }
        (rows, columns, values) = (reader.rows, reader.columns, reader.values)
    }

    /// What separates the fields of a line of names and of the numbers below it.
    private static func separator(
        _ text: TableText, _ names: TableText.Line, _ numbers: TableText.Line?
    ) -> TableText.Separator {
        let above = text.separator(of: names)
        guard let numbers else { return above }
        let found = text.separator(of: numbers)
        // One number below several names is too few; a name of several words is one name.
        return found == .none && above != .blanks ? above : found
    }
}

/// A file of text that holds no table of numbers.
package struct CSVFailure: Error, CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Gathers the numbers of a table's lines.
struct CSVRowReader {
    let text: TableText
    let path: String
    let separator: TableText.Separator
    private(set) var rows = 0
    private(set) var columns = 0
    private(set) var values: [Double] = []
    /// The line that says how many columns there are.
    private var firstLine = 0

    init(text: TableText, path: String, separator: TableText.Separator) {
        (self.text, self.path, self.separator) = (text, path, separator)
    }

    /// Adds a line of numbers.
    mutating func append(_ line: TableText.Line) throws {
        let bytes = text.bytes
        // Taken out of self, so that they have one owner and grow in place.
        var numbers: [Double] = []
        swap(&numbers, &values)
        let start = numbers.count
        try forEachField(of: line) { column, field in
            let number = DecimalNumber.parse(.init(rebasing: bytes[field]))
            guard let number, number.isFinite else {
                throw Self.failure(path, line, column, explanation(field, number))
            }
            numbers.append(number)
        }
        swap(&numbers, &values)
        try setColumns(values.count - start, line)
        rows += 1
        if rows == 1 {
            let lines = text.bytes.count / (line.bytes.count + 1) + 1
            values.reserveCapacity(min(lines * columns, text.bytes.count))
        }
    }

    /// Takes a line as that of names.
    ///
    /// - Returns: Whether every field is a name.
    mutating func takeNames(_ line: TableText.Line) throws -> Bool {
        var (count, areNames) = (0, true)
        do {
            try forEachField(of: line) { _, field in
                count += 1
                areNames =
                    areNames && Self.isName(String(decoding: text.bytes[field], as: UTF8.self))
            }
        } catch is CSVFailure { return false }
        if areNames { try setColumns(count, line) }
        return areNames
    }

    private mutating func setColumns(_ count: Int, _ line: TableText.Line) throws {
        if firstLine == 0 { (columns, firstLine) = (count, line.number) }
        guard count == columns else {
            throw CSVFailure(
                "\(path):\(line.number): the line has \(count) "
                    + "\(count == 1 ? "column" : "columns"), "
                    + "line \(firstLine) has \(columns); give every line as many")
        }
    }

    private func forEachField(
        of line: TableText.Line, _ body: (_ column: Int, Range<Int>) throws -> Void
    ) throws {
        var column = 0
        do {
            try text.forEachField(of: line, separator) { field in
                column += 1
                try body(column, field)
            }
        } catch let malformed as TableText.Malformed {
            throw Self.failure(
                path, line, malformed.column, "\(malformed.detail); quote whole fields or none")
        }
    }

    private static func failure(
        _ path: String, _ line: TableText.Line, _ column: Int, _ detail: String
    ) -> CSVFailure {
        CSVFailure("\(path):\(line.number): column \(column) \(detail)")
    }
}

extension CSVRowReader {
    /// Words that stand for numbers, so that no line of them is one of names.
    private static let words: Set<String> = [
        "nan", "inf", "infinity", "na", "n/a", "null", "none", "nil", "true", "false",
    ]

    /// Whether a text is a word as opposed to a number, an attempt at one, or nothing.
    static func isName(_ text: String) -> Bool {
        let start = text.drop { !$0.isLetter && !$0.isNumber }
        guard let first = start.first, first.isLetter else { return false }
        let end = start.lastIndex { $0.isLetter || $0.isNumber } ?? start.startIndex
        return !words.contains(start[...end].lowercased())
    }

    /// What is wrong with a field that is no finite number, and what to do.
    private func explanation(_ field: Range<Int>, _ number: Double?) -> String {
        let found = String(decoding: text.bytes[field], as: UTF8.self)
        if found.isEmpty { return "is empty; give a number in every field" }
        if number != nil { return "is \(found.quoted), beyond the largest double; rescale it" }
        let letters = found.filter { $0.isLetter }.lowercased()
        if ["nan", "inf", "infinity"].contains(letters) {
            return "is \(found.quoted), which is not finite; give ordinary numbers"
        }
        if found.contains(",") {
            return "is \(found.quoted), with a comma that separates no columns; "
                + "write decimals with a point"
        }
        if let first = found.unicodeScalars.first, first.properties.generalCategory != .control,
            !first.isASCII, found.dropFirst().first?.isNumber == true
        {
            return "is \(found.quoted), which begins with another character than '-'; "
                + "write minus as '-'"
        }
        return "is \(found.quoted), which is no decimal number; write it like -1.5 or 2e-3"
    }
}
