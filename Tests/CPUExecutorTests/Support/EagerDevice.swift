import CPUExecutor

extension CPUDevice {
    /// A device that uses all its threads even for the small programs of tests.
    static func eager(threads: Int) -> CPUDevice {
        var processor = Processor.current
        processor.tuning.programForThreads = 0
        return CPUDevice(threads: threads, for: processor)
    }

    /// A device that plans for a processor with the usual caches, whatever this machine has.
    static func planning(for vectors: VectorLevel, threads: Int) -> CPUDevice {
        CPUDevice(threads: threads, for: Processor(vectors: vectors))
    }
}
