import GraphTestSupport
import TensorGraph
import Testing
import WGAN

@Suite("Objective")
struct ObjectiveTests {
    private func losses(
        _ convention: Objective.SignConvention, real: [Double], generated: [Double]
    ) throws -> [Double] {
        let objective = Objective(convention: convention)
        let high = Tensor.constant(real, [real.count])
        let low = Tensor.constant(generated, [generated.count])
        return try evaluate([
            objective.criticLoss(real: high, generated: low),
            objective.generatorLoss(generated: low),
            objective.wassersteinEstimate(real: high, generated: low),
        ]).map { $0[0] }
    }

    @Test("the critic's loss is minus the estimate, the generator wants high scores")
    func signs() throws {
        #expect(
            try losses(.realScoresHigh, real: [3, 5], generated: [1, 0]) == [-3.5, -0.5, 3.5])
    }

    @Test("the mirrored convention gives the same numbers for the mirrored critic")
    func mirrored() throws {
        #expect(
            try losses(.generatedScoresHigh, real: [-3, -5], generated: [-1, 0])
                == losses(.realScoresHigh, real: [3, 5], generated: [1, 0]))
    }
}
