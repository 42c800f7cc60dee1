import Runs

/// Writes a result to the standard output.
///
/// It takes the place of Swift's `print` in this module, which says nothing of a full disk.
///
/// - Throws: ``StandardOutputFailure``.
func print(_ value: Any, terminator: String = "\n") throws {
    try StandardOutput.write("\(value)\(terminator)")
}

/// Writes what a training says at its end, which is also in its folder: that nobody hears it, since
/// the standard output is closed, is no failure of the training.
///
/// - Throws: ``StandardOutputFailure`` where the output is open and cannot be written.
func printToListener(_ value: Any) throws {
    do {
        try print(value)
    } catch let failure as StandardOutputFailure where failure.isClosed {}
}

/// Tells the user something that is not part of a result.
func note(_ text: String) { say("note: \(text)") }

/// Writes a line to the standard error, where anybody listens.
func say(_ line: String) {
    let output = StandardError()
    // A progress bar may be in this line; it draws itself again.
    output.write((output.isTerminal ? "\r\u{1B}[K" : "") + line + "\n")
}
