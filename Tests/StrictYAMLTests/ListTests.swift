import StrictYAML
import Testing

@Suite("Lists and keys that exclude each other")
struct ListTests {
    private func document(_ yaml: String) throws -> ConfigurationDocument {
        try ConfigurationDocument(yaml: yaml, file: "a.yaml")
    }

    @Test("a list of numbers is read and resolved on one line")
    func numbers() throws {
        let document = try document("mean: [0, -1.5, 1e-3]\n")
        #expect(try document.root.value("mean", .list(of: .number(), count: 3)) == [0, -1.5, 1e-3])
        #expect(document.resolvedYAML == "mean: [0.0, -1.5, 0.001]\n")
    }

    @Test(
        "a list with another count, or with something that is no number, is refused",
        arguments: ["[1]", "[1, x]", "[1, .nan]", "1", "[1, '2']"])
    func wrongNumbers(yaml: String) throws {
        let document = try document("mean: \(yaml)\n")
        let error = try #require(throws: ConfigurationError.self) {
            try document.root.value("mean", .list(of: .number(), count: 2))
        }
        #expect(
            error.description.hasPrefix("a.yaml:1:7: 'mean' must be a list of 2 finite numbers"))
    }

    @Test("the mappings of a list are read one by one, and resolved as they were")
    func sections() throws {
        let document = try document("parts:\n- size: 1\n- size: 2\n  name: b\n")
        let parts = try document.root.sections("parts")
        #expect(try parts.map { try $0.value("size", .integer()) } == [1, 2])
        #expect(try parts.map { try $0.value("name", .text, default: "a") } == ["a", "b"])
        try document.finish()
        #expect(
            document.resolvedYAML
                == "parts:\n- size: 1\n  name: a\n- size: 2\n  name: b\n")
    }

    @Test("an unread key of a listed mapping is refused with its index")
    func unknownKeyInList() throws {
        let document = try document("parts:\n- size: 1\n- sise: 2\n")
        for part in try document.root.sections("parts") {
            _ = try part.value("size", .integer(), default: 0)
        }
        let error = try #require(throws: ConfigurationError.self) { try document.finish() }
        #expect(
            error.description == "a.yaml:3:3: unknown key 'parts.1.sise'; did you mean 'size'?")
    }

    @Test("an element of a list of mappings that is none is refused")
    func noMapping() throws {
        let document = try document("parts: [3]\n")
        let error = try #require(throws: ConfigurationError.self) {
            try document.root.sections("parts")
        }
        #expect(
            error.description
                == "a.yaml:1:9: 'parts.0' must be a mapping of settings, but is 3")
    }

    @Test("of two keys that exclude each other an override replaces the file's")
    func overriddenAlternative() throws {
        let document = try document("epochs: 3\n")
        try document.set("steps=10")
        #expect(try document.root.onlyOne(of: ["steps", "epochs"]) == "steps")
        #expect(try document.root.value("steps", .integer()) == 10)
        try document.finish()
        #expect(document.resolvedYAML == "steps: 10\n")
    }

    @Test("two such keys in one file, and none of them, are errors")
    func badAlternatives() throws {
        let both = try document("steps: 1\nepochs: 3\n")
        let conflict = try #require(throws: ConfigurationError.self) {
            try both.root.onlyOne(of: ["steps", "epochs"])
        }
        #expect(
            conflict.description
                == "a.yaml:2:1: 'steps' and 'epochs' exclude each other; keep one of them")
        let none = try document("seed: 1\nsteps: null\n")
        let missing = try #require(throws: ConfigurationError.self) {
            try none.root.onlyOne(of: ["steps", "epochs"])
        }
        #expect(
            missing.description
                == "a.yaml:1:1: none of 'steps' and 'epochs' is given; give one of them")
    }
}
