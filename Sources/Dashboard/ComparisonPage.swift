import Evaluation
import Figures
import Files
import Foundation
import Runs
import StrictYAML
import WGAN

/// Runs beside each other: how their settings differ, and which of their scores do by more than
/// chance.
struct ComparisonPage {
    /// What the page's script draws.
    struct Groups: Encodable {
        struct Group: Encodable {
            let label: String
            let runs: [String]
        }

        let runs: [RunGlance]
        let groups: [Group]
        let charts: [RunDetails.Chart]
    }

    /// Runs that differ in more than this can tell are called by their names.
    private static let longestLabel = 60

    private let runs: [(id: String, run: WatchedRun)]
    /// Runs whose settings differ in the seed alone, by their places in ``runs``.
    private let sets: [(label: String, members: [Int])]
    /// The settings that are not the same in all runs, with the value of each.
    private let settings: [(key: String, values: [String])]

    init(_ runs: [(id: String, run: WatchedRun)]) throws {
        self.runs = runs
        settings = Self.settings(of: runs.map(\.run))
        let told = settings.filter { $0.key != "seed" }
        var sets: [(label: String, members: [Int])] = []
        for place in runs.indices {
            let label =
                told.isEmpty
                ? "" : told.map { "\($0.key) \($0.values[place])" }.joined(separator: ", ")
            let isKnown = runs[place].run.configuration != nil
            if isKnown, let set = sets.firstIndex(where: { $0.label == label }) {
                sets[set].members.append(place)
            } else {
                sets.append((isKnown ? label : runs[place].id, [place]))
            }
        }
        self.sets = sets.map { set in
            let names = set.members.map { runs[$0].id }
            let isShort = (1...Self.longestLabel).contains(set.label.count)
            let label = isShort ? set.label : names.joined(separator: ", ")
            return (names.count == 1 ? names[0] : label, set.members)
        }
    }

    var groups: Groups {
        get throws {
            let names = try runs.flatMap { _, run in
                try MetricHistory.of(run.folder)?.names() ?? []
            }
            return Groups(
                runs: runs.map { RunGlance($0.id, $0.run) },
                groups: sets.map { set in
                    .init(label: set.label, runs: set.members.map { runs[$0].id })
                },
                charts: MetricChart.charts(of: Array(Set(names)).sorted()).map(
                    RunDetails.Chart.init))
        }
    }

    var html: String {
        let title = "\(counted(runs.count, "run")) beside each other"
        return HTMLWriter.livePage(title, view: ["data-view": "comparison"]) { page in
            page.wayBack()
            page.element("h1", text: title)
            page.element("p", ["class": "faded", "id": "state"]) { page in
                for (place, (id, run)) in runs.enumerated() {
                    page.raw(place > 0 ? " · " : "")
                    page.element("a", ["href": address(of: id)], text: id)
                    page.raw(" \(run.status.state.rawValue) at step \(run.status.step)")
                }
            }
            page.element("h2", text: "Curves")
            page.element("div", ["class": "figures", "id": "curves"]) { _ in }
            page.element("h2", text: "Samples")
            page.element("div", ["class": "figures samples", "id": "samples"]) { page in
                for (id, run) in runs { sample(id, run.folder, into: &page) }
            }
            page.element("h2", text: "Settings that differ")
            differences(into: &page)
            page.element("h2", text: "Scorecards")
            scorecards(into: &page)
        }
    }

    private func sample(_ id: String, _ run: RunFolder, into page: inout HTMLWriter) {
        guard let picture = RunPicture.all(of: run).last else { return }
        page.element("figure") { page in
            page.element("figcaption", text: "\(id), step \(picture.step)")
            page.void(
                "img",
                [
                    "alt": "Generated samples of \(id)", "class": "photo",
                    "src": address(of: id, picture: picture.path),
                ])
        }
    }

