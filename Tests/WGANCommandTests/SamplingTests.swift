import ArrayFiles
import Foundation
import Testing

@Suite("Samples of a run of points")
struct SamplingTests {
    private let place: Workplace

    init() throws { place = try MixtureRun.shared.get().place }

    /// Draws samples of the run into a file of its own.
    private func sample(_ ending: String, _ arguments: String...) throws -> URL {
        let name = "\(UUID().uuidString).\(ending)"
        let outcome = try place.wgan(["sample", "X", "--out", name] + arguments)
        try #require(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty && outcome.messages.isEmpty)
        return place.url(name)
    }

    @Test("fill an array of N×2 finite numbers")
    func numpy() throws {
        let file = try NumpyFile(contentsOf: sample("npy", "--count", "250"))
        #expect(file.shape == [250, 2])
        let values = try file.values()
        #expect(values.allSatisfy { $0.isFinite })
        #expect(Set(values).count > 400)
        #expect(try NumpyFile(contentsOf: sample("npy")).shape == [64, 2])
    }

    @Test("are functions of the seed, and few are the first of many")
    func determinism() throws {
        let values = { (count: String, seed: String) in
            try NumpyFile(contentsOf: sample("npy", "--count", count, "--seed", seed)).values()
        }
        let many = try values("250", "7")
        #expect(try values("250", "7") == many)
        #expect(try values("1", "7") == Array(many.prefix(2)))
        #expect(try values("130", "7") == Array(many.prefix(260)))
        #expect(try values("250", "8") != many)
        #expect(try values("250", "\(UInt64.max)") != many)
    }

    @Test("are the same numbers as text")
    func text() throws {
        let values = try NumpyFile(contentsOf: sample("npy", "--count", "7")).values()
        let text = try String(contentsOf: sample("csv", "--count", "7"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines[0] == "x,y")
        #expect(lines.dropFirst().flatMap { $0.split(separator: ",") }.map { Float($0) } == values)
    }

    @Test("make a picture, whatever the case of its ending")
    func picture() throws {
        #expect(try Data(contentsOf: sample("png", "--count", "300")).isPNG)
        #expect(try Data(contentsOf: sample("PNG", "--count", "1")).isPNG)
    }

    @Test("replace an earlier file whole")
    func replacement() throws {
        try place.write(String(repeating: "old", count: 1000), to: "old.npy")
        let outcome = try place.wgan(["sample", "X", "--count", "1", "--out", "old.npy"])
        #expect(outcome.code == 0)
        #expect(try NumpyFile(contentsOf: place.url("old.npy")).shape == [1, 2])
    }
}
