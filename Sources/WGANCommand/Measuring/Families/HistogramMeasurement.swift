import Evaluation
import OptimalTransport
import Runs

/// Divergences of histograms over the same bins.
struct HistogramMeasurement: Measurement {
    private enum Kind: String, CaseIterable { case tv, kl, js }

    private let kind: Kind

    static var all: [any Measurement] { Kind.allCases.map { HistogramMeasurement(kind: $0) } }

    var name: String { kind.rawValue }
    var inputs: String { "histograms: a list of counts each" }
    var better: MeasureDescription.Direction { .lower }
    var options: Set<MeasureOption> { [] }

    var summary: String {
        switch kind {
        case .tv: "total variation, in 0…1"
        case .kl: "Kullback–Leibler divergence of A from B, in nats"
        case .js: "Jensen–Shannon divergence, in 0…ln 2"
        }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let first = try request.sideA.reading { try SampleArray.list(at: $0) }
        let second = try request.sideB().reading { try SampleArray.list(at: $0) }
        let divergences = try Divergences(histograms: first, second)
        let value =
            switch kind {
            case .tv: divergences.totalVariation
            case .kl: divergences.kullbackLeibler
            case .js: divergences.jensenShannon
            }
        return MeasureResult(
            metric: name, value: .number(value),
            details: [
                ("bins", .integer(first.count)),
                ("countA", .number(first.reduce(0, +))), ("countB", .number(second.reduce(0, +))),
                ("reverse", .number(divergences.reverseKullbackLeibler)),
                ("hellinger", .number(divergences.hellinger)), ("arithmetic", .text("float64")),
            ])
    }
}
