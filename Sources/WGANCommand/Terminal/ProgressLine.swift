import Files
import Foundation

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
