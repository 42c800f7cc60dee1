import Testing

@testable import StrictYAML

@Suite("The nearest name")
struct NearestNameTests {
    @Test(
        "The distance counts insertions, deletions, replacements and swaps",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "xbc", 1),
            ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func distance(first: String, second: String, distance: Int) {
        #expect(NearestName.distance(Array(first), Array(second)) == distance)
        #expect(NearestName.distance(Array(second), Array(first)) == distance)
    }

    @Test("Case, underscores and hyphens do not count")
    func spelling() {
        let known = ["learningRate", "beta1", "beta2"]
        #expect(NearestName.find("learning_rate", among: known) == "learningRate")
        #expect(NearestName.find("LearningRates", among: known) == "learningRate")
        #expect(NearestName.find("beta", among: known) == "beta1")
    }

    @Test("A name that is far from all, or none known, has no nearest")
    func far() {
        #expect(NearestName.find("zebra", among: ["seed", "mode"]) == nil)
        #expect(NearestName.find("a", among: []) == nil)
        #expect(NearestName.find(String(repeating: "a", count: 1_000_000), among: ["a"]) == nil)
    }
}
