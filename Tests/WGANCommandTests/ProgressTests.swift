import Foundation
import Synchronization
import Testing

@testable import WGANCommand

/// A place to draw that remembers what was drawn.
final class Screen: ProgressOutput {
    let isTerminal: Bool
    private let columns: Mutex<Int>
    private let pieces = Mutex<[String]>([])

    init(isTerminal: Bool, width: Int = 80) {
        self.isTerminal = isTerminal
        columns = Mutex(width)
    }

    var width: Int {
        get { columns.withLock { $0 } }
        set { columns.withLock { $0 = newValue } }
    }

    var written: [String] { pieces.withLock { $0 } }

    func write(_ text: String) { pieces.withLock { $0.append(text) } }
}

@Suite("Progress")
struct ProgressTests {
    private let line = ProgressLine(
        iteration: 250, total: 1000, rate: 12.5, fields: ["critic -0.52", "W 1.23"])
    private let clear = "\r\u{1B}[K"

    @Test("A line leaves out what matters least as the width falls")
    func widths() {
        let style = ProgressLine.Style()
        let expected: [(Int, String)] = [
            (60, " 250/1000   25%  1:00 left  12.5/s  critic -0.52  W 1.23"),
            (50, " 250/1000   25%  1:00 left  critic -0.52  W 1.23"),
            (40, " 250/1000   25%  1:00 left  critic -0.52"),
            (30, " 250/1000   25%  1:00 left"), (20, " 250/1000   25%"), (10, " 250/1000"),
            (9, " 250/1000"), (8, " 25%"), (2, " 2"), (1, " "), (0, ""),
        ]
        for (width, text) in expected {
            #expect(line.text(width: width, style: style) == text)
        }
        for width in 0...300 {
            #expect(line.text(width: width, style: style).count <= width)
        }
    }

