import Files
import Foundation
import Runs
import Synchronization

/// Tells people how far a long piece of work has come.
///
/// On a terminal it redraws one line, at most ten times a second. Elsewhere it writes a line for
/// every twentieth of the work, two seconds apart at least, an early one after five seconds, and
/// one at the end. Safe to use from several threads.
package final class ProgressBar: Sendable {
    private struct State {
        var line: ProgressLine
        var rate = RateEstimate()
        var lastUpdate: Duration
        var lastOutput: Duration?
        var nextTwentieth = 1
        var isDrawn = false
        var isFinished = false
    }

    private static let redrawInterval = Duration.milliseconds(100)
    private static let firstLineDelay = Duration.seconds(5)
    private static let lineInterval = Duration.seconds(2)

    private let output: any ProgressOutput
    private let isQuiet: Bool
    private let isTerminal: Bool
    private let style: ProgressLine.Style
    private let now: @Sendable () -> Duration
    private let start: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - total: Iterations in all.
    ///   - iteration: Iterations done before, in a run that is resumed.
    ///   - isQuiet: Whether nothing at all is to be written.
    ///   - output: Where to write.
    ///   - environment: The variables that decide about colour and line graphics.
    ///   - now: The time since any fixed moment.
    package init(
        total: Int, from iteration: Int = 0, isQuiet: Bool = false,
        output: any ProgressOutput = StandardError(),
        environment: [String: String] = ProcessInfo.processInfo.environment,
        now: @escaping @Sendable () -> Duration = {
            [start = ContinuousClock.now] in .now - start
        }
    ) {
        self.output = output
        self.isQuiet = isQuiet
        self.isTerminal = output.isTerminal
        self.style = ProgressLine.Style(environment: environment)
        self.now = now
        start = now()
        let line = ProgressLine(iteration: iteration, total: total)
        let twentieth = Int(line.fraction * 20) + 1
        state = Mutex(State(line: line, lastUpdate: start, nextTwentieth: twentieth))
    }

    /// Says how far the work has come. Cheap enough for every iteration.
    ///
    /// - Parameters:
    ///   - iteration: Iterations done, which should not decrease.
    ///   - fields: Short texts such as "critic −0.52" or "W 1.23", the most important first; empty
    ///     keeps the former ones.
    package func update(iteration: Int, fields: [String] = []) {
        if isQuiet { return }
        let time = now()
        state.withLock { state in
            guard !state.isFinished else { return }
            let more = iteration - state.line.iteration
            state.rate.add(more, in: (time - state.lastUpdate).seconds)
            state.lastUpdate = time
            state.line.iteration = iteration
            state.line.rate = state.rate.perSecond
            if !fields.isEmpty { state.line.fields = fields }
            if isTerminal {
                drawIfDue(&state, time)
            } else {
                writeLineIfDue(&state, time)
            }
        }
    }

    /// Writes a line of text above the bar, such as a warning; nothing when quiet.
    package func note(_ text: String) {
        if isQuiet { return }
        state.withLock { state in
            output.write((state.isDrawn ? Self.clear : "") + text + "\n")
            if state.isDrawn { draw(state.line) }
        }
    }

    /// Ends the display: clears the bar, or writes the last line. Later calls do nothing.
    package func finish() {
        if isQuiet { return }
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            if state.isDrawn {
                output.write(Self.clear)
                state.isDrawn = false
            } else if !isTerminal {
                output.write(state.line.plain() + "\n")
            }
        }
    }

    private static let clear = "\r\u{1B}[K"

    private func drawIfDue(_ state: inout State, _ time: Duration) {
        if let last = state.lastOutput, time - last < Self.redrawInterval { return }
        state.lastOutput = time
        state.isDrawn = true
        draw(state.line)
    }

    private func draw(_ line: ProgressLine) {
        // The last column stays free: text in it makes some terminals start a new line.
        let text = line.text(width: max(0, output.width - 1), style: style)
        output.write("\r" + text + "\u{1B}[K")
    }

    private func writeLineIfDue(_ state: inout State, _ time: Duration) {
        let twentieth = Int(state.line.fraction * 20)
        let isFirst = state.lastOutput == nil && time - start >= Self.firstLineDelay
        let isDue =
            twentieth >= state.nextTwentieth
            && time - (state.lastOutput ?? start) >= Self.lineInterval
        // The end has a line of its own.
        guard isFirst || isDue, state.line.fraction < 1 else { return }
        state.lastOutput = time
        state.nextTwentieth = twentieth + 1
        output.write(state.line.plain() + "\n")
    }
}

