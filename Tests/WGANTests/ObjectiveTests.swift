import Foundation
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

    @Test("the classical losses are cross-entropies of sigmoids, and mirrored ones the same")
    func classical() throws {
        let classical = { (convention: Objective.SignConvention, real: Double, generated: Double) in
            let objective = Objective(.classical, convention: convention)
            let (high, low) = (Tensor.constant([real], [1]), Tensor.constant([generated], [1]))
            return try evaluate([
                objective.criticLoss(real: high, generated: low),
                objective.generatorLoss(generated: low),
            ]).map { $0[0] }
        }
        let sigmoid = { (score: Double) in 1 / (1 + exp(-score)) }
        let found = try classical(.realScoresHigh, 1.5, -0.5)
        #expect(abs(found[0] + log(sigmoid(1.5)) + log(1 - sigmoid(-0.5))) < 1e-12)
        #expect(abs(found[1] + log(sigmoid(-0.5))) < 1e-12)
        #expect(try classical(.generatedScoresHigh, -1.5, 0.5) == found)
    }
}
