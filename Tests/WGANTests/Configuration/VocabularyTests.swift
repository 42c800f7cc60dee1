import Testing

@testable import WGAN

@Suite("Other programs' names for settings")
struct VocabularyTests {
    @Test(
        "a name is found in any spelling, and only where there is such a setting",
        arguments: [
            ("gp-lambda", "constraint.gradientPenalty.coefficient"), ("random_seed", "seed"),
            ("Z_DIM", "latent.size"), ("Diters", "schedule.fixed.iterations"),
            ("wclip", "constraint.clipping.bound"), ("ema", "averaging.decay"),
            ("netG", "generator"), ("generatr", "generator"), ("zebra", nil), ("", nil),
        ] as [(String, String?)])
    func place(name: String, place: String?) {
        #expect(TrainingConfiguration.place(of: name) == place)
    }
}
