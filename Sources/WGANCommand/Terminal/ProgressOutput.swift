import Files
import Foundation

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
