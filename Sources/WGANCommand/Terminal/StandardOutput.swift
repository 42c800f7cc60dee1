import Files
import Foundation

/// The standard output of this process, where the results of a command go.
package enum StandardOutput {
    /// Writes a text at once, all of it.
    ///
    /// - Throws: ``StandardOutputFailure`` where the system does not take it.
    package static func write(_ text: String) throws {
        let code = Array(text.utf8).withUnsafeBytes { FileCalls().putAll($0, to: STDOUT_FILENO) }
        if code != 0 { throw StandardOutputFailure(code: code) }
    }
}

/// A result that could not be written to the standard output.
package struct StandardOutputFailure: Error, Equatable, Sendable {
    /// The `errno` code of the write.
    let code: Int32

    /// Whether nobody can hear: the reader of a pipe has ended, the terminal is gone, or there was
    /// no standard output from the start.
    package var isClosed: Bool {
        var status = stat()
        switch code {
        case EPIPE, EBADF: return true
        // A terminal that was closed; of a file, the code means a broken disk.
        case EIO: return fstat(STDOUT_FILENO, &status) != 0 || status.st_mode & S_IFMT == S_IFCHR
        default: return false
        }
    }
}

extension StandardOutputFailure: CustomStringConvertible {
    /// One sentence: what failed, why, and what to do.
    package var description: String {
        let (cause, remedy) = explanation
        return "Cannot write the result to standard output: \(cause); \(remedy)."
    }

    private var explanation: (cause: String, remedy: String) {
        switch code {
        case EPIPE: ("its reader has ended", "let it read to the end")
        case EBADF: ("it is closed", "open it, or redirect it to a file")
        case ENOSPC, EDQUOT:
            ("the disk is full or a quota is used up", "free some space or redirect it elsewhere")
        case EFBIG: ("it would exceed the largest size allowed", "raise the limit (ulimit -f)")
        default: (String(cString: strerror(code)), "redirect it elsewhere")
        }
    }
}

/// Where a progress bar is drawn.
package protocol ProgressOutput: Sendable {
    /// Whether lines can be drawn over.
    var isTerminal: Bool { get }
    /// The columns of the terminal now.
    var width: Int { get }
    /// Writes text at once. What cannot be written is lost.
    func write(_ text: String)
}

/// The standard error of this process.
package struct StandardError: ProgressOutput {
    /// Standard error as it is.
    package init() {}

    package var isTerminal: Bool {
        isatty(STDERR_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    package var width: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    package func write(_ text: String) {
        // Progress is no reason to stop the work: a closed standard error is not reported.
        _ = Array(text.utf8).withUnsafeBytes { FileCalls().putAll($0, to: STDERR_FILENO) }
    }
}

extension ProgressLine.Style {
    /// The style that an environment asks for: colour unless `NO_COLOR` is set and not empty, line
    /// graphics where the locale is UTF-8.
    ///
    /// Source: no-color.org.
    init(environment: [String: String]) {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"]
            .compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.uppercased()
        colour = environment["NO_COLOR", default: ""].isEmpty
        unicode = name.contains("UTF-8") || name.contains("UTF8")
    }
}
