import Foundation
import Runs

/// Lets another program take turns: a line `run N` on standard input is answered by one line of
/// JSON with the times of N iterations. Between requests the process sleeps.
extension WorkloadTimer {
    private struct Ready: Encodable {
        var ready = true
        var compiledSeconds: Double
        var firstIterationSeconds: Double

        private enum CodingKeys: String, CodingKey {
            case ready
            case compiledSeconds = "compiled_s"
            case firstIterationSeconds = "first_iteration_s"
        }
    }

    private struct Answer: Encodable {
        var times: [Double]
        var peakMegabytes: Double

        private enum CodingKeys: String, CodingKey {
            case times = "times_ms"
            case peakMegabytes = "peak_rss_mb"
        }
    }

    func serve() throws {
        try answer(
            Ready(
                compiledSeconds: compiledSeconds, firstIterationSeconds: firstIterationSeconds))
        while let line = readLine(), line != "quit" {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == "run", let count = Int(words[1]), count > 0 else {
                throw CommandFailure("cannot answer \"\(line)\"; ask by run N, and end by quit")
            }
            try answer(Answer(times: try run(count), peakMegabytes: ProcessFacts.peakMegabytes))
        }
    }

    private func answer(_ value: some Encodable) throws {
        try print(String(decoding: JSONEncoder.sorted.encode(value), as: UTF8.self))
    }
}
