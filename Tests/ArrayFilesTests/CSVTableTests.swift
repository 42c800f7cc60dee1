import FileTestSupport
import Files
import Foundation
import Testing

@testable import ArrayFiles

@Suite("Tables of numbers in text")
struct CSVTableTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func table(_ data: Data) throws -> CSVTable {
        let url = folder.file("p.csv")
        try data.write(to: url)
        return try CSVTable(contentsOf: url)
    }

    private func table(_ text: String) throws -> CSVTable { try table(Data(text.utf8)) }

    @Test(
        "Programs' ways of writing the same table are read alike",
        arguments: [
            "1,2\n3,4\n", "1,2\n3,4", "\u{FEFF}1,2\n3,4\n", "1,2\r\n3,4\r\n", "1,2\r3,4\r",
            "x,y\n1,2\n3,4\n", "\u{FEFF}x,y\r\n1,2\r\n3,4\r\n", "\n\n1,2\n  \n\n3,4\n\n",
            "1\t2\n3\t4\n", "x\ty\n1\t2\n3\t4\n", "x, m\ty, m\n1\t2\n3\t4\n", "1;2\n3;4\n",
            "x;y\r\n1;2\r\n3;4\r\n", "1 2\n3 4\n", "  1   2\n 3\t4  \n", "# x y\n1 2\n3 4\n",
            " 1 ,\t2\n3 , 4 \n", "\"1\",\"2\"\n\"3\",\"4\"\n", " \"1\" , \"2\" \n3,4\n",
            "\"x, m\",\"the \"\"y\"\"\"\n1,2\n3,4\n", "\"x\nin m\",y\n1,2\n3,4\n",
            "\"x \"\"in\"\" m,\r\nwide\",y\n1,2\n3,4\n",
            "# 5,6\n1,2\n# in between\n3,4\n", "x 1,x 2\n1,2\n3,4\n", "µ,é\n1,2\n3,4\n",
            "+1,2.\n3e0,.4E+1\n", "01,2.000\n30e-1,0.04e2\n",
        ])
    func alike(_ text: String) throws {
        let table = try table(text)
        #expect((table.rows, table.columns) == (2, 2))
        #expect(table.values == [1, 2, 3, 4])
    }

    @Test("One column may have a name of several words, and needs no separator")
    func oneColumn() throws {
        for text in ["1\n2\n", "my value\n1\n2\n", "x 1\n1\n2\n", "\"a, b\"\n1\n2"] {
            let table = try table(text)
            #expect((table.rows, table.columns) == (2, 1), "\(text)")
            #expect(table.values == [1, 2], "\(text)")
        }
    }

    static let faults: [(String, String)] = [
        ("1,,3\n4,5,6\n", "p.csv:1: column 2 is empty"),
        ("1,2,\n3,4,\n", "p.csv:1: column 3 is empty"),
        (",x,y\n0,1,2\n", "p.csv:1: column 1 is empty"),
        ("1\t\t3\n", "p.csv:1: column 2 is empty"),
        ("1;2\n;4\n", "p.csv:2: column 1 is empty"),
        ("1,\"\"\n", "p.csv:1: column 2 is empty"),
        ("−1,2\n3,4\n", "p.csv:1: column 1 is '−1'"),
        ("−1\n2\n", "p.csv:1: column 1 is '−1'"),
        ("1,2\n3,–4\n", "p.csv:2: column 2 is '–4', which begins with another character than '-'"),
        ("0,O\n1,2\n", "p.csv:1: column 2 is 'O'"),
        ("O 1\n2 3\n", "p.csv:1: column 1 is 'O'"),
        ("0x10\n1\n", "p.csv:1: column 1 is '0x10'"),
        ("0x10,0x20\n1,2\n", "p.csv:1: column 1 is '0x10'"),
        ("1e\n2\n", "p.csv:1: column 1 is '1e'"),
        ("1,2\n1e+,2\n", "p.csv:2: column 1 is '1e+'"),
        ("1_000,2\n", "column 1 is '1_000'"), ("1d5,2\n", "column 1 is '1d5'"),
        ("½,1\n", "column 1 is '½'"), ("１,２\n", "column 1 is '１'"),
        ("1 000,2\n", "column 1 is '1 000'"), ("5%,2\n", "column 1 is '5%'"),
        ("$5,$6\n1,2\n", "column 1 is '$5'"), ("--1,2\n", "column 1 is '--1'"),
        ("nan,inf\n1,2\n", "p.csv:1: column 1 is 'nan', which is not finite"),
        ("1,2\n3,-Infinity\n", "p.csv:2: column 2 is '-Infinity', which is not finite"),
        ("NA,n/a\n1,2\n", "p.csv:1: column 1 is 'NA'"),
        ("null\n1\n", "p.csv:1: column 1 is 'null'"), ("#N/A,1\n2,3\n", "column 1 is '#N/A'"),
        ("1,2\n#DIV/0!,2\n", "p.csv:2: column 1 is '#DIV/0!'"),
        ("1,2\n1e999,2\n", "p.csv:2: column 1 is '1e999', beyond the largest double"),
        ("1,5;2,0\n", "p.csv:1: column 1 is '1,5', with a comma that separates no columns"),
        ("1\n1,2\n", "p.csv:2: column 1 is '1,2', with a comma"),
        ("1,2\n3\n", "p.csv:2: the line has 1 column, line 1 has 2"),
        ("x,y\n1,2\n3,4,5\n", "p.csv:3: the line has 3 columns, line 1 has 2"),
        ("x,y\n1,2,3\n", "p.csv:2: the line has 3 columns, line 1 has 2"),
        ("\n# a\nx,y\n\n1\n", "p.csv:5: the line has 1 column, line 3 has 2"),
        ("x,y\na,b\n1,2\n", "p.csv:2: column 1 is 'a'"),
        ("1,2\nx,y\n", "p.csv:2: column 1 is 'x'"), ("x,2\n3,4\n", "p.csv:1: column 1 is 'x'"),
        ("1,2\n3,4 # five\n", "p.csv:2: column 2 is '4 # five'"),
        ("1,\"2\n3,4\n", "p.csv:1: column 2 begins with a quote that has no end"),
        ("\"1\"x,2\n", "p.csv:1: column 1 goes on after its closing quote"),
        ("\"x\ny\",z\n1,2\n3,a\n", "p.csv:4: column 2 is 'a'"),
        ("x,y\n", "holds no numbers"), ("", "holds no numbers"), ("\n \n# a\n", "holds no numbers"),
    ]

    @Test("What is no number is refused with its line and column", arguments: faults)
    func refused(_ text: String, _ message: String) {
        let error = #expect(throws: CSVFailure.self, "\(text)") { try table(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("Text of 16 bits and control characters are refused by name")
    func otherEncodings() {
        for (data, message) in [
            (Data([0xFF, 0xFE, 0x31, 0, 0x0A, 0]), "is in UTF-16"),
            (Data([0xFE, 0xFF, 0, 0x31]), "is in UTF-16"),
            (Data("1,\u{1B}[31m".utf8), "column 2 is '\\u{1B}[31m'"),
            (Data([0x31, 0x2C, 0xC3, 0x28]), "column 2 is '\u{FFFD}('"),
        ] {
            let error = #expect(throws: CSVFailure.self) { try table(data) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test("A missing file and a folder are named")
    func missing() {
        #expect(throws: FileFailure.self) { try CSVTable(contentsOf: folder.file("absent.csv")) }
        #expect(throws: FileFailure.self) {
            try CSVTable(contentsOf: folder.file("absent.csv").deletingLastPathComponent())
        }
    }

    @Test("What the library writes is read with the same bits")
    func roundTrip() throws {
        let rows = [[0.1, -0.0, 1e22], [.pi, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]]
        let data = try CSV.encode(header: ["a", "b,c", "nan \"d\""], rows: rows)
        #expect(try table(data).values.map(\.bitPattern) == rows.joined().map(\.bitPattern))
    }
}

@Suite("Decimal numbers")
struct DecimalNumberTests {
    private func parsed(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.parse($0) }
    }

    @Test("Random numbers in many forms become the nearest double")
    func random() {
        var random = SplitMix(state: 9)
        for _ in 0..<20_000 {
            let any = Double(bitPattern: random.next())
            let small = Double(Int64(bitPattern: random.next())) / 0x1p62
            let whole = random.next() >> (random.next() % 60)
            let exponent = Int(random.next() % 120) - 60
            for text in [
                any.isFinite ? "\(any)" : "0", "\(small)", String(format: "%.18e", small),
                String(format: "%.25f", small), String(format: "%.6f", small), "\(whole)",
                "\(whole)e\(exponent)", "-\(whole).\(whole)e\(exponent)",
            ] {
                #expect(parsed(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
            }
        }
    }

    @Test("Numbers in the middle between two doubles and at the ends of their range are rounded")
    func hard() {
        for text in [
            "9007199254740993", "9007199254740995", "9007199254740993.0000000000000000000001",
            "9007199254740992.9999999999999999999999", "900719925474099300000e-5", "8.5e22", "1e23",
            "2.2250738585072011e-308", "5e-324", "2.4703282292062327e-324",
            "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623159e308",
            "1e400", "1e-400", "0e99999999999999999999", "1e-99999999999999999999",
            "1e99999999999999999999", "-0", "0.000", "00000000000000000000000000017",
            "0.00000000000000000000000000000000000000000000000000000000001e59",
            "123456789012345678901234567890e-30", "1.00000000000000011102230246251565404",
        ] {
            #expect(parsed(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    @Test("Other text is no number", arguments: ["", "-", ".", "e5", "1e", "1e+", "1 ", "1.2.3"])
    func others(_ text: String) {
        #expect(parsed(text) == nil)
    }
}
