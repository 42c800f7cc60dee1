import Testing

@Suite("Plans")
struct PlanTests {
    private func plan(_ arguments: String...) throws -> String {
        let outcome = try Workplace().wgan(["plan"] + arguments)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        return outcome.output
    }

    @Test("the summary counts layers, parameters and memory")
    func summary() throws {
        let text = try plan("mixture")
        #expect(text.hasPrefix("generator: 502 parameters, input [2]\n"))
        #expect(text.contains("\ncritic: 401 parameters, input [2]\n"))
        #expect(text.contains(/\ncritic step: \d+ operations, .* for 200 samples\n/))
        #expect(text.contains(/\ngenerator step: \d+ operations, .* for 200 samples\n/))
        #expect(try plan("mnist-gp").contains("\n  3   ReLU"))
    }

    @Test(
        "steps and programs of both networks are shown",
        arguments: ["critic-steps", "generator-steps", "critic-program", "generator-program"])
    func view(name: String) throws {
        let text = try plan("mixture", "--show", name)
        #expect(text.split(separator: "\n").count > 5)
        #expect(text.contains("matmul") || text.contains("dot"), "\(text)")
    }

    @Test(
        "graphs are well-formed Graphviz",
        arguments: ["critic-graphviz", "generator-graphviz"], ["mixture", "mnist-gp"])
    func graphviz(view: String, preset: String) throws {
        let text = try plan(preset, "--show", view)
        #expect(text.wholeMatch(of: /digraph [^{]*\{\n(?:.*\n)*\}\n/) != nil)
        // Braces and brackets count outside of labels only.
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        #expect(parts.count % 2 == 1, "quotes come in pairs")
        let bare = parts.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
        for (opening, closing) in [("{", "}"), ("[", "]")] as [(Character, Character)] {
            let levels = bare.reduce(into: [0]) { levels, character in
                let change = character == opening ? 1 : character == closing ? -1 : 0
                levels.append(levels.last! + change)
            }
            #expect(levels.allSatisfy { $0 >= 0 } && levels.last == 0)
        }
        #expect(text.contains("->"))
    }

    @Test("a plan leaves nothing behind, needs no data and heeds settings")
    func settings() throws {
        let place = try Workplace()
        let outcome = try place.wgan([
            "plan", "mnist-dcgan", "--set", "batchSize=3", "--threads", "1", "--steps", "5",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(" for 3 samples"))
        #expect(try place.entries().isEmpty)
    }
}
