import StrictYAML
import Testing

@Suite("Documents")
struct DocumentTests {
    @Test("A sample with every kind of value is read")
    func sample() throws {
        let sample = try Sample(document(Sample.yaml))
        #expect(sample.name == "grid: 25")
        #expect(sample.seed == 7)
        #expect(sample.mode == .exact)
        #expect(sample.data == "mnist")
        #expect(sample.clip == 0.5)
        #expect(sample.optimiser == "adam 0.0001 0.5 false")
        #expect(sample.constraint == "clipping 0.01")
        #expect(
            sample.layers == ["linear 100 true", "relu", "reshape [128, 7, 7]", "linear 1000 true"])
        #expect(sample.note == nil)
    }

    @Test(
        "An empty document is an error", arguments: ["", "\n", "# only a comment\n", "---\n", "~"])
    func empty(yaml: String) {
        #expect(
            errorText(yaml)
                == "run.yaml:1:1: the document is empty; write at least one 'key: value' line")
    }

    @Test("A root that is no mapping is an error")
    func root() {
        #expect(
            errorText("- 1\n- 2\n")
                == "run.yaml:1:1: the document must be a mapping, but is a list of 2; "
                + "write 'key: value' lines")
        #expect(
            errorText("# c\n hello\n").hasPrefix("run.yaml:2:2: the document must be a mapping"))
    }

    @Test("A repeated key is an error, however it is quoted")
    func duplicates() {
        #expect(
            errorText("a: 1\nb:\n  c: 1\n  'c': 2\n")
                == "run.yaml:3:3: the key 'c' is given more than once in the same mapping; keep one"
        )
    }

    @Test("A second document is an error")
    func documents() {
        #expect(
            errorText("a: 1\n---\nb: 2\n")
                == "run.yaml:2:1: a second document starts here; keep one document in a file")
    }

    @Test("Aliases are refused before they are expanded, with an anchor and without")
    func aliases() {
        let message =
            "aliases are not supported; write the value out, or put text that starts with '*' "
            + "in quotes"
        #expect(errorText("a: &x [1]\nb: {c: *x}\n") == "run.yaml:2:8: \(message)")
        #expect(errorText("a: *x\n") == "run.yaml:1:4: \(message)")
        let names = "abcdefghijklmnopqrstuvwxyz".map { "*\($0)" }.joined(separator: " ")
        #expect(errorText("# \(names)\na: &b 1\nb: *b\n") == "run.yaml:1:6: \(message)")
    }

    @Test("Anchors that nothing refers to, and stars in text, are harmless")
    func stars() throws {
        let root = try document("a: &x 1\nb: '*x'\nc: 2*3 & 4 # *x\nd: '&x'\n").root
        #expect(try root.value("a", .integer()) == 1)
        #expect(try root.value("b", .text) == "*x")
        #expect(try root.value("c", .text) == "2*3 & 4")
        #expect(try root.value("d", .text) == "&x")
    }

    @Test("Nested aliases that stand for billions of values are refused")
    func billions() {
        var yaml = "a0: &a0 [1, 1]\n"
        for level in 1...40 {
            yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(errorText(yaml).hasPrefix("run.yaml:2:10: aliases are not supported"))
        #expect(errorText(yaml + "? *a40\n: 1\n").hasPrefix("run.yaml:2:10: aliases are not"))
    }

    @Test("A tag is refused")
    func tags() {
        #expect(
            errorText("a: !!float 3\n")
                == "run.yaml:1:4: the tag 'tag:yaml.org,2002:float' is not supported; remove it")
        #expect(errorText("!x a: 3\n").contains("the tag '!x' is not supported"))
        #expect(errorText("a: !l [3]\n").contains("the tag '!l' is not supported"))
    }

    @Test("A key that is a list or a mapping is an error")
    func keys() {
        #expect(
            errorText("a:\n  ? [1, 2]\n  : 3\n")
                == "run.yaml:2:5: a key is a list or a mapping; "
                + "write 'key: value' with a plain word")
    }

    @Test("A syntax error names its place and what it interrupts")
    func syntax() {
        #expect(
            errorText("a: 1\nb: [1, 2\nc: 3\n")
                == "run.yaml:3:2: not valid YAML (did not find expected ',' or ']' while parsing "
                + "a flow sequence that starts at line 2); check indentation, colons, brackets "
                + "and quotes there")
        #expect(
            errorText("a:\n\tb: 1\n").hasPrefix("run.yaml:2:1: not valid YAML (found character"))
    }

    @Test("An error says place and message, and keeps them apart for programs")
    func error() throws {
        let error = try #require(throws: ConfigurationError.self) { try document("- 1") }
        #expect(error.location == .position(file: "run.yaml", line: 1, column: 1))
        #expect(error.message.hasPrefix("the document must be"))
        #expect(ConfigurationLocation.file("x").description == "x")
        #expect(error == ConfigurationError(location: error.location, message: error.message))
    }
}
