import CKernels
import Philox
import Testing

@Suite("Copies between layouts") struct CopyKernelTests {
    /// A copy of `extents` elements between two layouts.
    private struct Copy {
        var extents: [Int]
        var target: [Int]
        var source: [Int]

        /// Extents of rank 1–8; the target's axes in any order with gaps, the source's any strides.
        init(_ random: inout RandomStream) {
            let rank = Int.random(in: 1...8, using: &random)
            extents = (0..<rank).map { _ in Int.random(in: 1...4, using: &random) }
            extents[Int.random(in: 0..<rank, using: &random)] = 19
            (target, source) = (Array(repeating: 0, count: rank), [])
            var stride = Int.random(in: 1...2, using: &random)
            for axis in (0..<rank).shuffled(using: &random) {
                target[axis] = stride
                stride *= extents[axis] + Int.random(in: 0...1, using: &random)
            }
            for _ in 0..<rank { source.append(Int.random(in: 0...5, using: &random)) }
        }

        func size(_ strides: [Int]) -> Int {
            zip(extents, strides).map { ($0 - 1) * $1 }.reduce(1, +)
        }

        func run(from values: [Float]?, threads: Int32) -> [Float] {
            let memory = TestMemory()
            let count = size(target) + 16
            let place = memory.keep([Float](repeating: guardNumber, count: count))
            var kernel = wk_copy_kernel()
            kernel.target = place
            kernel.source = values.map { UnsafePointer(memory.keep($0)) }
            set(&kernel.target_strides, to: target)
            set(&kernel.source_strides, to: source)
            set(&kernel.extents, to: extents)
            (kernel.rank, kernel.threads) = (Int32(extents.count), threads)
            _ = wk_run_copy(&kernel)
            return Array(UnsafeBufferPointer(start: place, count: count))
        }

        func expected(from values: [Float]?) -> [Float] {
            var result = [Float](repeating: guardNumber, count: size(target) + 16)
            for element in 0..<extents.reduce(1, *) {
                let from = CKernelsTests.place(of: element, in: extents, strides: source)
                let to = CKernelsTests.place(of: element, in: extents, strides: target)
                result[to] = values?[from] ?? 0
            }
            return result
        }
    }

    @Test("move each element to its place and touch nothing else", arguments: UInt64(1)...100)
    func strides(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 4)
        let copy = Copy(&random)
        let values = (0..<copy.size(copy.source)).map { _ in random.nextUniform() }
        for threads: Int32 in 1...2 {
            #expect(copy.run(from: values, threads: threads) == copy.expected(from: values))
        }
    }

    @Test("write zeros where there is no source", arguments: UInt64(1)...40)
    func zeros(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 5)
        let copy = Copy(&random)
        for threads: Int32 in 1...2 {
            #expect(copy.run(from: nil, threads: threads) == copy.expected(from: nil))
        }
    }

    @Test("of no elements do nothing")
    func empty() {
        var random = RandomStream(seed: 1, stream: 6)
        var copy = Copy(&random)
        (copy.extents, copy.target, copy.source) = ([3, 0], [4, 1], [4, 1])
        #expect(copy.run(from: [1], threads: 1).allSatisfy { $0 == guardNumber })
        (copy.extents, copy.target, copy.source) = ([0, 3], [3, 1], [3, 1])
        #expect(copy.run(from: [1], threads: 2).allSatisfy { $0 == guardNumber })
    }
}
