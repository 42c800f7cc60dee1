import CKernels
import Testing

@Suite("Sorting within groups")
struct SortTests {
    @Test(
        "moves numbers as their keys are sorted, stably, and back again",
        arguments: [1, 2, 3, 4, 7, 8, 9, 16, 31, 64, 100, 128, 1000, 4096], [1, 2])
    func orders(group: Int, threads: Int) {
        var random = SystemRandomNumberGenerator()
        // Lanes that are filled, and some that are not.
        let groups = group <= 1000 ? 37 : 5
        // Few different keys, so that many are equal, and some that are no numbers.
        let rare: [Float] = [.nan, -.nan, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude]
        let keys = (0..<groups * group).map { _ in
            Int.random(in: 0...4, using: &random) == 0
                ? rare.randomElement(using: &random)!
                : Float(Int.random(in: -3...3, using: &random))
        }
        let numbers = (0..<groups * group).map(Float.init)
        let sorted = run(keys, numbers, group, isInverse: false, threads)
        for start in stride(from: 0, to: keys.count, by: group) {
            let order = (start..<start + group).sorted {
                let (a, b) = (keys[$0], keys[$1])
                if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? $0 < $1 : b.isNaN }
                return a > b || a == b && $0 < $1
            }
            #expect(Array(sorted[start..<start + group]) == order.map(Float.init))
        }
        #expect(run(keys, sorted, group, isInverse: true, threads) == numbers)
    }

    private func run(
        _ keys: [Float], _ numbers: [Float], _ group: Int, isInverse: Bool, _ threads: Int
    ) -> [Float] {
        let memory = TestMemory()
        let target = memory.keep([Float](repeating: guardNumber, count: keys.count + 8))
        var kernel = wk_sort_kernel(
            keys: UnsafePointer(memory.keep(keys)), numbers: UnsafePointer(memory.keep(numbers)),
            target: target, groups: Int64(keys.count / group), group: Int64(group),
            is_inverse: isInverse ? 1 : 0, threads: Int32(threads))
        _ = wk_run_sort(&kernel)
        let whole = Array(UnsafeBufferPointer(start: target, count: keys.count + 8))
        #expect(whole[keys.count...].allSatisfy { $0 == guardNumber })
        return Array(whole[..<keys.count])
    }
}
