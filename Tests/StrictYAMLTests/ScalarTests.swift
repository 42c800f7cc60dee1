import Foundation
import StrictYAML
import Testing

@Suite("Scalars")
struct ScalarTests {
    @Test(
        "Whole numbers may be written with a point or an exponent",
        arguments: [
            ("5", 5), ("+5", 5), ("-5", -5), ("007", 7), ("1e3", 1000), ("64.0", 64), ("1.5e1", 15),
            ("100e-2", 1), ("0e99", 0), ("-0.0", 0), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("9223372036854775807.0", Int.max),
        ])
    func integers(text: String, value: Int) throws {
        #expect(try document("a: \(text)").root.value("a", .integer()) == value)
    }

    @Test("A relative path starts from the current folder, and is recorded as an absolute one")
    func paths() throws {
        let here = FileManager.default.currentDirectoryPath
        for (path, expected) in [
            ("/a/b", "/a/b"), ("a/b.csv", "\(here)/a/b.csv"), ("./a", "\(here)/a"),
            ("../a", "\(here)/../a"), (".", here), ("/a/../b/", "/a/../b/"), ("''", ""),
        ] {
            let document = try document("a: \(path)")
            #expect(try document.root.value("a", .filePath) == expected)
            let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "again")
            #expect(try again.root.value("a", .filePath) == expected)
        }
        #expect(try document("a: ~").root.optional("a", .filePath) == nil)
        #expect(
            errorText("a: [b]") { _ = try $0.value("a", .filePath) }.contains(
                "'a' must be the path of a file or folder"))
    }

    @Test(
        "Anything else is no whole number",
        arguments: [
            "2.5", "1e-1", "0x10", "0o7", "1_000", "1:30", "e3", ".", "1e", "--1", "yes", "'5'",
            "9223372036854775808", "1e19", "1e99999999999999999999", "٣", "5 5", "",
        ])
    func notIntegers(text: String) throws {
        let root = try document("a: \(text)").root
        #expect(throws: ConfigurationError.self) { try root.value("a", .integer()) }
    }

    @Test("The error for a whole number names key, bounds and what was found")
    func integerErrors() {
        let integer = { (text: String, bounds: ClosedRange<Int>?) in
            errorText("a: \(text)") { root in
                if let bounds {
                    _ = try root.value("a", .integer(in: bounds))
                } else {
                    _ = try root.value("a", .integer(minimum: 1))
                }
            }
        }
        #expect(
            integer("0", nil) == "run.yaml:1:4: 'a' must be a whole number of at least 1, but is 0")
        #expect(
            integer("11", 1...10)
                == "run.yaml:1:4: 'a' must be a whole number from 1 to 10, but is 11")
        #expect(
            integer("2.5", 1...10)
                == "run.yaml:1:4: 'a' must be a whole number from 1 to 10, but is 2.5")
        #expect(integer("'3'", nil).hasSuffix("but is the text '3' in quotes"))
        #expect(integer("many", nil).hasSuffix("but is the text 'many'"))
        #expect(
            integer("99999999999999999999", nil).hasSuffix("99999999999999999999, beyond 64 bits"))
        #expect(integer("[1]", nil).hasSuffix("but is a list of 1"))
        #expect(integer("{b: 1}", nil).hasSuffix("but is a mapping of 1 key"))
        #expect(integer("", nil).hasSuffix("but is null"))
        #expect(integer("true", nil).hasSuffix("but is true"))
    }

    @Test(
        "Numbers are those of YAML 1.2",
        arguments: [
            ("1e-4", 1e-4), ("5e-05", 5e-05), (".5", 0.5), ("-.5", -0.5), ("5.", 5), ("3", 3),
            ("+1E+2", 100), ("0.1", 0.1), ("1e-400", 0),
            ("123456789012345678901234567890", 1.2345678901234568e29),
        ])
    func numbers(text: String, value: Double) throws {
        #expect(try document("a: \(text)").root.value("a", .number()) == value)
    }

    @Test(
        "Infinities and what is not a number are refused",
        arguments: [".inf", "-.INF", "+.inf", ".nan", ".NaN", "inf", "nan", "Infinity", "1e400"])
    func nonFinite(text: String) {
        let message = errorText("a: \(text)") { root in
            _ = try root.value("a", .number())
        }
        let found = text == "1e400" ? "1e400, beyond the largest number" : text
        #expect(message == "run.yaml:1:4: 'a' must be a finite number, but is \(found)")
    }

    @Test("The error for a number names its bounds")
    func numberErrors() {
        let text = { (read: (ConfigurationSection) throws -> Double) in
            errorText("a: -1") { root in _ = try read(root) }
        }
        #expect(
            text { root in try root.value("a", .number(greaterThan: 0)) }
                == "run.yaml:1:4: 'a' must be a finite number greater than 0, but is -1")
        #expect(
            text { root in try root.value("a", .number(minimum: 0.5)) }
                == "run.yaml:1:4: 'a' must be a finite number of at least 0.5, but is -1")
        #expect(
            text { root in try root.value("a", .number(in: 0...1)) }
                == "run.yaml:1:4: 'a' must be a finite number from 0 to 1, but is -1")
        #expect(
            text { root in try root.value("a", .number(in: 0..<1)) }
                == "run.yaml:1:4: 'a' must be a finite number from 0 up to but not 1, but is -1")
    }

    @Test("Bounds belong to their ranges or not, as said")
    func bounds() throws {
        let root = try document("zero: 0\none: 1").root
        #expect(try root.value("one", .number(in: 0...1)) == 1)
        #expect(throws: ConfigurationError.self) { try root.value("one", .number(in: 0..<1)) }
        #expect(throws: ConfigurationError.self) { try root.value("zero", .number(greaterThan: 0)) }
        #expect(try root.value("zero", .number(minimum: 0)) == 0)
        #expect(try root.value("one", .integer(in: 0...1)) == 1)
    }

    @Test("Only true and false are truth values")
    func booleans() throws {
        let root = try document("a: true\nb: false\nc: yes\nd: True\ne: 'true'").root
        #expect(try root.value("a", .boolean))
        #expect(try !root.value("b", .boolean))
        for key in ["d", "e"] {
            #expect(throws: ConfigurationError.self) { try root.value(key, .boolean) }
        }
        let error = #expect(throws: ConfigurationError.self) { try root.value("c", .boolean) }
        #expect(
            error?.description == "run.yaml:3:4: 'c' must be true or false, but is the text 'yes'")
    }

    @Test("Text is taken as written")
    func strings() throws {
        let root = try document("a: 1.10\nb: 'null'\nc: |\n  two\n  lines\nd: true\ne: ''\nf:").root
        #expect(try root.value("a", .text) == "1.10")
        #expect(try root.value("b", .text) == "null")
        #expect(try root.value("c", .text) == "two\nlines\n")
        #expect(try root.value("d", .text) == "true")
        #expect(try root.value("e", .text) == "")
        let error = #expect(throws: ConfigurationError.self) { try root.value("f", .text) }
        #expect(error?.description == "run.yaml:8:3: 'f' must be text, but is null")
    }

    @Test("Choices are names with a meaning, or the cases of an enumeration")
    func choices() throws {
        let root = try document("a: two\nb: exact\nc: three").root
        let numbers = ["one": 1, "two": 2]
        #expect(try root.choice("a", of: numbers) == 2)
        #expect(try root.choice("absent", of: numbers, default: "one") == 1)
        #expect(try root.value("b", .oneOf(Sample.Mode.self)) == .exact)
        #expect(try root.optional("b", .oneOf()) == Sample.Mode.exact)
        let error = #expect(throws: ConfigurationError.self) { try root.choice("c", of: numbers) }
        #expect(
            error?.description
                == "run.yaml:3:4: 'c' must be one of one, two, but is the text 'three'")
    }

    @Test("Lists of whole numbers are checked in every element and in their length")
    func lists() throws {
        let root = try document("a: [128, 7, 7]\nb: [1, x]\nc: []").root
        #expect(try root.value("a", .list(of: .integer(), count: 3)) == [128, 7, 7])
        #expect(try root.value("c", .list(of: .integer())) == [])
        #expect(try root.value("absent", .list(of: .integer()), default: [1]) == [1])
        #expect(try root.optional("none", .list(of: .integer())) == nil)
        #expect(throws: ConfigurationError.self) { try root.value("b", .list(of: .integer())) }
        #expect(throws: ConfigurationError.self) {
            try root.value("a", .list(of: .integer(minimum: 8)))
        }
        let error = #expect(throws: ConfigurationError.self) {
            try root.value("a", .list(of: .integer(minimum: 1), count: 2))
        }
        #expect(
            error?.description
                == "run.yaml:1:4: 'a' must be a list of 2 whole numbers of at least 1, "
                + "but is a list of 3")
    }

    @Test("An absent key has its default, or is nil, or is an error with the mapping's line")
    func absence() throws {
        let root = try document("x: 1\nsub:\n  y: ~").root
        #expect(try root.value("a", .integer(), default: 4) == 4)
        #expect(try root.optional("a", .integer()) == nil)
        #expect(try root.optional("x", .integer(in: 1...1)) == 1)
        #expect(try root.optional("a", .number(greaterThan: 0)) == nil)
        #expect(try root.optional("x", .number(in: 0...1)) == 1)
        #expect(try root.optional("x", .number(in: 0..<2)) == 1)
        #expect(try root.optional("x", .number(minimum: 0)) == 1)
        #expect(try root.optional("a", .boolean) == nil)
        let sub = try root.section("sub")
        #expect(try sub.optional("y", .text) == nil)
        #expect(throws: ConfigurationError.self) { try sub.value("y", .text, default: "z") }
        let error = #expect(throws: ConfigurationError.self) {
            try sub.value("z", .number(greaterThan: 0))
        }
        #expect(
            error?.description
                == "run.yaml:2:1: 'sub.z' is missing; give it a finite number greater than 0")
    }
}
