import CDNNL
import Testing

@Suite("OpenMP teams") struct ParallelTests {
    /// How often each thread number came, and the team size that each was told.
    private func visits(threads: Int32) -> (counts: [Int32], sizes: [Int32]) {
        let memory = UnsafeMutablePointer<Int32>.allocate(capacity: 16)
        memory.initialize(repeating: 0, count: 16)
        defer { memory.deallocate() }
        cdnnl_parallel(
            threads,
            { context, thread, threads in
                // Each thread writes places of its own.
                let memory = context!.assumingMemoryBound(to: Int32.self)
                memory[Int(thread)] += 1
                memory[8 + Int(thread)] = threads
            }, memory)
        let all = Array(UnsafeBufferPointer(start: memory, count: 16))
        return (Array(all[..<8]), Array(all[8...]))
    }

    @Test("call the body once on each thread", arguments: [Int32(1), 2, 3])
    func callsEachThread(threads: Int32) {
        let (counts, sizes) = visits(threads: threads)
        let granted = Int(sizes[0])
        #expect(granted >= 1 && granted <= Int(threads))
        #expect(counts == (0..<8).map { $0 < granted ? 1 : 0 })
        #expect(sizes == (0..<8).map { $0 < granted ? Int32(granted) : 0 })
    }

    @Test("of helpers call the body once for each number, job after job", arguments: [Int32(2), 3])
    func helpers(threads: Int32) {
        cdnnl_use_helpers(1)
        defer { cdnnl_use_helpers(0) }
        for _ in 0..<2000 {
            let (counts, sizes) = visits(threads: threads)
            #expect(counts == (0..<8).map { $0 < threads ? 1 : 0 })
            #expect(sizes == (0..<8).map { $0 < threads ? threads : 0 })
        }
    }

    @Test("have the size that was set, and at least one thread")
    func setsThreads() {
        let before = cdnnl_threads()
        defer { cdnnl_set_threads(before) }
        cdnnl_set_threads(2)
        #expect(cdnnl_threads() == 2)
        cdnnl_set_threads(0)
        #expect(cdnnl_threads() == 1)
    }

    @Test("have a library version to report")
    func reportsVersion() {
        let parts = String(cString: cdnnl_version()).split(separator: ".")
        #expect(parts.count == 3)
        #expect(Int(parts[0]).map { (2...3).contains($0) } == true)
    }
}
