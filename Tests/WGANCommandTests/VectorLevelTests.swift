import CPUExecutor
import Foundation
import Testing

@Suite("The level of vector instructions at the command")
struct VectorLevelTests {
    private static let variable = VectorLevel.variable
    /// Verbs that would compute, complete enough to begin.
    private static let verbs = [
        ["train", "mixture"], ["plan", "mixture"], ["bench", "W1", "--iterations", "1"],
        ["distances"], ["resume", "run"], ["sample", "run", "--out", "points.csv"],
        ["evaluate", "run"],
        ["measure", "w1", "a.csv", "b.csv"], ["export", "run", "--out", "network.onnx"],
    ]

    @Test(
        "is refused where it is unknown, by every verb and before anything is done",
        arguments: verbs)
    func unknown(verb: [String]) throws {
        try expectRefusal(
            verb, saying: ["WGAN_VECTORS is \"fast\", which is no level", "baseline"],
            in: Workplace(), environment: [Self.variable: "fast"])
    }

    @Test(
        "is refused where the machine lacks it",
        .enabled(if: VectorLevel.best < .avx512, "this machine has all levels"))
    func missing() throws {
        try expectRefusal(
            ["train", "mixture"], saying: ["WGAN_VECTORS is avx512, which this machine lacks"],
            in: Workplace(), environment: [Self.variable: "avx512"])
    }

    @Test("does not keep help and version away")
    func help() throws {
        for arguments in [[], ["--help"], ["--version"], ["train", "--help"]] {
            let outcome = try Workplace().wgan(arguments, environment: [Self.variable: "fast"])
            #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        }
    }

    @Test("is shown by the doctor: what there is, what is in use, and that it was lowered")
    func doctor() throws {
        let place = try Workplace()
        let best = try place.wgan(["doctor"], environment: [Self.variable: ""])
        #expect(best.output.contains("vectors: \(VectorLevel.best.name) in use, the best; "))
        #expect(best.output.contains("this machine has baseline"))
        let wrong = try place.wgan(["doctor"], environment: [Self.variable: "fast"])
        #expect(wrong.code == 1)
        #expect(wrong.output.contains("BROKEN  processor: "))
        #expect(wrong.output.contains("WGAN_VECTORS is \"fast\""))
        guard VectorLevel.best > .baseline else { return }
        let lowered = try place.wgan(["doctor"], environment: [Self.variable: "baseline"])
        #expect(lowered.code == 0)
        #expect(lowered.output.contains("vectors: baseline in use, lowered by WGAN_VECTORS; "))
        #expect(lowered.output.contains("vector code for the baseline\n"))
    }

    @Test("is written down with a run, and a run that goes on at another says so")
    func run() throws {
        let place = try Workplace()
        let train = ["train", "mixture", "--steps", "5", "--quiet", "--out", "run"]
        let begun = try place.wgan(train, environment: [Self.variable: "baseline"])
        try #require(begun.code == 0, "\(begun.errors)")
        let environment = try place.text("run/environment.json")
        #expect(environment.contains("\"vectorInstructions\":\"the baseline\""))
        let resume = { (steps: Int, level: String) in
            try place.wgan(
                ["resume", "run", "--steps", "\(steps)"], environment: [Self.variable: level])
        }
        let words = "for vectors, now"
        #expect(try !resume(8, "baseline").said.contains(words))
        let other = try resume(10, "")
        #expect(other.code == 0)
        #expect(other.said.contains(words) == (VectorLevel.best > .baseline))
    }
}

extension Outcome {
    /// All that was printed.
    fileprivate var said: String { output + errors }
}
