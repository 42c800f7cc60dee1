package import TensorGraph

extension Plan: CustomStringConvertible {
    /// One line for each step with its arithmetic and its bytes, then the memory.
    package var description: String { describe(times: nil) }

    /// The same with measured times: nanoseconds for each step, summed over `runs` runs.
    package func describe(times: [Int64]?, runs: Int = 1) -> String {
        var lines = steps.enumerated().map { index, step in
            let number = padded("\(index)", 4)
            let size =
                padded(scaled(step.cost.flops, "FLOP"), 12)
                + padded(scaled(step.cost.bytes, "B"), 10)
            guard let times else { return "\(number)\(size)  \(step.label)" }
            let nanoseconds = Double(times[index]) / Double(runs)
            // Times below the clock's resolution have no rates.
            let rate = { (amount: Int, unit: String) in
                nanoseconds > 0 ? "\(decimal(Double(amount) / nanoseconds)) \(unit)" : "–"
            }
            let rates =
                padded(decimal(nanoseconds / 1000) + " µs", 13)
                + padded(rate(step.cost.flops, "GFLOP/s"), 16)
                + padded(rate(step.cost.bytes, "GB/s"), 13)
            return "\(number)\(size)\(rates)  \(step.label)"
        }
        let total = totalCost
        lines.append(
            "\(steps.count) steps, \(scaled(total.flops, "FLOP")), \(scaled(total.bytes, "B"))")
        lines.append(
            "arena \(scaled(memory.arenaBytes, "B")) "
                + "(\(scaled(memory.unsharedBytes, "B")) without reuse), "
                + "scratch \(scaled(memory.scratchBytes, "B")), "
                + "\(threads) \(threads == 1 ? "thread" : "threads")"
        )
        return lines.joined(separator: "\n")
    }

    /// The arithmetic and the traffic of all steps.
    package var totalCost: Cost {
        steps.reduce(into: Cost()) {
            $0.flops += $1.cost.flops
            $0.bytes += $1.cost.bytes
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// A number with one decimal.
private func decimal(_ x: Double) -> String {
    let tenths = Int((x * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

/// A quantity with a prefix that keeps it below a thousand: 1500 B is 1.5 kB.
package func scaled(_ value: Int, _ unit: String) -> String {
    var (value, prefixes) = (Double(value), ["", "k", "M", "G", "T"][...])
    while value >= 1000, prefixes.count > 1 {
        value /= 1000
        prefixes.removeFirst()
    }
    return "\(decimal(value)) \(prefixes.first!)\(unit)"
}
