import Testing

@testable import StrictYAML

@Suite("Names of other programs, and numbers in other spellings")
struct ForeignNameTests {
    @Test(
        "our name is offered where the reader knows it, in any spelling",
        arguments: [
            ("lr", ["learningRate"], ["learningRate"]), ("LR", ["learningRate"], ["learningRate"]),
            ("betas", ["beta1", "beta2"], ["beta1", "beta2"]), ("betas", ["beta1"], ["beta1"]),
            ("clip-value", ["bound"], ["bound"]), ("z_dim", ["size"], ["size"]),
            ("n_epochs", ["epochs", "steps"], ["epochs"]), ("lr", ["rate"], []),
            ("zebra", ["learningRate"], []),
        ])
    func offers(name: String, known: [String], ours: [String]) {
        #expect(Sample.vocabulary.names(for: name, among: known) == ours)
    }

    @Test("a required key under another name is called by its name, not missing")
    func misnamed() {
        let read = { (root: ConfigurationSection) in
            _ = try root.section("adam").value("learningRate", .number(greaterThan: 0))
        }
        #expect(
            errorText("adam: {lr: 1e-3}", read: read)
                == "run.yaml:1:8: unknown key 'adam.lr'; it is called 'learningRate' here")
        #expect(
            errorText("adam: {learningrate: 1e-3}", read: read)
                == "run.yaml:1:8: unknown key 'adam.learningrate'; did you mean 'learningRate'?")
        #expect(
            errorText("adam: {}", read: read)
                == "run.yaml:1:1: 'adam.learningRate' is missing; give it a finite number greater "
                + "than 0")
        let length = { (root: ConfigurationSection) in
            _ = try root.onlyOne(of: ["steps", "epochs"])
        }
        #expect(
            errorText("num_epochs: 3", read: length)
                == "run.yaml:1:1: unknown key 'num_epochs'; it is called 'epochs' here")
    }

    @Test("at the root, a setting that lies deeper is said with its place")
    func place() throws {
        let read = { (root: ConfigurationSection) in
            _ = try root.value("seeds", .seed, default: 0)
            try root.finish()
        }
        #expect(
            errorText("n_critic: 3\nseeds: 1", read: read)
                == "run.yaml:1:1: unknown key 'n_critic'; it is schedule.fixed.iterations here")
        let document = try document("seeds: 1")
        try read(document.root)
        #expect(document.root.place(of: "D-iters") == "schedule.fixed.iterations")
        #expect(document.root.place(of: "seed") == "seeds")
        #expect(document.root.place(of: "zebra") == nil)
    }

    @Test(
        "a decimal comma in a mapping on one line is told apart from two settings",
        arguments: [
            ("{a: 0,9}", "'a' is 0,9 with a comma, which ends a setting here; write 0.9"),
            ("{b: x, a: -1,25, c: 2}", "write -1.25"), ("{a: 1,5e-3}", "write 1.5e-3"),
        ])
    func comma(yaml: String, words: String) {
        #expect(errorText("x: \(yaml)").contains(words))
    }

    @Test(
        "and is not suspected where there is none",
        arguments: ["{a: 0, b: 9}", "{a: x,9: }", "[0,9]", "{a: 0,\n 9: 1}", "{a: [0,9], b: 2}"])
    func noComma(yaml: String) { #expect(errorText("x: \(yaml)") == "no error") }

    @Test(
        "the number that was meant is found in other spellings",
        arguments: [
            ("0,9", "0.9"), ("-1,5", "-1.5"), ("1e\u{2212}3", "1e-3"), ("\u{2212}1,5", "-1.5"),
            ("0.9", nil), ("0,9,1", nil), ("a,b", nil), (",", nil), ("", nil),
        ] as [(String, String?)])
    func meant(text: String, number: String?) { #expect(meantNumber(text) == number) }

    @Test(
        "seeds are all whole numbers of 64 bits without a sign",
        arguments: [
            ("0", 0), ("18446744073709551615", UInt64.max), ("1e3", 1000),
            ("1844674407370955161.5e1", UInt64.max),
        ])
    func seeds(text: String, value: UInt64) throws {
        let document = try document("seed: \(text)")
        #expect(try document.root.value("seed", .seed, default: 1) == value)
        #expect(document.resolvedYAML == "seed: \(value)\n")
    }

    @Test("and nothing else", arguments: ["-1", "18446744073709551616", "0.5", "x", "'1'"])
    func notSeeds(text: String) {
        let found = errorText("seed: \(text)") { _ = try $0.value("seed", .seed, default: 0) }
        #expect(found.contains("'seed' must be a whole number from 0 to 18446744073709551615"))
    }
}
