import CPUExecutor

extension CPUDevice {
    /// A device that uses all its threads even for the small programs of tests.
    static func eager(threads: Int) -> CPUDevice {
        CPUDevice(threads: threads, flopsForThreads: 0)
    }
}
