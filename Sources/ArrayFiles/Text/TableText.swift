/// The lines and fields of a table of text, quoted as RFC 4180 says.
///
/// Lines end in a line feed, a carriage return or both. A line is split at semicolons where it has
/// any outside of quotes, else at commas, else at tabs, else at runs of blanks.
struct TableText {
    /// What stands between fields.
    enum Separator: Equatable {
        case byte(UInt8)
        /// Runs of blanks.
        case blanks
        /// Nothing: a line is one field.
        case none
    }

    /// A line that holds something, without its end.
    struct Line {
        /// Counted from 1.
        let number: Int
        let bytes: Range<Int>
    }

    /// Why a line cannot be split, as a clause about a field.
    struct Malformed: Error {
        /// Counted from 1.
        let column: Int
        let detail: String
    }

    let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var number = 0

    private static let (tab, lineFeed, carriageReturn): (UInt8, UInt8, UInt8) = (9, 10, 13)
    private static let (blank, quote): (UInt8, UInt8) = (0x20, 0x22)

    /// The text of `bytes` without the mark of UTF-8 that some programs put first.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next line that is neither blank nor a comment; nil at the end.
    mutating func nextLine() -> Line? {
        while position < bytes.count {
            number += 1
            let line = Line(number: number, bytes: position..<endOfLine())
            position = line.bytes.upperBound
            if position < bytes.count { position += isPairOfEnds(at: position) ? 2 : 1 }
            guard let first = line.bytes.first(where: { !Self.isBlank(bytes[$0]) }) else {
                continue
            }
            if bytes[first] != UInt8(ascii: "#") || isSpreadsheetError(line, from: first) {
                return line
            }
        }
        return nil
    }

    /// Where the line ends that begins at the position; ends of lines within quotes are counted.
    private mutating func endOfLine() -> Int {
        var (isQuoted, mayOpen) = (false, true)
        var place = position
        while place < bytes.count {
            let byte = bytes[place]
            if byte &- 0x2D < 14 {
                // Digits, points and signs, which are most of all.
                mayOpen = false
            } else if byte == Self.quote {
                if isQuoted || mayOpen {
                    isQuoted.toggle()
                    // A quote beside a closing one stands for a quote, and nothing is closed.
                    mayOpen = true
                }
            } else if byte == Self.lineFeed || byte == Self.carriageReturn {
                guard isQuoted else { return place }
                if !isPairOfEnds(at: place) { number += 1 }
            } else if byte != Self.blank {
                mayOpen = byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == Self.tab
            }
            place += 1
        }
        return place
    }

    private func isPairOfEnds(at place: Int) -> Bool {
        bytes[place] == Self.carriageReturn && place + 1 < bytes.count
            && bytes[place + 1] == Self.lineFeed
    }

    /// Whether a line begins with a field such as `#N/A` or `#DIV/0!`, which is no comment.
    private func isSpreadsheetError(_ line: Line, from first: Int) -> Bool {
        let word = bytes[first..<line.bytes.upperBound].prefix(12).prefix {
            !Self.isBlank($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";")
        }
        return word.elementsEqual("#N/A".utf8)
            || (word.count > 2 && (word.last == 0x21 || word.last == 0x3F))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == blank || byte == tab }

    /// What separates the fields of a line.
    func separator(of line: Line) -> Separator {
        let found = unquoted(line.bytes)
        for byte in [UInt8(ascii: ";"), UInt8(ascii: ","), Self.tab] where found.contains(byte) {
            return .byte(byte)
        }
        return found.drop { $0 == Self.blank }.split(separator: Self.blank).count > 1
            ? .blanks : .none
    }

    private func unquoted(_ range: Range<Int>) -> [UInt8] {
        var isQuoted = false
        return bytes[range].filter { byte in
            if byte == Self.quote { isQuoted.toggle() }
            return !isQuoted
        }
    }
}

extension TableText {
    /// Passes on the fields of a line, without quotes and the blanks around them.
    ///
    /// - Throws: ``Malformed`` for quotes without an end or text beside them; what `body` throws.
    func forEachField(
        of line: Line, _ separator: Separator, _ body: (Range<Int>) throws -> Void
    ) throws {
        let end = line.bytes.upperBound
        var (place, column) = (line.bytes.lowerBound, 0)
        repeat {
            column += 1
            skipBlanks(&place, end, separator)
            let field = try content(from: &place, to: end, separator, column)
            try body(field)
            if separator == .blanks { skipBlanks(&place, end, separator) } else { place += 1 }
            // A separator at the end is followed by one more field, an empty one.
        } while separator == .blanks ? place < end : place <= end
    }

    /// The field that begins at a place, which is moved to the separator after it.
    private func content(
        from place: inout Int, to end: Int, _ separator: Separator, _ column: Int
    ) throws -> Range<Int> {
        if place < end, bytes[place] == Self.quote {
            return try quotedContent(from: &place, to: end, separator, column)
        }
        let start = place
        switch separator {
        case .byte(let separator): while place < end, bytes[place] != separator { place += 1 }
        case .blanks: while place < end, !Self.isBlank(bytes[place]) { place += 1 }
        case .none: place = end
        }
        var last = place
        while last > start, Self.isBlank(bytes[last - 1]) { last -= 1 }
        return start..<last
    }

    private func quotedContent(
        from place: inout Int, to end: Int, _ separator: Separator, _ column: Int
    ) throws -> Range<Int> {
        let start = place + 1
        place = start
        // A doubled quote stands for one quote.
        while place < end,
            bytes[place] != Self.quote || (place + 1 < end && bytes[place + 1] == Self.quote)
        {
            place += bytes[place] == Self.quote ? 2 : 1
        }
        guard place < end else {
            throw Malformed(column: column, detail: "begins with a quote that has no end")
        }
        let content = start..<place
        place += 1
        if separator != .blanks { skipBlanks(&place, end, separator) }
        let isAtEnd =
            switch separator {
            case .byte(let separator): place == end || bytes[place] == separator
            case .blanks: place == end || Self.isBlank(bytes[place])
            case .none: place == end
            }
        guard isAtEnd else {
            throw Malformed(column: column, detail: "goes on after its closing quote")
        }
        return content
    }

    private func skipBlanks(_ place: inout Int, _ end: Int, _ separator: Separator) {
        while place < end, Self.isBlank(bytes[place]), separator != .byte(bytes[place]) {
            place += 1
        }
    }
}
