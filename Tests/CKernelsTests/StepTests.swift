import CKernels
import Testing

@Suite("Steps of a plan") struct StepTests {
    /// Adds one to the number that the context points to; fails when it becomes three.
    private let count: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
        let number = context!.assumingMemoryBound(to: Int32.self)
        number.pointee += 1
        return number.pointee == 3 ? 9 : 0
    }

    @Test("run in order, and their times add up")
    func run() {
        let memory = TestMemory()
        let number = memory.keep([Int32(0)])
        let steps = [wk_step](repeating: wk_step(run: count, context: number), count: 2)
        #expect(wk_run_steps(steps, 2) == -1)
        #expect(number.pointee == 2)
        number.pointee = 10
        var times: [Int64] = [1 << 40, 1 << 40]
        #expect(wk_profile_steps(steps, 2, &times) == -1)
        #expect(number.pointee == 12)
        #expect(times.allSatisfy { $0 >= 1 << 40 })
    }

    @Test("end at the first that fails, which is named")
    func failure() {
        let memory = TestMemory()
        let number = memory.keep([Int32(0)])
        let steps = [wk_step](repeating: wk_step(run: count, context: number), count: 5)
        #expect(wk_run_steps(steps, 5) == 2)
        #expect(number.pointee == 3)
        number.pointee = 2
        var times = [Int64](repeating: 0, count: 5)
        #expect(wk_profile_steps(steps, 5, &times) == 0)
        #expect(wk_run_steps(steps, 0) == -1)
    }
}
