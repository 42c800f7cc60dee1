import Files
import Testing

@Suite("Tables of text")
struct TextTableTests {
    private let rows = [["a", "1", "x"], ["bcd", "-20", "yz"]]

    @Test("have columns as wide as their longest cells, two blanks apart")
    func widths() {
        #expect(TextTable(rows: rows).lines == ["a    1    x", "bcd  -20  yz"])
    }

    @Test("line up where columns begin or end; those after the last one named are as that one")
    func alignments() {
        #expect(TextTable(.trailing, rows: rows).lines == ["  a    1   x", "bcd  -20  yz"])
        #expect(
            TextTable(.leading, .trailing, rows: rows).lines == ["a      1   x", "bcd  -20  yz"])
        #expect(
            TextTable(.leading, .trailing, .leading, rows: rows).lines
                == ["a      1  x", "bcd  -20  yz"])
    }

    @Test("have a heading whose cells count for the widths")
    func heading() {
        let table = TextTable(.leading, .trailing, heading: ["name", "n"], rows: [["a", "12"]])
        #expect(table.description == "name   n\na     12")
        #expect(TextTable(heading: ["name", "n"], rows: []).lines == ["name  n"])
        #expect(TextTable(rows: []).lines.isEmpty && TextTable(rows: []).description.isEmpty)
    }

    @Test("have columns that are never narrower than they were asked to be")
    func leastWidths() {
        let table = { (cell: String) in
            TextTable(.leading(atLeast: 3), .trailing(atLeast: 2), rows: [[cell, "1"]]).lines
        }
        #expect(table("a") == ["a     1"] && table("abcd") == ["abcd   1"])
    }

    @Test("count characters, whatever they are made of")
    func characters() {
        // The second letter is an e and an accent, the third of four bytes.
        let table = TextTable(rows: [["ae\u{301}👍", "1"], ["abcd", "2"]])
        #expect(table.lines == ["ae\u{301}👍   1", "abcd  2"])
    }

    @Test("have no blanks at the ends of lines, nor cells where a row has none")
    func ends() {
        #expect(
            TextTable(rows: [["a", "long", ""], ["b", "c"], ["d"], []]).lines
                == ["a  long", "b  c", "d", ""])
    }
}
