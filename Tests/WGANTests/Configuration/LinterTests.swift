import Testing
import WGAN

@Suite("Warnings about configurations of trainings")
struct LinterTests {
    @Test("a configuration without known faults has no warning")
    func clean() throws {
        #expect(try configuration(smallYAML).warnings == [])
    }

    @Test(
        "settings that will disappoint are warned of, with the reason",
        arguments: [
            (
                ["critic.layers=[{linear: 5}, batchNorm2d, {linear: 1}]", "constraint=r1"],
                "the critic has batch normalisation under a gradient penalty"
            ),
            (
                [
                    "critic.layers=[{linear: 5}, {residual: [elu]}, {linear: 1}]",
                    "constraint={combined: [gradientPenalty]}",
                ],
                "the critic has elu layers under a gradient penalty"
            ),
            (
                ["critic.optimiser={adam: {learningRate: 1e-3}}"],
                "the critic's optimiser has momentum with weight clipping"
            ),
            (
                ["constraint={clipping: {onlyConvolutionKernels: true}}"],
                "the clipping of convolution kernels alone has no effect"
            ),
            (["constraint={combined: []}"], "no constraint bounds the critic's slope"),
            (
                [
                    "constraint=orthonormal",
                    "critic.layers=[{linear: 4}, layerNorm, groupSort, {linear: 1}]",
                ],
                "the critic has a layer layerNorm, whose slope can be more than 1"
            ),
            (
                [
                    "constraint=orthonormal",
                    "critic.layers=[{residual: [{linear: 2}]}, {linear: 1}]",
                ],
                "the critic has a layer residual, whose slope can be more than 1"
            ),
            (
                ["constraint=orthonormal", "critic.layers=[{elu: {alpha: 2}}, {linear: 1}]"],
                "the critic has a layer elu, whose slope can be more than 1"
            ),
            (
                ["constraint=orthonormal", "critic.layers=[{linear: 4}, relu, {linear: 1}]"],
                "the critic has rectifiers between orthonormal weights"
            ),
            (
                ["critic.layers=[{linear: 1}, sigmoid]"],
                "the critic ends with sigmoid, which bounds its scores"
            ),
            (
                ["generator.layers=[{linear: 2}, sigmoid]"],
                "the generator ends with sigmoid, whose values are 0.0…1.0, but the data's are -1"
            ),
            (
                ["generator.layers=[{linear: 2}, tanh]"],
                "the generator ends with tanh, whose values are -1.0…1.0, but the data's are -1"
            ),
            (
                ["generator.layers=[{linear: 2}, relu]"],
                "the generator ends with relu, whose values are 0.0 or more"
            ),
            (
                [
                    "data=mnist",
                    "generator.layers=[{linear: 784}, sigmoid, "
                        + "{reshape: {channels: 1, height: 28, width: 28}}]",
                    "critic.layers=[flatten, {linear: 1}]",
                ],
                "the generator ends with sigmoid, whose values are 0.0…1.0, but the data's are -1.0"
            ),
            (
                ["generator.layers=[batchNorm2d, {linear: 2}]"],
                "the generator's batch normalisation will have seen 60 batches by the end"
            ),
            (
                ["generator.layers=[{batchNorm2d: {momentum: 0.01}}, {linear: 2}]", "steps=166"],
                "the generator's batch normalisation will have seen 996 batches by the end"
            ),
            (
                ["averaging={halfLife: {linear: {from: 1, to: 2, samples: 401}}}"],
                "averaging.halfLife changes over 401 samples, and the training has only 400 samples"
            ),
            (
                ["learningRate={cosine: {steps: 11}}"],
                "learningRate changes over 11 steps, and the training has only 10 steps"
            ),
            (
                ["outputs.frames.every=11"],
                "outputs.frames.every is 11, and the training has only 10 steps"
            ),
        ])
    func warning(overrides: [String], beginning: String) throws {
        let warnings = try configuration(smallYAML, overrides).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix(beginning) == true, "\(warnings)")
    }

    @Test(
        "what is sound is not warned of",
        arguments: [
            ["critic.layers=[{linear: 5}, batchNorm2d, {linear: 1}]"],
            ["generator.layers=[batchNorm2d, {linear: 2}]", "steps=17"],
            ["generator.layers=[{batchNorm2d: {momentum: 0.01}}, {linear: 2}]", "steps=167"],
            ["generator.layers=[{linear: 2}, tanh]", "data=sampledRing"],
            ["generator.layers=[{linear: 2}, leakyReLU]"],
            ["averaging={halfLife: {linear: {from: 1, to: 2, samples: 400}}}"],
            ["learningRate={exponential: {factor: 0.5, steps: 11}}"],
            [
                "data=mnist",
                "generator.layers=[{linear: 784}, tanh, "
                    + "{reshape: {channels: 1, height: 28, width: 28}}]",
                "critic.layers=[flatten, {linear: 1}]",
            ],
            ["critic.layers=[{linear: 5}, layerNorm, {linear: 1}]", "constraint=gradientPenalty"],
            ["critic.optimiser={adam: {learningRate: 1e-3, beta1: 0}}"],
            ["generator.optimiser={adam: {learningRate: 1e-3}}"],
            ["critic.optimiser={adam: {learningRate: 1e-3}}", "constraint=gradientPenalty"],
        ])
    func sound(overrides: [String]) throws {
        #expect(try configuration(smallYAML, overrides).warnings == [])
    }
}
