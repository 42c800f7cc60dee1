import StrictYAML
import Testing

@Suite("Sections")
struct SectionTests {
    @Test("A key that nothing reads is an error with the nearest known key")
    func unknown() {
        let typo = "critic:\n  optimiser:\n    adam:\n      learningrate: 1e-4\n"
        #expect(
            sampleError("name: a\n" + typo + "  constraint: clipping\ngenerator: {layers: []}")
                == "run.yaml:5:7: unknown key 'critic.optimiser.adam.learningrate'; "
                + "did you mean 'learningRate'?")
    }

    @Test("An unknown key that is near to none lists the known ones")
    func unknownFar() {
        #expect(
            errorText("a: 1\nzebra: 2") { root in
                _ = try root.value("a", .integer())
                _ = try root.value("b", .integer(), default: 1)
                try root.finish()
            } == "run.yaml:2:1: unknown key 'zebra'; known here: a and b")
        #expect(
            errorText("sub: {a: 1}") { root in
                _ = try root.section("sub")
                try root.finish()
            } == "run.yaml:1:7: unknown key 'sub.a'; remove it, as there is nothing to set here")
    }

    @Test("Unknown keys are reported in the order of the file, also between sections")
    func order() {
        let message = errorText("sub: {bad: 1}\nworse: 2") { root in
            _ = try root.section("sub")
            try root.finish()
        }
        #expect(message.hasPrefix("run.yaml:1:7: unknown key 'sub.bad'"))
    }

    @Test("Asking whether a key is there does not make it known; reading null does")
    func presence() throws {
        let root = try document("a: 1\nb: ~").root
        #expect(root.has("a"))
        #expect(root.has("b"))
        #expect(!root.has("c"))
        #expect(!root.isNull("a"))
        #expect(root.isNull("b"))
        #expect(!root.isNull("c"))
        let error = #expect(throws: ConfigurationError.self) { try root.finish() }
        #expect(error?.message.hasPrefix("unknown key 'a'") == true)
    }

    @Test("A section may be required, all defaults, or nil")
    func sections() throws {
        let root = try document("empty:\nfull: {a: 1}\nwrong: 3").root
        #expect(try root.section("empty").value("a", .integer(), default: 2) == 2)
        #expect(
            try root.section("absent", isRequired: false).value("a", .integer(), default: 2) == 2)
        #expect(try root.optionalSection("none") == nil)
        #expect(try root.optionalSection("full")?.path == "full")
        #expect(try root.section("full") === root.section("full"))
        let missing = #expect(throws: ConfigurationError.self) { try root.section("missing") }
        #expect(
            missing?.description
                == "run.yaml:1:1: 'missing' is missing; give it a mapping of settings")
        let wrong = #expect(throws: ConfigurationError.self) { try root.section("wrong") }
        #expect(
            wrong?.description == "run.yaml:3:8: 'wrong' must be a mapping of settings, but is 3")
    }

    @Test("A kind is a bare name or one name with settings")
    func tagged() throws {
        let yaml = "a: relu\nb: {adam: {beta1: 0.5}}\nc: {adam: }\nd: {x: 1, y: 2}\ne: ~\nf: [1]"
        let root = try document(yaml).root
        #expect(try root.tagged("a").kind == "relu")
        let adam = try root.tagged("b")
        #expect(adam.kind == "adam")
        #expect(adam.section.path == "b.adam")
        #expect(try adam.section.value("beta1", .number()) == 0.5)
        #expect(try root.tagged("c").section.value("beta1", .number(), default: 0.9) == 0.9)
        #expect(try root.tagged("absent", default: "sgd").kind == "sgd")
        let two = #expect(throws: ConfigurationError.self) { try root.tagged("d") }
        #expect(
            two?.description
                == "run.yaml:4:4: 'd' must be a name, or one name with its settings, "
                + "but is a mapping of 2 keys")
        let missing = #expect(throws: ConfigurationError.self) { try root.tagged("missing") }
        #expect(
            missing?.description
                == "run.yaml:1:1: 'missing' is missing; give it a name, or one name with its "
                + "settings")
        #expect(throws: ConfigurationError.self) { try root.tagged("f") }
    }

    @Test("An unknown kind is an error with the nearest one, or with all")
    func unknownKind() {
        #expect(
            sampleError(Sample.yaml.replacing("constraint: clipping", with: "constraint: cliping"))
                == "run.yaml:11:15: unknown kind 'cliping' for 'critic.constraint'; "
                + "did you mean 'clipping'?")
        #expect(
            sampleError(Sample.yaml.replacing("- relu", with: "- zebra: 3"))
                == "run.yaml:15:7: unknown kind 'zebra' for 'generator.layers.1'; "
                + "known kinds: linear, relu and reshape")
    }

    @Test("A list of kinds is required, and a list")
    func taggedList() throws {
        let root = try document("a: 3\nb: [relu, ~]").root
        let wrong = #expect(throws: ConfigurationError.self) { try root.taggedList("a") }
        #expect(
            wrong?.description
                == "run.yaml:1:4: 'a' must be a list of names, each alone or with its settings, "
                + "but is 3")
        let null = #expect(throws: ConfigurationError.self) { try root.taggedList("b") }
        #expect(
            null?.description
                == "run.yaml:2:11: 'b.1' must be a name, or one name with its settings, "
                + "but is null")
        let missing = #expect(throws: ConfigurationError.self) { try root.taggedList("c") }
        #expect(
            missing?.description
                == "run.yaml:1:1: 'c' is missing; give it a list of names, each alone or with its "
                + "settings")
    }

    @Test("A shorthand is the value of the key that claims it")
    func shorthand() throws {
        let section = try document("a: {linear: 100}").root.tagged("a").section
        section.shorthand(for: "outputs")
        #expect(section.has("outputs"))
        #expect(try section.value("outputs", .integer()) == 100)
        try section.finish()
    }

    @Test("A shorthand of a wrong type is reported as the key's")
    func wrongShorthand() {
        #expect(
            sampleError(Sample.yaml.replacing("linear: 100", with: "linear: many"))
                == "run.yaml:14:15: 'generator.layers.0.linear.outputs' must be a whole number of "
                + "at least 1, but is the text 'many'")
    }

    @Test("A shorthand that no key claims is an error, with and without keys")
    func unclaimedShorthand() throws {
        #expect(
            sampleError(Sample.yaml.replacing("- relu", with: "- relu: 3"))
                == "run.yaml:15:13: 'generator.layers.1.relu' must be a mapping of settings, "
                + "but is 3")
        let section = try document("a: {b: 3}").root.tagged("a").section
        #expect(throws: ConfigurationError.self) { try section.value("c", .integer(), default: 1) }
    }

    @Test("Rules between keys are reported at the key")
    func invalid() throws {
        let root = try document("a: 7").root
        #expect(root.invalid("a", "is odd").description == "run.yaml:1:4: 'a' is odd")
        #expect(root.invalid("b", "is odd").description == "run.yaml:1:1: 'b' is odd")
    }

    private func sampleError(_ yaml: String) -> String {
        do throws(ConfigurationError) {
            _ = try Sample(document(yaml))
            return "no error"
        } catch {
            return error.description
        }
    }
}
