/// Values of the same metrics at step after step, gathered to be handed on together.
///
/// Gathering takes a training a tenth of what handing on every step does.
package struct MetricBlock: Sendable {
    /// The metrics.
    package let names: [String]
    /// The steps that were measured.
    package private(set) var steps: [Int] = []
    private var times: [Double] = []
    private var values: [Double] = []

    package init(of names: [String]) { self.names = names }

    /// Adds a step.
    ///
    /// - Parameters:
    ///   - time: When it was measured, in seconds since 1970.
    ///   - row: A value for each name; not-a-number where nothing was measured.
    package mutating func append(step: Int, time: Double, _ row: [Double]) {
        precondition(row.count == names.count, "a value for each metric")
        steps.append(step)
        times.append(time)
        values.append(contentsOf: row)
    }

    /// The values of one of the metrics with their steps; none of a metric that the block has not.
    package func values(of name: String) -> [(step: Int, value: Double)] {
        guard let column = names.firstIndex(of: name) else { return [] }
        return steps.indices.map { (steps[$0], values[$0 * names.count + column]) }
            .filter { !$0.1.isNaN }
    }

    /// What the block takes of the room that may be pending.
    var weight: Int { values.count + steps.count }

    /// A record for each step, of what was measured there.
    var records: [MetricRecord] {
        steps.indices.map { row in
            let measured = zip(names, values[row * names.count..<(row + 1) * names.count])
                .filter { !$0.1.isNaN }
            return MetricRecord(
                step: steps[row], time: times[row],
                values: measured.map { (name: $0, value: $1) })
        }
    }
}
