import Foundation
import Testing

/// One training of the mixture for all tests that look at what it left.
struct MixtureRun {
    static let steps = 60
    /// The run, in the folder `X`.
    static let shared = Result { try MixtureRun() }

    let place: Workplace
    let outcome: Outcome

    private init() throws {
        place = try Workplace()
        // Nothing else ends what lives as long as the process.
        atexit { try? MixtureRun.shared.get().place.remove() }
        outcome = try place.wgan([
            "train", "mixture", "--steps", "\(Self.steps)", "--json", "--quiet", "--out", "X",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
    }
}
