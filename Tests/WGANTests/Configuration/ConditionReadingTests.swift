import ConfigurationTestSupport
import NeuralNetworks
import TensorGraph
import Testing
import WGAN

@Suite("Conditions in configuration files")
struct ConditionReadingTests {
    private let labelled = [
        "data=mnist", "condition={classes: 10}", "outputs={}",
        "generator.layers=[{labelConcatenation: 3}, {linear: 784}, "
            + "{reshape: {channels: 1, height: 28, width: 28}}]",
        "critic.layers=[flatten, labelProjection]",
    ]

    @Test("are read, and read back")
    func reading() throws {
        let first = try configuration(smallYAML, labelled)
        #expect(first.setup.condition == Condition(classes: 10))
        #expect(first.setup.parameters["generator.0.embedding.weight"]?.shape == [10, 3])
        #expect(first.setup.parameters["critic.1.embedding.weight"]?.shape == [10, 784])
        #expect(try configuration(first.resolvedYAML).setup.condition == Condition(classes: 10))
        #expect(try configuration(smallYAML).setup.condition == nil)
    }

    @Test("that nothing depends on, or nothing is known of, are refused")
    func refusals() throws {
        for (changes, fragment) in [
            (["condition={classes: 1}"], "classes"),
            (["generator.layers.0=sigmoid"], "has no effect on the generator"),
            (["critic.layers=[flatten, {linear: 1}]"], "has no effect on the critic"),
            (["condition=null"], "needs labels; say how many classes"),
            (["outputs={audit: {every: 5}}"], "remove 'audit'"),
        ] {
            #expect(
                try failure { _ = try configuration(smallYAML, labelled + changes) }.contains(
                    fragment))
        }
        let plane = [
            "condition={classes: 2}", "generator.layers=[{labelConcatenation: 3}, {linear: 2}]",
            "critic.layers=[labelProjection]",
        ]
        #expect(
            try failure { _ = try configuration(smallYAML, plane) }
                .contains("needs labels, which this data has not"))
    }
}
