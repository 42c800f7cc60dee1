import Figures
import Files
import Foundation
import WGAN

/// One self-contained page about a run, of one that is still being trained too.
package struct RunPage {
    /// The page's place in the run folder.
    package static let path = "report.html"
    /// Where `wgan evaluate` leaves what it finds.
    package static let evaluationPath = "evaluation.json"
    /// Where it leaves figures of samples beside training images, without their ending.
    package static let nearestImagesPath = "figures/nearest-training-images"
    package static let nearestDistancesPath = "figures/nearest-distances"
    private static let memorisationFigures = [
        (
            path: nearestImagesPath + ".svg",
            caption: "Samples and the training images that are most like them"
        ),
        (
            path: nearestDistancesPath + ".svg",
            caption: "Differences from the nearest training image, over those from the five nearest"
        ),
    ]

    /// The name of the run's folder.
    let name: String
    let configuration: TrainingConfiguration?
    /// The configuration as it was resolved; nil, as ``configuration``, for a program's training.
    let yaml: String?
    /// What was measured last.
    let last: [String: MetricPoint]
    /// Each with its title, which a narrow chart has no room for.
    let charts: [(title: String, figure: LineChart)]
    let samples: [PageSample]
    /// What a finished training came to; nil before.
    let summary: JSONValue?
    /// What `wgan evaluate` found; nil before.
    let evaluation: JSONValue?
    /// The figures of samples beside training images, with what they show.
    let copyFigures: [(caption: String, svg: Data)]
    /// What tells the run's newest weights from others, where they were judged.
    let stamp: WeightsStamp?
    let environment: RunEnvironment?
    /// The checkpoint that the run keeps as its best; nil where there is none.
    let best: BestCheckpoint?
    let record: RunRecord?

    /// Reads all that a run's folder has.
    ///
    /// - Throws: An error of one sentence where a file is damaged.
    package init(of run: RunFolder) throws {
        name = run.url.lastPathComponent
        configuration =
            try run.has(RunFolder.configurationPath) ? TrainingConfiguration(of: run) : nil
        yaml = configuration?.resolvedYAML
        let history =
            try run.has(MetricStore.path) ? MetricHistory(in: run) : nil
        last = try history?.last() ?? [:]
        charts = try (history?.charts() ?? []).map { chart in
            var figure = chart.figure
            (figure.title, figure.size) = ("", FigureSize(400, 280))
            return (chart.figure.title, figure)
        }
        samples = try PageSample.chosen(
            of: run, isDrawing: configuration.map { $0.data.distribution != nil } ?? true)
        summary = try run.decoded(RunSummary.path)
        evaluation = try run.decoded(Self.evaluationPath)
        copyFigures =
            evaluation?["memorisation"] == nil
            ? []
            : try Self.memorisationFigures.compactMap { path, caption in
                try run.has(path) ? (caption, run.read(path)) : nil
            }
        stamp =
            evaluation == nil || configuration == nil
            ? nil : try WeightsPlaces(of: run).newestIfAny()?.stamp(for: configuration!.setup)
        environment = try run.decoded(RunEnvironment.path)
        best = try? BestCheckpoint(of: run)
        record = try RunRecord.of(run)
    }

    /// Writes the page into the run's folder, whole or not at all.
    package func write(in run: RunFolder) throws { try run.write(Data(html.utf8), at: Self.path) }
}

/// A picture of samples in a report.
struct PageSample {
    let step: Int
    let png: Data
    /// Whether it is drawn on white, which a dark page may turn round.
    let isDrawing: Bool

    /// Pictures in a report.
    private static let largestCount = 9
    /// Larger pictures are left out: pages are sent around.
    private static let largestBytes = 4 << 20

    /// Pictures that a run drew on its way, evenly spread, with the first and the last one.
    ///
    /// - Parameter isDrawing: Whether samples are drawn on white; panels always are.
    static func chosen(of run: RunFolder, isDrawing: Bool) throws -> [PageSample] {
        for (folder, isDrawing) in [(RunJournal.samples, isDrawing), ("panels", true)] {
            let pictures = try run.numberedPictures(in: folder)
            if pictures.isEmpty { continue }
            return try spread(pictures).compactMap { step, url in
                let png = try run.read("\(folder)/\(url.lastPathComponent)")
                guard png.count <= largestBytes, png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
                    return nil
                }
                return PageSample(step: step, png: png, isDrawing: isDrawing)
            }
        }
        return []
    }

    private static func spread<Element>(_ elements: [Element]) -> [Element] {
        let count = min(elements.count, largestCount)
        return (0..<count).map { elements[$0 * (elements.count - 1) / max(count - 1, 1)] }
    }
}

extension RunPage {
    /// The page, which loads nothing, runs nothing and follows the reader's choice of light or
    /// dark.
    var html: String {
        HTMLWriter.page("\(name) – \(configuration?.name ?? "a program's training")") { page in
            header(into: &page)
            curves(into: &page)
            pictures(into: &page)
            scores(into: &page)
            settings(into: &page)
            machine(into: &page)
        }
    }

    private func header(into page: inout HTMLWriter) {
        page.element("header") { page in
            page.element("h1", text: name)
            if let summary = configuration?.summary, !summary.isEmpty {
                page.element("p", text: summary)
            }
            page.element("p", ["class": "faded"], text: state)
            page.element("dl", ["class": "tiles"]) { page in
                for tile in tiles {
                    page.element("div") { page in
                        page.element("dt", text: tile.name)
                        page.element("dd") { page in
                            page.raw(tile.value.escapedForMarkup)
                            if let note = tile.note { page.element("small", text: note) }
                        }
                    }
                }
            }
        }
    }

    private func curves(into page: inout HTMLWriter) {
        guard !charts.isEmpty else { return }
        page.element("h2", text: "Curves")
        page.element("div", ["class": "figures"]) { page in
            for chart in charts {
                page.element("figure") { page in
                    page.element("figcaption", text: chart.title)
                    page.raw(chart.figure.svg)
                }
            }
        }
    }

    private func pictures(into page: inout HTMLWriter) {
        guard !samples.isEmpty else { return }
        page.element("h2", text: "Samples over time")
        page.element("div", ["class": "figures samples"]) { page in
            for sample in samples {
                let caption = sample.step == 0 ? "before training" : "step \(sample.step)"
                page.element("figure") { page in
                    page.element("figcaption", text: caption)
                    page.void(
                        "img",
                        [
                            "alt": "Generated samples, \(caption)",
                            "class": sample.isDrawing ? "drawing" : "photo",
                            "src": "data:image/png;base64," + sample.png.base64EncodedString(),
                        ])
                }
            }
        }
    }

    private func settings(into page: inout HTMLWriter) {
        guard let yaml else { return }
        page.element("h2", text: "Configuration")
        page.element("div", ["class": "card"]) { page in
            page.element("details", ["open": "open"]) { page in
                page.element("summary", text: configurationTitle)
                page.element("pre", text: yaml)
            }
        }
    }

    private func machine(into page: inout HTMLWriter) {
        guard let environment else { return }
        page.element("h2", text: "Environment")
        page.table(environment.rows)
    }
}

extension HTMLWriter {
    /// Adds a table of names and values.
    mutating func table(_ rows: [(name: String, value: String)]) {
        element("div", ["class": "card"]) { page in
            page.element("table") { page in
                for row in rows {
                    page.element("tr") { page in
                        page.element("th", ["scope": "row"], text: row.name)
                        page.element("td", text: row.value)
                    }
                }
            }
        }
    }
}
