import Foundation

/// What this process settles with the system before its first work.
enum ProcessStart {
    /// To be called before there is a second thread.
    static func prepare() {
        occupyStandardDescriptors()
        // What cannot be written is an error of the write, and no end without a word.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        // The language's runtime would print a crash, and the process might go on.
        _ = isTaken(SIGQUIT)
        // What the parent's thread kept from itself is not meant for this process.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        InterruptionSignals.shared.watch([SIGINT, SIGTERM, SIGHUP].filter(isTaken))
    }

    /// Puts something in the place of a standard input, output or error that is closed: the next
    /// file to be opened would become it, and be written over by progress and results.
    ///
    /// It is opened for the other direction, so that reading and writing still fail.
    private static func occupyStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free one is the result.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Gives a signal the system's own effect, unless the process was started to ignore it, as
    /// `nohup` does.
    ///
    /// - Returns: Whether it is not ignored.
    private static func isTaken(_ number: Int32) -> Bool {
        let before = signal(number, SIG_DFL)
        let isIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        if isIgnored { signal(number, SIG_IGN) }
        return !isIgnored
    }
}