    private func differences(into page: inout HTMLWriter) {
        guard !settings.isEmpty else {
            page.element("p", ["class": "faded"], text: "None.")
            return
        }
        table(["setting"] + runs.map(\.id), settings.map { [$0.key] + $0.values }, into: &page)
    }

    private func table(
        _ heading: [String], _ rows: [[String]], into page: inout HTMLWriter
    ) {
        page.element("div", ["class": "card"]) { page in
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for text in heading { page.element("th", ["scope": "col"], text: text) }
                    }
                }
                page.element("tbody") { page in
                    for row in rows {
                        page.element("tr") { page in
                            page.element("th", ["scope": "row"], text: row[0])
                            for text in row.dropFirst() { page.element("td", text: text) }
                        }
                    }
                }
            }
        }
    }

    private static func settings(of runs: [WatchedRun]) -> [(key: String, values: [String])] {
        guard let first = runs.lazy.compactMap(\.configuration).first else { return [] }
        var keys: [String] = []
        var values: [String: [Int: (mine: String, first: String)]] = [:]
        for (place, run) in runs.enumerated() {
            for difference in run.configuration?.differences(from: first) ?? [] {
                if values[difference.key] == nil { keys.append(difference.key) }
                values[difference.key, default: [:]][place] = (
                    difference.value ?? "absent", difference.other ?? "absent"
                )
            }
        }
        return keys.map { key in
            let known = values[key] ?? [:]
            let usual = known.values.first?.first ?? "absent"
            return (
                key,
                runs.indices.map { place in
                    runs[place].configuration == nil ? "?" : known[place]?.mine ?? usual
                }
            )
        }
    }
}

extension ComparisonPage {
    /// The scores of all runs that were evaluated, with the probability that the difference from
    /// the first is chance: between sets of training seeds where each has several, otherwise
    /// between the sampling seeds of single runs.
    private func scorecards(into page: inout HTMLWriter) {
        let isOfSeeds = sets.count > 1 && sets.allSatisfy { $0.members.count > 1 }
        let columns: [(label: String, runs: [Int])] =
            isOfSeeds
            ? sets.map { ($0.label, $0.members) } : runs.indices.map { (runs[$0].id, [$0]) }
        let cards = runs.map { RunScore.all(of: $0.run.folder) }
        let names = cards.flatMap { $0.map(\.name) }.reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else {
            page.element("p", ["class": "faded"]) { page in
                page.raw("None of the runs is evaluated yet: ")
                page.element("code", text: "wgan evaluate")
                page.raw(" judges samples and critic.")
            }
            return
        }
        let values = names.map { name in
            columns.map { column in
                let found = column.runs.compactMap { run in
                    cards[run].first { $0.name == name }
                }
                return isOfSeeds ? found.map(\.mean) : found.first?.values ?? []
            }
        }
        let rows = zip(names, zip(values, WelchTest.againstFirst(values))).map { name, row in
            let (values, tests) = row
            return [name, Self.shown(values[0])]
                + zip(values.dropFirst(), tests).flatMap { values, test in
                    [
                        Self.shown(values),
                        test?.adjusted.formatted(significantDigits: 2) ?? "–",
                    ]
                }
        }
        let heading =
            ["measure", columns[0].label] + columns.dropFirst().flatMap { [$0.label, "p"] }
        table(heading, rows, into: &page)
        page.element(
            "p", ["class": "faded"],
            text: "p: Welch's t-test against the first column over "
                + (isOfSeeds
                    ? "training seeds"
                    : "sampling seeds, which tells these generators apart, not the methods that "
                        + "trained them")
                + ", two-sided, with Holm's adjustment over all tests shown.")
    }

    private static func shown(_ values: [Double]) -> String {
        guard !values.isEmpty else { return "–" }
        let mean = values.reduce(0, +) / Double(values.count)
        let spread = values.count > 1 ? " (\(values.count) seeds)" : ""
        return mean.formatted(significantDigits: 4) + spread
    }
}
