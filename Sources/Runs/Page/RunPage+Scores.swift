import Files
import Foundation
import WGAN

extension RunPage {
    private static let auditNames: KeyValuePairs = [
        "estimate": "critic's estimate", "scaledEstimate": "estimate / slope",
        "exactW1": "exact W₁", "floorW1": "W₁ of two real samples", "slicedW1": "sliced W₁",
        "largestPairSlope": "steepest between two samples",
        "spectralProduct": "product of the spectral norms",
        "shareAtBound": "share of weights at the bound", "samples": "samples of each kind",
    ]

    /// The scorecard and the audit of the critic.
    func scores(into page: inout HTMLWriter) {
        page.element("h2", text: "Scorecard")
        guard let evaluation else {
            page.element("p", ["class": "faded"]) { page in
                page.raw("Not evaluated yet: ")
                page.element("code", text: "wgan evaluate")
                page.raw(" judges samples and critic.")
            }
            return
        }
        if let warning = otherWeights(than: evaluation) {
            page.element("p", ["class": "warning"], text: warning)
        }
        let seeds = evaluation["seeds"]?.shown ?? "?"
        let place = evaluation["step"].map { "Weights of step \($0.shown): " } ?? ""
        page.element(
            "p", ["class": "faded"],
            text:
                "\(place)\(evaluation["samples"]?.shown ?? "?") samples on each side, mean over "
                + "\(seeds) "
                + "sampling seeds with the half width of the 95 % confidence interval.")
        page.element("div", ["class": "card"]) { page in
            page.element("table") { scoreRows(evaluation["scores"]?.list ?? [], into: &$0) }
        }
        if let memorisation = evaluation["memorisation"] { show(copies: memorisation, into: &page) }
        if let audit = evaluation["audit"] { show(audit, into: &page) }
    }

    /// A sentence where the scorecard is not of the run's newest weights, or does not say it.
    private func otherWeights(than evaluation: JSONValue) -> String? {
        guard case .text(let sum)? = evaluation["weightsXXH64"] else {
            return
                "This scorecard does not say which weights it is of; wgan evaluate makes it anew."
        }
        guard let stamp, stamp.xxh64 != sum else { return nil }
        let step = evaluation["step"]?.shown ?? "?"
        return "This scorecard is of other weights, those of step \(step) (\(sum)). The newest are "
            + "those of \(stamp.shown); wgan evaluate judges them."
    }

    private func scoreRows(_ scores: [JSONValue], into page: inout HTMLWriter) {
        page.element("thead") { page in
            page.element("tr") { page in
                page.element("th", ["scope": "col"], text: "measure")
                page.element("th", ["scope": "col"], text: "beside")
                page.element("th", ["scope": "col", "class": "number"], text: "value")
            }
        }
        page.element("tbody") { page in
            for score in scores {
                let split = score["split"]?.shown
                let width = score["halfWidth95"]?.double.map {
                    " ± " + $0.formatted(significantDigits: 2)
                }
                page.element("tr") { page in
                    page.element("td", text: score["metric"]?.shown ?? "?")
                    page.element("td", text: split.map { "\($0) split" } ?? "fresh samples")
                    page.element(
                        "td", ["class": "number"],
                        text: (score["mean"]?.double?.formatted(significantDigits: 5)
                            ?? score["mean"]?.shown ?? "?") + (width ?? ""))
                }
            }
        }
    }

    private static let copyNames: KeyValuePairs = [
        "copyShare": "share of samples next to copies", "expectedShare": "the same by chance",
        "pValue": "probability of such a share by chance",
        "medianDifference": "median difference of samples from the nearest image, of 255",
        "medianReferenceDifference": "the same of real images", "reference": "real images",
        "samples": "samples", "trainingImages": "training images",
    ]

    /// How near the samples are to training images.
    private func show(copies: JSONValue, into page: inout HTMLWriter) {
        page.element("h3", text: "Copies of training images")
        if let verdict = copies["verdict"]?.shown { page.element("p", text: verdict) }
        for (caption, svg) in copyFigures {
            page.element("figure") { page in
                page.element("figcaption", text: caption)
                page.void(
                    "img",
                    [
                        "alt": caption, "class": "photo",
                        "src": "data:image/svg+xml;base64," + svg.base64EncodedString(),
                    ])
            }
        }
        page.table(
            Self.copyNames.compactMap { key, name in
                copies[key].map { (name, $0.double?.formatted(significantDigits: 3) ?? $0.shown) }
            })
    }

    private func show(_ audit: JSONValue, into page: inout HTMLWriter) {
        page.element("h3", text: "Audit of the critic")
        if let verdict = audit["verdict"]?.shown { page.element("p", text: verdict) }
        var rows: [(name: String, value: String)] = Self.auditNames.compactMap { key, name in
            audit[key].map { (name, $0.double?.formatted(significantDigits: 4) ?? $0.shown) }
        }
        let norms = ["smallest", "median", "largest"].compactMap {
            audit["gradientNorms"]?[$0]?.double?.formatted(significantDigits: 4)
        }
        if norms.count == 3 { rows.append(("gradient norms", norms.joined(separator: " … "))) }
        page.table(rows)
    }
}

/// One measure of a run's samples, as `wgan evaluate` has left it.
package struct RunScore: Sendable {
    /// The measure and, where there is one, the part of the data: `fid (test)`.
    package let name: String
    package let mean: Double
    /// The value of each sampling seed.
    package let values: [Double]

    /// Those of a run; none where it was not evaluated.
    package static func all(of run: RunFolder) -> [RunScore] {
        let evaluation = (try? run.decoded(RunPage.evaluationPath)) as JSONValue?
        return (evaluation?["scores"]?.list ?? []).compactMap { score in
            guard let metric = score["metric"]?.shown, let mean = score["mean"]?.double else {
                return nil
            }
            let split = score["split"].map { " (\($0.shown))" } ?? ""
            return RunScore(
                name: metric + split, mean: mean,
                values: score["perSeed"]?.list?.compactMap(\.double) ?? [mean])
        }
    }
}
