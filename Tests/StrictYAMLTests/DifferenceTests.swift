import StrictYAML
import Testing

@Suite("Differences between documents")
struct DifferenceTests {
    private static let yaml = """
        steps: 3
        name: "3"
        constraint: {clipping: {bound: 0.1}}
        critic: {layers: [{linear: 5}, relu], optimiser: {adam: {beta1: 0, beta2: 0.9}}}

        """

    @Test(
        "are named by the path of the setting, in the order of the document",
        arguments: [
            ([], []), (["steps=4"], ["steps"]), (["name=3"], ["name"]),
            (["constraint.clipping.bound=0.2"], ["constraint.clipping.bound"]),
            (["constraint={r1: {gamma: 1}}"], ["constraint"]), (["constraint=r1"], ["constraint"]),
            (["critic.layers.0.linear=6"], ["critic.layers.0.linear"]),
            (["critic.layers=[relu]"], ["critic.layers"]),
            (["critic.optimiser={adam: {beta2: 0.9}}"], ["critic.optimiser.adam.beta1"]),
            (["seed=1", "steps=4"], ["steps", "seed"]),
        ])
    func paths(overrides: [String], expected: [String]) throws {
        let (original, changed) = (try document(), try document())
        for override in overrides { try changed.set(override) }
        #expect(original.differingKeys(from: changed) == expected)
        #expect(Set(changed.differingKeys(from: original)) == Set(expected))
    }

    @Test("tell both values in few words")
    func values() throws {
        let (original, changed) = (try document(), try document())
        for override in ["steps=4", "critic.layers.0.linear=6", "constraint=r1", "seed=1"] {
            try changed.set(override)
        }
        let shown = original.differences(from: changed).map {
            "\($0.key) \($0.value ?? "–") \($0.other ?? "–")"
        }
        #expect(
            shown == [
                "steps 3 4", "constraint clipping r1", "critic.layers.0.linear 5 6", "seed – 1",
            ])
    }

    private func document() throws -> ConfigurationDocument {
        try ConfigurationDocument(
            yaml: Self.yaml, file: "a.yaml", vocabulary: Vocabulary(taggedKeys: ["constraint"]))
    }
}
