import StrictYAML
import Testing

@Suite("Overrides")
struct OverrideTests {
    private func sample(_ overrides: String...) throws -> Sample {
        let document = try document(Sample.yaml)
        for override in overrides { try document.set(override) }
        return try Sample(document)
    }

    @Test("An override replaces, adds, and takes text with an equals sign")
    func plain() throws {
        #expect(try sample("seed=8").seed == 8)
        #expect(try sample(" seed = 8 ").seed == 8)
        #expect(try sample("name=a=b").name == "a=b")
        #expect(try sample("name='x # y'").name == "x # y")
        #expect(try sample("name=\"\"").name == "")
        #expect(try sample("note=hello", "note=null").note == nil)
        #expect(try sample("data=moons").data == "moons")
        #expect(
            try sample("critic.optimiser.adam.learningRate=1e-3").optimiser
                == "adam 0.001 0.5 false")
    }

    @Test("A flow mapping or list is a value")
    func flow() throws {
        #expect(
            try sample("critic.constraint={clipping: {bound: 0.02}}").constraint == "clipping 0.02")
        #expect(try sample("generator.layers=[relu]").layers == ["relu"])
    }

    @Test("Elements of lists are named by their index, also inside a shorthand")
    func lists() throws {
        #expect(try sample("generator.layers.0.linear.outputs=64").layers[0] == "linear 64 true")
        #expect(try sample("generator.layers.0.linear.bias=false").layers[0] == "linear 100 false")
        #expect(try sample("generator.layers.3.linear.outputs=2").layers[3] == "linear 2 true")
        #expect(try sample("generator.layers.2.reshape.0=64").layers[2] == "reshape [64, 7, 7]")
        #expect(
            try sample("generator.layers.2.reshape.shape=[1, 2]").layers[2] == "reshape [1, 2]")
        #expect(try sample("generator.layers.1={linear: 3}").layers[1] == "linear 3 true")
    }

    @Test("A path through another kind replaces it, and only there")
    func kinds() throws {
        #expect(try sample("critic.constraint.penalty.coefficient=3").constraint == "penalty 3.0")
        #expect(try sample("critic.constraint.clipping.bound=3").constraint == "clipping 3.0")
        #expect(try sample("critic.optimiser.sgd.learningRate=1").optimiser == "sgd 1.0")
        #expect(try sample("critic.optimiser.adam={beta1: 0}").optimiser == "adam 0.001 0.0 false")
        #expect(try sample("generator.layers.1.linear.outputs=2").layers[1] == "linear 2 true")
        #expect(
            errorText(Sample.yaml, "seed.deep.er=3")
                == "--set seed.deep.er: 'seed' is 7 and has no 'deep'; set 'seed' itself")
    }

    @Test("Mappings on the way are made")
    func intermediate() throws {
        let root = try document("a: ~", "b.c.d=1", "a.x=2", "b.c.e=3").root
        #expect(try root.section("a").value("x", .integer()) == 2)
        let section = try root.section("b").section("c")
        #expect(try section.value("d", .integer()) + section.value("e", .integer()) == 4)
    }

    @Test("Errors about an overridden value name the override")
    func location() {
        #expect(
            errorText(Sample.yaml, "seed=many") { root in
                _ = try root.value("seed", .integer())
            } == "--set seed: 'seed' must be a whole number, but is the text 'many'")
        #expect(
            errorText("a: 1", "b.wrong=1") { root in
                _ = try root.value("a", .integer())
                _ = try root.section("b").value("right", .integer(), default: 0)
                try root.finish()
            } == "--set b.wrong: unknown key 'b.wrong'; known here: right")
    }

    @Test("An override without an equals sign or with an empty path is an error")
    func malformed() {
        #expect(
            errorText("a: 1", "seed")
                == "--set seed: there is no '=' in the override; write path=value")
        for override in ["=3", "a..b=3", ".a=3", "a.=3", " =3"] {
            #expect(
                errorText("a: 1", override)
                    == "--set \(override): the path of the override is not 1 to 64 keys with dots "
                    + "between; write a.b=value")
        }
        let long = Array(repeating: "a", count: 65).joined(separator: ".") + "=1"
        #expect(errorText("a: 1", long).contains("not 1 to 64 keys"))
    }

    @Test("An override without a value is an error", arguments: ["a=", "a= ", "a=# c"])
    func noValue(override: String) {
        #expect(
            errorText("a: 1", override)
                == "--set a: the override gives no value; write null for none and '' for empty text"
        )
    }

    @Test("A value that is more than one value is an error")
    func manyValues() {
        #expect(
            errorText("a: 1", "a=b: 3")
                == "--set a: 'b: 3' is not one YAML value on one line; "
                + "write text in quotes, lists in [] and mappings in {}")
        for value in ["run #1", "run\n2", "- 1", "'a\n b'"] {
            #expect(errorText("a: 1", "a=\(value)").contains("is not one YAML value on one line"))
        }
        #expect(errorText("a: 1", "a=x\n---\ny").hasPrefix("--set a: a second document starts"))
    }

    @Test("A value that is not YAML is an error")
    func notYAML() {
        #expect(
            errorText("a: 1", "a=[1")
                == "--set a: not valid YAML (did not find expected ',' or ']' while parsing a flow "
                + "sequence); check indentation, colons, brackets and quotes there")
    }

    @Test("An index outside a list is an error that says which there are")
    func indices() {
        #expect(
            errorText(Sample.yaml, "generator.layers.4=relu")
                == "--set generator.layers.4: 'generator.layers' is a list without '4'; "
                + "write an index from 0 to 3")
        #expect(
            errorText("a: [1]", "a.b=1")
                == "--set a.b: 'a' is a list without 'b'; its only index is 0")
        #expect(
            errorText("a: []", "a.0=1")
                == "--set a.0: 'a' is a list without '0'; it has no elements; set the whole list")
    }

    @Test("A refused override leaves the document as it was")
    func atomic() throws {
        let document = try document(Sample.yaml)
        #expect(throws: ConfigurationError.self) {
            try document.set("critic.constraint.penalty.coefficient.0.x=[")
        }
        #expect(throws: ConfigurationError.self) { try document.set("critic.iterations.x=1") }
        #expect(try Sample(document) == sample())
    }
}
