import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite("Numbers that change over a training")
struct ScheduledNumberTests {
    @Test(
        "values at the beginning, half way, the end and after it",
        arguments: [
            (2.5, [2.5, 2.5, 2.5, 2.5]),
            (.linear(from: 1, to: 0, over: 100), [1, 0.5, 0, 0]),
            (.linear(from: 0.5, to: 0.9, over: 100), [0.5, 0.7, 0.9, 0.9]),
            (.exponential(from: 2, factor: 0.25, over: 100), [2, 1, 0.5, 0.125]),
            (.cosine(from: 1, to: 0.5, over: 100), [1, 0.75, 0.5, 0.5]),
            (.linear(from: 1, to: 0.3, over: 0), [0.3, 0.3, 0.3, 0.3]),
            (.warmUp(from: 0, over: 100, then: 3), [0, 1.5, 3, 3]),
            (
                .warmUp(from: 1, over: 50, then: .linear(from: 3, to: 1, over: 100)),
                [1, 3, 2, 1]
            ),
        ] as [(ScheduledNumber, [Double])])
    func values(number: ScheduledNumber, expected: [Double]) {
        for (position, value) in zip([0, 50, 100, 200], expected) {
            #expect(abs(number.value(at: position) - value) < 1e-12)
            #expect(abs(number.scaled(by: 3).value(at: position) - 3 * value) < 1e-12)
        }
    }

    @Test("a quarter of the way along a cosine is higher than a quarter of a line")
    func cosine() {
        let value = ScheduledNumber.cosine(from: 2e-4, to: 5e-5, over: 1000).value(at: 250)
        #expect(abs(value - (5e-5 + 1.5e-4 * (1 + 0.5.squareRoot()) / 2)) < 1e-18)
    }

    @Test(
        "the last value stays from the schedule's end on",
        arguments: [
            (1, 0), (.linear(from: 0, to: 1, over: 7), 7),
            (.warmUp(from: 0, over: 5, then: .cosine(from: 1, to: 0, over: 7)), 12),
            (.exponential(from: 1, factor: 0.5, over: 7), nil),
        ] as [(ScheduledNumber, Int?)])
    func end(number: ScheduledNumber, expected: Int?) { #expect(number.end == expected) }

    @Test("a constant is a constant of programs, and all else an input with a name of its own")
    func inputs() throws {
        var store = ParameterStore()
        let (first, second) = (
            ScheduledNumber.linear(from: 0, to: 1, over: 9),
            ScheduledNumber.linear(from: 0, to: 2, over: 9)
        )
        let tensors = [first, 4, second, first].map { store.tensor(of: $0, named: "a") }
        let program = try Program(
            outputs: [("sum", tensors[0] + tensors[1] + tensors[2] + tensors[3])])
        #expect(program.inputs.map(\.name) == ["a", "a.2"])
        #expect(store.scheduled == ["a": first, "a.2": second])
        let value = try ReferenceExecutor().run(
            program,
            inputs: [
                "a": ReferenceTensor(shape: [], values: [10]),
                "a.2": ReferenceTensor(shape: [], values: [100]),
            ])
        #expect(value["sum"]?.values == [124])
    }
}
