#if os(Linux)
    import Glibc

    /// Lets threads without work wait awake for microseconds instead of milliseconds.
    ///
    /// OpenMP's runtime, with which oneDNN shares its work, lets threads that wait for each other
    /// spin. Beside another busy process a thread then spins for the whole time slice that its
    /// partner would need: two trainings on two processors took twenty times as long as one. The
    /// runtime reads how long to spin when it is loaded, before the first line of this program, so
    /// that the program starts itself once more with the setting. Who sets it, or
    /// `OMP_WAIT_POLICY`, keeps the say.
    func waitBriefly() {
        guard getenv("GOMP_SPINCOUNT") == nil, getenv("OMP_WAIT_POLICY") == nil,
            setenv("GOMP_SPINCOUNT", "2000", 1) == 0
        else { return }
        // By its path, so that lists of processes show its name.
        guard let path = realpath("/proc/self/exe", nil) else { return }
        // Returns only where it fails; then the program goes on as it is.
        execv(path, CommandLine.unsafeArgv)
    }
#else
    func waitBriefly() {}
#endif