/// How fast a count grows, with the recent past weighing most.
struct RateEstimate: Sendable {
    /// The time in seconds after which a measurement's weight has fallen to 1/e.
    static let memory = 10.0

    private var count = 0.0
    private var seconds = 0.0

    /// Adds a measurement.
    ///
    /// - Parameters:
    ///   - more: By how much the count has grown.
    ///   - elapsed: In how many seconds.
    mutating func add(_ more: Int, in elapsed: Double) {
        // Count and time fade together, so that the quotient is right from the first measurement.
        let kept = exp(-max(0, elapsed) / Self.memory)
        count = count * kept + Double(max(0, more))
        seconds = seconds * kept + max(0, elapsed)
    }

    /// The growth for each second, or nil when nothing is known yet.
    var perSecond: Double? {
        count > 0 && seconds > 0 ? count / seconds : nil
    }
}

/// What a progress bar shows at one moment, and how it fits a line.
struct ProgressLine: Sendable, Equatable {
    /// How a line may be drawn.
    struct Style: Sendable, Equatable {
        var colour = false
        var unicode = false
    }

    /// Iterations done.
    var iteration: Int
    /// Iterations in all.
    var total: Int
    /// Iterations a second.
    var rate: Double?
    /// Short texts such as "W 1.23", the most important first.
    var fields: [String] = []

    /// The share done, 0…1.
    var fraction: Double {
        total > 0 ? min(1, max(0, Double(iteration) / Double(total))) : 1
    }

    /// The line with nothing left out, for files.
    func plain() -> String {
        let parts = [count, percentage, timeLeft, speed].compactMap { $0 } + cleanFields
        return parts.joined(separator: "  ")
    }

    /// The line that fits a width: what matters least is left out first, the bar first of all.
    ///
    /// - Parameters:
    ///   - width: Columns to use at most; anything above 0 is possible.
    ///   - style: How to draw.
    func text(width: Int, style: Style) -> String {
        guard count.count <= width else { return String(percentage.prefix(max(0, width))) }
        var room = width - count.count
        func fits(_ part: String?) -> String? {
            guard let part, part.count + 2 <= room else { return nil }
            room -= part.count + 2
            return part
        }
        let percentage = fits(percentage)
        let timeLeft = fits(timeLeft)
        let fields = cleanFields.compactMap { fits($0) }
        let speed = fits(speed)
        let bar = room >= 10 ? bar(columns: min(30, room - 2), style) : nil
        let parts = [count, bar, percentage, timeLeft, speed].compactMap { $0 } + fields
        return parts.joined(separator: "  ")
    }

    private var count: String {
        let digits = String(total).count
        let done = String(iteration)
        return String(repeating: " ", count: max(0, digits - done.count)) + "\(done)/\(total)"
    }

    private var percentage: String {
        // Rounded down: 100 % means that all is done.
        let text = String(Int(fraction * 100))
        return String(repeating: " ", count: 3 - text.count) + text + "%"
    }

    private var speed: String? {
        guard let rate, rate > 0 else { return nil }
        return rate >= 1
            ? String(format: rate < 100 ? "%.1f/s" : "%.0f/s", rate)
            : String(format: "%.1f s each", 1 / rate)
    }

    private var timeLeft: String? {
        guard let rate, rate > 0, iteration < total else { return nil }
        return Self.time(Double(total - iteration) / rate) + " left"
    }

    private var cleanFields: [String] { fields.map { $0.shown() } }

    /// A time such as 0:07, 1:02:03 or 4 d 05 h.
    ///
    /// - Parameter seconds: From 0 upwards; more than a thousand days are not told apart.
    static func time(_ seconds: Double) -> String {
        guard seconds < 86_400_000 else { return "> 999 d" }
        let whole = Int(max(0, seconds).rounded())
        let (days, hours) = (whole / 86_400, whole / 3600)
        if days > 0 { return String(format: "%d d %02d h", days, hours % 24) }
        if hours > 0 { return String(format: "%d:%02d:%02d", hours, whole / 60 % 60, whole % 60) }
        return String(format: "%d:%02d", whole / 60, whole % 60)
    }

    private func bar(columns: Int, _ style: Style) -> String {
        let done = Int(fraction * Double(columns))
        let (full, empty): (Character, Character) = style.unicode ? ("━", "─") : ("=", "-")
        let left = String(repeating: full, count: done)
        let right = String(repeating: empty, count: columns - done)
        return style.colour ? "\u{1B}[32m\(left)\u{1B}[0m\u{1B}[2m\(right)\u{1B}[0m" : left + right
    }
}
