import ArrayFiles
import Foundation
import Testing

/// What `wgan measure` does with transport beside the plain distances.
@Suite("Measuring transport")
struct TransportMeasureTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write("0,0\n1,0\n3,1\n", to: "a.csv")
        try place.write("0,2\n2,2\n", to: "b.csv")
        try place.write("2,3,1\n0,1,4\n", to: "cost.csv")
        try place.write("1\n2\n", to: "two.csv")
        try place.write("1\n1\n2\n", to: "three.csv")
        try place.write("1,0\n0,5\n", to: "directions.csv")
    }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try place.wgan(["measure"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        let data = Data(outcome.output.utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func number(_ arguments: [String]) throws -> Double {
        try #require(try object(arguments)["value"] as? Double)
    }

    private func array(_ name: String, in file: String = "plan.npz") throws -> [Double] {
        try ArrayFile(at: place.url(file).path + "#\(name)").doubles()
    }

    @Test("costs and distances have their orders, grounds and names")
    func orders() throws {
        let sides = ["a.csv", "b.csv"]
        let w2 = try number(["w2"] + sides)
        let cost = try object(["transport-cost"] + sides + ["--ground", "squared-l2"])
        #expect(abs(try #require(cost["value"] as? Double) - w2 * w2) < 1e-12)
        #expect(cost["metric"] as? String == "transport-cost")
        #expect(cost["ground"] as? String == "squared-l2")
        #expect(abs(try number(["wp"] + sides) - w2) < 1e-14)
        #expect(abs(try number(["wp", "--order", "1"] + sides) - number(["w1"] + sides)) < 1e-14)
        #expect(try number(["w1", "--ground", "l1"] + sides) > number(["w1"] + sides) + 0.1)
        let ours = try number(["sinkhorn", "--ground", "squared-l2"] + sides)
        #expect(try number(["sinkhorn"] + sides) == ours)
    }

    @Test("a plan is written with potentials that prove it")
    func plan() throws {
        let found = try object(["w1", "a.csv", "b.csv", "--plan", "plan.npz"])
        let value = try #require(found["value"] as? Double)
        #expect(abs(try #require(found["dualCost"] as? Double) - value) < 1e-12)
        #expect(try #require(found["largestViolation"] as? Double) < 1e-12)
        let (u, v) = (try array("u"), try array("v"))
        #expect((u.count, v.count) == (3, 2))
        #expect(abs(u.reduce(0, +) / 3 + v.reduce(0, +) / 2 - value) < 1e-12)
        #expect(abs(try array("mass").reduce(0, +) - 1) < 1e-12)
        #expect(try array("source").count == array("target").count)
        #expect(abs(try number(["w1", "a.csv", "b.csv"]) - value) < 1e-12)
    }

    @Test("costs of a file need no points")
    func costs() throws {
        // Row 0 to column 2, row 1 to column 0 and half of column 1.
        let cost = ["--cost", "cost.csv", "--weights-b", "three.csv", "--plan", "plan.npz"]
        #expect(abs(try number(["transport-cost"] + cost) - 0.75) < 1e-12)
        // Rounding leaves some 1e-18 on other ways.
        let used = try array("mass").enumerated().filter { $0.element > 1e-12 }.map(\.offset)
        let (sources, targets) = (try array("source"), try array("target"))
        #expect(used.map { sources[$0] } == [0, 1, 1] && used.map { targets[$0] } == [2, 0, 1])
        let entropic = try object(["sinkhorn", "--epsilon", "0.01"] + cost)
        #expect(entropic["metric"] as? String == "entropic-cost")
        #expect(abs(try #require(entropic["sharpCost"] as? Double) - 0.75) < 1e-6)
        #expect(try ArrayFile(at: place.url("plan.npz").path + "#plan").shape == [2, 3])
        #expect(abs(try array("plan").reduce(0, +) - 1) < 1e-9)
        let soft = try object(["unbalanced", "--marginal-penalty", "0.1"] + cost)
        #expect(soft["metric"] as? String == "unbalanced-cost")
        #expect(try #require(soft["mass"] as? Double) < 2)
        let part = try object(["partial", "--mass", "0.5"] + cost)
        // The way that costs nothing takes a half: row 1 has no more.
        #expect(abs(try #require(part["value"] as? Double)) < 1e-12)
        #expect(try array("lambda").count == 1)
    }

    @Test("masses count as they are where they may differ")
    func masses() throws {
        let weights = ["--weights-a", "three.csv", "--weights-b", "two.csv"]
        let part = try object(["partial", "a.csv", "b.csv", "--mass", "3"] + weights)
        #expect(part["massA"] as? Double == 4 && part["massB"] as? Double == 3)
        let soft = try object(["unbalanced", "a.csv", "b.csv", "--epsilon", "0.5"] + weights)
        #expect(soft["metric"] as? String == "unbalanced")
        #expect(try #require(soft["value"] as? Double) > 0)
        #expect(try number(["unbalanced", "a.csv", "a.csv"]) == 0)
    }

    @Test("directions of a file are projected on, whatever their length")
    func directions() throws {
        let given = ["a.csv", "b.csv", "--directions-file", "directions.csv", "--order", "1"]
        let found = try object(["sliced"] + given)
        #expect(found["directions"] as? Int == 2)
        // 2/3 between the first coordinates, 5/3 between the second.
        #expect(abs(try #require(found["value"] as? Double) - 7.0 / 6) < 1e-12)
        let largest = try #require(found["largest"] as? Double)
        #expect(abs(largest - 5.0 / 3) < 1e-12)
        #expect(try number(["max-sliced"] + given) >= largest - 1e-12)
    }

    @Test("what cannot be moved is refused in one sentence, and no plan is left")
    func refusals() throws {
        for (text, name) in [
            ("1,nan\n", "nan.csv"), ("1,-2\n", "minus.csv"), ("", "empty.csv"),
            ("1,2\n3\n", "uneven.csv"), ("0,0\n", "zero.csv"), ("1,2,3\n", "wide.csv"),
        ] { try place.write(text, to: name) }
        try NumpyFile.write(shape: [4], values: [1, 2, 3, 4], to: place.url("list.npy"))
        try NumpyFile.write(shape: [0, 4], values: [], to: place.url("none.npy"))
        try NumpyFile.write(shape: [1, 2], values: [1, .infinity], to: place.url("inf.npy"))
        let before = try place.entries()
        for (arguments, reason) in [
            (["transport-cost", "--cost", "nan.csv"], "nan.csv:1"),
            (["transport-cost", "--cost", "inf.npy"], "inf.npy (--cost): the cost of row 0 and"),
            (["transport-cost", "--cost", "minus.csv"], "column 1 is negative; give zero"),
            (["transport-cost", "--cost", "empty.csv"], "empty.csv"),
            (["transport-cost", "--cost", "uneven.csv"], "uneven.csv:2"),
            (["transport-cost", "--cost", "list.npy"], "no matrix of costs"),
            (["transport-cost", "--cost", "none.npy"], "no matrix of costs"),
            (["transport-cost", "--cost", "absent.npy"], "absent.npy"),
            (["transport-cost", "--cost", "cost.csv", "--weights-a", "three.csv"], "3 weights"),
            (["transport-cost", "a.csv", "b.csv", "--cost", "cost.csv"], "stands for both sides"),
            (["transport-cost", "a.csv"], "give B after A"),
            (["w1", "a.csv", "b.csv", "--ground", "squared-l2"], "take transport-cost"),
            (["w1", "a.csv", "b.csv", "--plan", "there/plan.npz"], "there"),
            (["wp", "a.csv", "b.csv", "--order", "inf"], "order inf"),
            (["partial", "a.csv", "b.csv"], "give --mass"),
            (["partial", "a.csv", "b.csv", "--mass", "1.5"], "at most 1"),
            (["sliced", "a.csv", "b.csv", "--directions-file", "wide.csv"], "2 coordinates"),
            (["sliced", "a.csv", "b.csv", "--directions-file", "zero.csv"], "zero.csv: direction"),
            (["max-sliced", "a.csv", "b.csv", "--directions-file", "zero.csv"], "zero.csv: "),
        ] {
            let outcome = try place.wgan(["measure"] + arguments)
            #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains(reason), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try place.entries() == before)
    }
}
