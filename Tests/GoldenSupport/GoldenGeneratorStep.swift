import NeuralNetworks
import TensorGraph
import WGAN

extension GoldenSession {
    /// Generated samples, losses, gradients, running statistics, and the optimisers' runs.
    mutating func reproduceGeneratorStep() throws {
        let (generator, critic) = (try network("generator"), try network("critic"))
        var pass = ForwardPass(.training)
        let generated = generator(try placeholder("z"), &pass)
        let scores = critic.scores(generated)
        let loss = WassersteinObjective().generatorLoss(real: scores, generated: scores)
        var results: [(String, Tensor)] = [
            ("generated", generated), ("d_fake", scores), ("generator_loss", loss),
            ("generated_gradient", gradients(of: loss, withRespectTo: [generated])[0]),
        ]
        try compareStep(&results, losses: ["generator_loss": loss], buffers: pass.updates)
        var inference = ForwardPass(.inference)
        let evaluation = generator(try placeholder("z_eval"), &inference)
        for run in subject.optimisers {
            try reproduce(
                run, losses: ["generator_loss": loss], buffers: pass.updates,
                evaluation: evaluation)
        }
    }
}