    @Test("The bar fills with the share done and has 30 columns at most")
    func bar() {
        let style = ProgressLine.Style()
        #expect(
            line.text(width: 200, style: style)
                == " 250/1000  =======-----------------------   25%  1:00 left  12.5/s  "
                + "critic -0.52  W 1.23")
        let half = ProgressLine(iteration: 1, total: 2)
        #expect(half.text(width: 23, style: .init(unicode: true)) == "1/2  ━━━━━━──────   50%")
        let done = ProgressLine(iteration: 3, total: 2)
        #expect(done.text(width: 22, style: style) == "3/2  ===========  100%")
        #expect(ProgressLine(iteration: 0, total: 0).fraction == 1)
    }

    @Test("Colour adds nothing but escape sequences")
    func colour() {
        let plain = line.text(width: 100, style: .init(unicode: true))
        let coloured = line.text(width: 100, style: .init(colour: true, unicode: true))
        #expect(coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }

    @Test("NO_COLOR and the locale decide about the style")
    func style() {
        #expect(ProgressLine.Style(environment: [:]) == .init(colour: true))
        #expect(ProgressLine.Style(environment: ["NO_COLOR": "1"]) == .init())
        #expect(ProgressLine.Style(environment: ["NO_COLOR": ""]).colour)
        #expect(ProgressLine.Style(environment: ["LANG": "en_GB.UTF-8"]).unicode)
        #expect(!ProgressLine.Style(environment: ["LANG": "en_GB.UTF-8", "LC_ALL": "C"]).unicode)
        #expect(ProgressLine.Style(environment: ["LC_ALL": "C.utf8"]).unicode)
    }

    @Test("Fields cannot carry escape sequences to the terminal")
    func hostileFields() {
        let line = ProgressLine(iteration: 1, total: 2, fields: ["a\u{1B}[2Jb\nc"])
        #expect(line.text(width: 60, style: .init()).hasSuffix("  a\\u{1B}[2Jb\\nc"))
        #expect(line.plain() == "1/2   50%  a\\u{1B}[2Jb\\nc")
    }

    static let times: [(Double, String)] = [
        (0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (3599, "59:59"), (3723, "1:02:03"),
        (363_659, "4 d 05 h"), (1e300, "> 999 d"), (.infinity, "> 999 d"),
    ]

    @Test("Times are written for people", arguments: times)
    func writesTime(_ seconds: Double, _ text: String) {
        #expect(ProgressLine.time(seconds) == text)
    }

    @Test("The rate is right at once, and follows a change within some tens of seconds")
    func rate() throws {
        var rate = RateEstimate()
        #expect(rate.perSecond == nil)
        rate.add(20, in: 1)
        #expect(try #require(rate.perSecond) == 20)
        for _ in 0..<100 { rate.add(20, in: 1) }
        #expect(abs(try #require(rate.perSecond) - 20) < 1e-9)
        for _ in 0..<50 { rate.add(10, in: 1) }
        #expect(abs(try #require(rate.perSecond) - 10) < 0.1)
        rate.add(-5, in: -1)
        #expect(abs(try #require(rate.perSecond) - 10) < 0.1)
    }

    @Test("On a terminal the line is redrawn ten times a second at most, and cleared at the end")
    func terminal() {
        let screen = Screen(isTerminal: true)
        let clock = TestClock()
        let bar = ProgressBar(total: 1000, output: screen, environment: [:], now: clock.read)
        for iteration in 1...1000 {
            clock.advance(.milliseconds(1))
            bar.update(iteration: iteration, fields: ["W 1"])
        }
        bar.finish()
        bar.update(iteration: 1000)
        bar.finish()
        #expect(screen.written.count == 11)
        #expect(
            screen.written.dropLast().allSatisfy { $0.hasPrefix("\r") && $0.hasSuffix("\u{1B}[K") })
        #expect(screen.written.dropLast().allSatisfy { !$0.contains("\n") })
        #expect(screen.written.last == clear)
    }

    @Test("A terminal may change its width, down to nothing")
    func resizing() {
        let screen = Screen(isTerminal: true, width: 40)
        let clock = TestClock()
        let bar = ProgressBar(
            total: 100, output: screen, environment: ["NO_COLOR": "1"], now: clock.read)
        for (iteration, width) in [40, 12, 5, 1, 0, 60].enumerated() {
            screen.width = width
            clock.advance(.seconds(1))
            bar.update(iteration: iteration)
            let text = screen.written.last!.dropFirst().dropLast(3)
            #expect(text.count <= max(0, width - 1))
        }
    }

    @Test("A note stands above the bar")
    func notes() {
        let screen = Screen(isTerminal: true)
        let bar = ProgressBar(total: 10, output: screen, environment: [:], now: TestClock().read)
        bar.note("first")
        bar.update(iteration: 1)
        bar.note("second")
        #expect(screen.written[0] == "first\n")
        #expect(screen.written[2] == clear + "second\n")
        #expect(screen.written[3] == screen.written[1])
    }

    @Test(
        "Elsewhere plain lines are written: about twenty in a long run, few in a short one",
        arguments: [10, 36_000])
    func plainLines(seconds: Int) {
        let screen = Screen(isTerminal: false)
        let clock = TestClock()
        let bar = ProgressBar(total: 10_000, output: screen, environment: [:], now: clock.read)
        for iteration in 1...10_000 {
            clock.advance(.seconds(seconds) / 10_000)
            bar.update(iteration: iteration)
        }
        bar.finish()
        #expect(screen.written.count == (seconds == 10 ? 5 : 21))
        #expect(screen.written.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1B}") })
        #expect(screen.written.last?.hasPrefix("10000/10000  100%") == true)
    }

    @Test("A run that is resumed counts its rate and its lines from where it starts")
    func resumed() {
        let screen = Screen(isTerminal: false)
        let clock = TestClock()
        let bar = ProgressBar(
            total: 1000, from: 900, output: screen, environment: [:], now: clock.read)
        clock.advance(.seconds(5))
        bar.update(iteration: 910)
        #expect(screen.written == [" 910/1000   91%  0:45 left  2.0/s\n"])
    }

    @Test("Quiet means nothing at all", arguments: [true, false])
    func quiet(isTerminal: Bool) {
        let screen = Screen(isTerminal: isTerminal)
        let clock = TestClock()
        let bar = ProgressBar(
            total: 2, isQuiet: true, output: screen, environment: [:], now: clock.read)
        clock.advance(.seconds(60))
        bar.update(iteration: 1)
        bar.note("x")
        bar.finish()
        #expect(screen.written.isEmpty)
    }
}
