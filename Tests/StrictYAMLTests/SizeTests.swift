import StrictYAML
import Testing

@Suite("Sizes and lists of texts")
struct SizeTests {
    private func document(_ yaml: String) throws -> ConfigurationDocument {
        try ConfigurationDocument(yaml: yaml, file: "a.yaml")
    }

    @Test(
        "a size is one number for both sides or a list of two, and is resolved as short as can be",
        arguments: [
            ("size: 64\n", 64, 64, "size: 64\n"), ("size: [48, 64]\n", 48, 64, "size: [48, 64]\n"),
            ("size: [32, 32]\n", 32, 32, "size: 32\n"), ("other: 1\n", 16, 16, "size: 16\n"),
        ])
    func sizes(yaml: String, height: Int, width: Int, resolved: String) throws {
        let document = try document(yaml)
        let size = try document.root.value("size", .size(in: 1...100), default: (16, 16))
        #expect(size == (height, width))
        #expect(document.resolvedYAML == resolved)
    }

    @Test(
        "a size with another count, out of its range, or that is none is refused",
        arguments: ["0", "[1]", "[1, 2, 3]", "[1, 101]", "1.5", "'64'", "{height: 1}"])
    func wrongSizes(yaml: String) throws {
        let document = try document("size: \(yaml)\n")
        let error = try #require(throws: ConfigurationError.self) {
            try document.root.value("size", .size(in: 1...100))
        }
        #expect(
            error.description.hasPrefix(
                "a.yaml:1:7: 'size' must be a whole number from 1 to 100, or a list of two such: "
                    + "height and width, but is "))
    }

    @Test("texts are read as they were written, and quoted where they must be")
    func texts() throws {
        let document = try document("classes: [cats, '2', 'a: b']\nnone: null\n")
        #expect(try document.root.optional("classes", .list(of: .text)) == ["cats", "2", "a: b"])
        #expect(try document.root.optional("none", .list(of: .text)) == nil)
        #expect(try document.root.optional("absent", .list(of: .text)) == nil)
        #expect(document.resolvedYAML == "classes: [cats, \"2\", \"a: b\"]\nnone: null\n")
    }

    @Test("a list with something that is no text is refused", arguments: ["a", "[[a]]", "[null]"])
    func wrongTexts(yaml: String) throws {
        let document = try document("classes: \(yaml)\n")
        let error = try #require(throws: ConfigurationError.self) {
            try document.root.optional("classes", .list(of: .text))
        }
        #expect(
            error.description.hasPrefix("a.yaml:1:10: 'classes' must be a list of texts, but is "))
    }
}
