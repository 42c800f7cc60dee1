import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Changed configurations of trainings that go on")
struct ResumeChangeTests {
    private let place: Workplace

    /// A run of four steps.
    init() throws {
        place = try SmallImages.place()
        try place.succeed(["train", "small.yaml", "--quiet", "--out", "run"])
    }

    private func edit(_ change: (inout String) -> Void) throws {
        var text = try place.text("run/config.yaml")
        change(&text)
        try place.write(text, to: "run/config.yaml")
    }

    @Test("are refused with the keys that differ, and accepted key by key")
    func keys() throws {
        try edit { text in
            text = text.replacingOccurrences(of: "seed: 0", with: "seed: 5")
            text = text.replacingOccurrences(of: "bound: 0.01", with: "bound: 0.02")
        }
        try expectRefusal(
            ["resume", "run", "--steps", "6"],
            saying: [
                "run/config.yaml has changed since the checkpoint of step 4 in seed, "
                    + "constraint.clipping.bound; undo the changes, or accept each with --set"
            ], in: place)
        try expectRefusal(
            ["resume", "run", "--steps", "6", "--set", "seed=5"],
            saying: ["of step 4 in constraint.clipping.bound; undo"], in: place)
        try place.succeed([
            "resume", "run", "--steps", "6", "--quiet", "--set", "seed=5", "--set",
            "constraint.clipping.bound=0.02",
        ])
        let text = try place.text("run/config.yaml")
        #expect(text.contains("seed: 5") && text.contains("bound: 0.02"))
        #expect(text.contains("steps: 6"))
        try place.succeed(["resume", "run", "--steps", "7", "--quiet"])
    }

    @Test("comments and spaces in the file change nothing")
    func comments() throws {
        try edit { $0 = "# mine\n" + $0.replacingOccurrences(of: "seed: 0", with: "seed:   0") }
        try place.succeed(["resume", "run", "--steps", "5", "--quiet"])
    }

    @Test("another optimiser begins anew, with a note")
    func optimiser() throws {
        let outcome = try place.wgan([
            "resume", "run", "--steps", "5", "--set", "critic.optimiser.adam.learningRate=1e-4",
        ])
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("note: the checkpoint of step 4 knows nothing of critic."))
    }

    @Test("other networks are refused")
    func networks() throws {
        try expectRefusal(
            ["resume", "run", "--steps", "5", "--set", "latent.size=3"],
            saying: ["the saved training was of other networks: generator.0.weight"], in: place)
    }

    @Test("other data are refused, unless a setting says so")
    func data() throws {
        try place.write(SmallImages.idx.reversed().withHeader, to: "images.idx")
        try expectRefusal(
            ["resume", "run", "--steps", "5"],
            saying: ["is not what the training was on (images.idx has changed); restore it"],
            in: place)
        let outcome = try place.wgan(["resume", "run", "--steps", "5", "--data", "."])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("(images.idx has changed); it is used as it is now"))
    }

    @Test("a kill between the checkpoint and the file of a changed configuration does no harm")
    func window() throws {
        let before = try place.text("run/config.yaml")
        try place.succeed(["resume", "run", "--steps", "4", "--quiet", "--set", "seed=9"])
        try place.write(before, to: "run/config.yaml")
        try place.succeed(["resume", "run", "--steps", "5", "--quiet"])
        #expect(try place.text("run/config.yaml").contains("seed: 9"))
    }

    @Test("fewer steps than are done, folders without a run and unknown settings are refused")
    func refusals() throws {
        try expectRefusal(
            ["resume", "run", "--steps", "3"],
            saying: ["has done 4 steps already, more than 3; give --steps 4 or more"], in: place)
        try expectRefusal(["resume", "nowhere"], saying: ["nowhere"], in: place)
        try expectRefusal(
            ["resume", "run", "--set", "sed=3"], saying: ["unknown key 'sed'"], in: place)
        try expectRefusal(["resume", "run", "--steps", "0"], saying: ["--steps: "], in: place)
        try expectRefusal(["resume", "run", "--threads", "0"], saying: ["--threads 0"], in: place)
    }

    @Test("a folder that another process writes to is refused; one that was left behind is not")
    func locks() throws {
        let run = try RunFolder(opening: place.url("run"))
        var lock: RunLock? = try RunLock(of: run)
        try expectRefusal(
            ["resume", "run", "--steps", "5"],
            saying: ["is being written by process \(ProcessInfo.processInfo.processIdentifier)"],
            in: place)
        lock = nil
        #expect(lock == nil)
        // A process of this number would have begun long before the machine did.
        let dead = """
            {"boot":"none","command":"wgan train","host":"\(ProcessInfo.processInfo.hostName)",\
            "number":1,"start":0,"time":0}
            """
        try place.write(dead, to: "run/run.lock")
        let outcome = try place.wgan(["resume", "run", "--steps", "5"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("note: the run was left behind by process 1 on"))
    }
}

extension ReversedCollection<Data> {
    /// The pixels of a file of sixteen images behind the header that it has.
    fileprivate var withHeader: Data { SmallImages.idx.prefix(16) + Data(prefix(256)) }
}
