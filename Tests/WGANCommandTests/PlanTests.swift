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

    @Test("below a layer that is made of others stand the names of what it is made of")
    func blocks() throws {
        let place = try Workplace()
        try place.write(
            """
            name: blocks
            data: mnist
            batchSize: 4
            latent: {size: 8}
            generator:
              layers:
              - linear: 392
              - reshape: {channels: 8, height: 7, width: 7}
              - residualUp: {outputs: 8, normalisation: batchNorm2d}
              - selfAttention
              - bilinearUpsample
              - invertedBottleneck: 4
              - conv2d: {outputs: 1, kernel: 1}
              optimiser: {adam: {learningRate: 2e-4, beta1: 0}}
            critic:
              layers:
              - residual: [{conv2d: {outputs: 1, kernel: 3, padding: 1}}]
              - residualDown: 8
              - bilinearDownsample
              - minibatchStandardDeviation
              - pixelNorm
              - flatten
              - linear: 1
              optimiser: {adam: {learningRate: 2e-4, beta1: 0}}
            constraint: {combined: [spectralReparametrisation, r1, r2]}
            steps: 1

            """, to: "blocks.yaml")
        let outcome = try place.wgan(["plan", "blocks.yaml"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        let up = try #require(lines.firstIndex { $0.hasPrefix("2 ResidualUp [14, 14, 8] ") })
        #expect(
            lines[(up + 1)...].prefix(6) == [
                "norm1 16", "conv1 584", "norm2 16", "conv2 584", "shortcut 72",
                "3 SelfAttention [14, 14, 8] 81",
            ])
        #expect(lines.contains("layers.0 10"))
        #expect(lines.contains("3 MinibatchStandardDeviation [7, 7, 9] 0"))
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
