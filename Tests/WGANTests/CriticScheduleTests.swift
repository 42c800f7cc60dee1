import Testing
import WGAN

@Suite("Critic schedules")
struct CriticScheduleTests {
    private static let schedules: [CriticSchedule] = [
        .fixed(iterations: 1), .fixed(iterations: 5), .warmedUp(iterations: 5),
        .alternating(period: 5), .alternating(period: 1),
    ]

    @Test(
        "the updates before a step are the sum of those in the steps before", arguments: schedules)
    func sums(schedule: CriticSchedule) {
        var sum = schedule.updates(beforeStep: 0)
        #expect(sum.critic == 0 && sum.generator == 0)
        for step in 0..<1600 {
            let now = schedule.updates(inStep: step)
            sum.critic += now.critic
            sum.generator += now.generator
            #expect(schedule.updates(beforeStep: step + 1) == sum)
        }
    }

    @Test("the original program's schedule has 100 critic updates first and at each 500th step")
    func warmedUp() {
        let long = (0..<1100).filter {
            CriticSchedule.warmedUp(iterations: 5).updates(inStep: $0).critic == 100
        }
        #expect(long == Array(0..<25) + [500, 1000])
    }

    @Test("alternating with period 5, every fifth of 1000 steps is the generator's")
    func alternating() {
        let schedule = CriticSchedule.alternating(period: 5)
        let generator = (0..<11).filter { schedule.updates(inStep: $0).generator == 1 }
        #expect(generator == [4, 9])
        let all = schedule.updates(beforeStep: 1000)
        #expect(all.generator == 200 && all.critic == 800)
    }
}
