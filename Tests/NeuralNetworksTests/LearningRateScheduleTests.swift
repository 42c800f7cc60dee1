import NeuralNetworks
import Testing

@Suite("Learning-rate schedules")
struct LearningRateScheduleTests {
    @Test(
        "factors at the beginning, half way, the end and after it",
        arguments: [
            (LearningRateSchedule.constant, [1, 1, 1, 1]),
            (.linear(finalFactor: 0, steps: 100), [1, 0.5, 0, 0]),
            (.linear(finalFactor: 0.2, steps: 100), [1, 0.6, 0.2, 0.2]),
            (.exponential(factor: 0.25, steps: 100), [1, 0.5, 0.25, 0.0625]),
            (.cosine(finalFactor: 0, steps: 100), [1, 0.5, 0, 0]),
            (.cosine(finalFactor: 0.5, steps: 100), [1, 0.75, 0.5, 0.5]),
            (.linear(finalFactor: 0.3, steps: 0), [0.3, 0.3, 0.3, 0.3]),
        ] as [(LearningRateSchedule, [Double])])
    func factors(schedule: LearningRateSchedule, expected: [Double]) {
        for (step, factor) in zip([0, 50, 100, 200], expected) {
            #expect(abs(schedule.factor(at: step) - factor) < 1e-12)
        }
    }
}
