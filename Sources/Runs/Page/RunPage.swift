import Figures
import Files
import Foundation
import StrictYAML
import WGAN

/// A page about a run, of one that is still being trained too: a self-contained one, or one that a
/// server keeps up to date.
package struct RunPage: Sendable {
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

    package let numbers: RunNumbers
    /// Each with its title, which a narrow chart has no room for.
    let charts: [(title: String, figure: LineChart)]
    let samples: [PageSample]
    /// What `wgan evaluate` found; nil before.
    let evaluation: JSONValue?
    /// The figures of samples beside training images, with what they show.
    let copyFigures: [(caption: String, svg: Data)]
    /// What tells the run's newest weights from others, where they were judged.
    let stamp: WeightsStamp?

    /// Reads all that a run's folder has, for a page that holds its pictures itself.
    ///
    /// - Throws: An error of one sentence where a file is damaged.
    package init(of run: RunFolder) throws {
        try self.init(run, try MetricHistory.of(run)?.curves() ?? MetricCurves(), isLive: false)
    }

    /// Reads what a page shows that loads its pictures from a server.
    ///
    /// - Parameter curves: Those of the run so far.
    /// - Throws: As ``init(of:)``.
    package init(live run: RunFolder, _ curves: MetricCurves) throws {
        try self.init(run, curves, isLive: true)
    }

    private init(_ run: RunFolder, _ curves: MetricCurves, isLive: Bool) throws {
        let configuration =
            try run.has(RunFolder.configurationPath) ? TrainingConfiguration(of: run) : nil
        numbers = try RunNumbers(of: run, configuration)
        charts = curves.charts().map { chart in
            var figure = chart.figure
            (figure.title, figure.size) = ("", FigureSize(400, 280))
            return (chart.figure.title, figure)
        }
        samples = try PageSample.chosen(
            of: run, isDrawing: configuration.map { $0.data.distribution != nil } ?? true,
            areRead: !isLive)
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
    }

    /// Writes the page into the run's folder, whole or not at all.
    package func write(in run: RunFolder) throws { try run.write(Data(html.utf8), at: Self.path) }
}

extension RunFolder {
    /// The folder of pictures with losses beside samples.
    fileprivate static let panels = "panels"

    /// The places of the pictures of samples that a run drew on its way, by ascending step; panels
    /// where it drew no others.
    package var samplePictures: [(step: Int, path: String)] {
        for folder in [RunJournal.samples, Self.panels] {
            let pictures = (try? numberedPictures(in: folder)) ?? []
            if pictures.isEmpty { continue }
            return pictures.map { ($0.step, "\(folder)/\($0.url.lastPathComponent)") }
        }
        return []
    }
}

/// A picture of samples in a report.
struct PageSample {
    let step: Int
    /// Its place in the run folder.
    let path: String
    /// Nil where the page loads it.
    let png: Data?
    /// Whether it is drawn on white, which a dark page may turn round.
    let isDrawing: Bool

    /// Pictures in a report.
    private static let largestCount = 9
    /// Larger pictures are left out: pages are sent around.
    private static let largestBytes = 4 << 20

    /// Pictures that a run drew on its way, evenly spread, with the first and the last one.
    ///
    /// - Parameters:
    ///   - isDrawing: Whether samples are drawn on white; panels always are.
    ///   - areRead: Whether the pictures themselves are wanted.
    static func chosen(of run: RunFolder, isDrawing: Bool, areRead: Bool) throws -> [PageSample] {
        let pictures = run.samplePictures
        return try spread(pictures).compactMap { step, path in
            let png = areRead ? try run.read(path) : nil
            if let png {
                guard png.count <= largestBytes, png.starts(with: [0x89, 0x50, 0x4E, 0x47])
                else { return nil }
            }
            return PageSample(
                step: step, path: path, png: png,
                isDrawing: isDrawing || path.hasPrefix(RunFolder.panels))
        }
    }

    private static func spread<Element>(_ elements: [Element]) -> [Element] {
        let count = min(elements.count, largestCount)
        return (0..<count).map { elements[$0 * (elements.count - 1) / max(count - 1, 1)] }
    }
}

extension RunPage {
    /// The page, which loads nothing, runs nothing and follows the reader's choice of light or
    /// dark.
    var html: String { HTMLWriter.page(title) { contents(into: &$0) } }

    /// The page's title.
    package var title: String {
        "\(numbers.name) – \(numbers.configuration?.name ?? "a program's training")"
    }

    /// What a page needs to know that a server keeps up to date.
    package struct Live {
        /// Gives the address of a picture in the run folder.
        let address: (_ path: String) -> String
        /// The run's folder, as commands name it.
        let folder: String
        /// How far the training is, and what becomes of it.
        let words: String

        package init(
            folder: String, words: String, address: @escaping (_ path: String) -> String
        ) {
            (self.address, self.folder, self.words) = (address, folder, words)
        }
    }

    /// Writes all parts of the page.
    ///
    /// - Parameter live: Of a page that is kept up to date: its parts are there before there is
    ///   anything to show. Nil where the page holds the pictures itself.
    package func contents(into page: inout HTMLWriter, live: Live? = nil) {
        header(into: &page, live)
        curves(into: &page, isLive: live != nil)
        pictures(into: &page, live)
        if live != nil {
            for (name, title) in [("animation", "Animation"), ("histograms", "Weights")] {
                page.element("section", ["id": name, "hidden": "hidden"]) { page in
                    page.element("h2", text: title)
                }
            }
        }
        scores(into: &page)
        settings(into: &page, live)
        machine(into: &page)
    }

    private func header(into page: inout HTMLWriter, _ live: Live?) {
        page.element("header") { page in
            page.element("h1", text: numbers.name)
            if let summary = numbers.configuration?.summary, !summary.isEmpty {
                page.element("p", text: summary)
            }
            page.element(
                "p", ["class": "faded", "id": "state"],
                text: live?.words ?? numbers.words())
            page.element("dl", ["class": "tiles", "id": "tiles"]) { page in
                for tile in numbers.tiles {
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

    private func curves(into page: inout HTMLWriter, isLive: Bool) {
        guard isLive || !charts.isEmpty else { return }
        page.element("h2", text: "Curves")
        page.element("div", ["class": "figures", "id": "curves"]) { page in
            for chart in charts {
                page.element("figure") { page in
                    page.element("figcaption", text: chart.title)
                    page.raw(chart.figure.svg)
                }
            }
        }
    }

    private func pictures(into page: inout HTMLWriter, _ live: Live?) {
        guard live != nil || !samples.isEmpty else { return }
        page.element("h2", text: "Samples over time")
        page.element("div", ["class": "figures samples", "id": "samples"]) { page in
            for sample in samples {
                let caption = sample.step == 0 ? "before training" : "step \(sample.step)"
                page.element("figure") { page in
                    page.element("figcaption", text: caption)
                    page.void(
                        "img",
                        [
                            "alt": "Generated samples, \(caption)",
                            "class": sample.isDrawing ? "drawing" : "photo",
                            "src": sample.png.map {
                                "data:image/png;base64," + $0.base64EncodedString()
                            } ?? live?.address(sample.path) ?? "",
                        ])
                }
            }
        }
    }

    private func settings(into page: inout HTMLWriter, _ live: Live?) {
        guard let configuration = numbers.configuration else { return }
        page.element("h2", text: "Configuration")
        if let live {
            let threads = numbers.environment.map { " --threads \($0.threads)" } ?? ""
            page.element("p") { page in
                page.element(
                    "code", ["data-copy": "command"],
                    text: "wgan train \(live.folder)/\(RunFolder.configurationPath)\(threads)")
            }
        }
        let differences = configuration.differencesFromPreset
        if !differences.isEmpty {
            page.element("h3", text: "What differs from the preset \(configuration.name)")
            page.table(
                differences.map {
                    ($0.key, "\($0.value ?? "absent"); there \($0.other ?? "absent")")
                })
        }
        page.element("div", ["class": "card"]) { page in
            page.element("details", ["open": "open"]) { page in
                page.element("summary", text: numbers.configurationTitle)
                page.element("pre", text: configuration.resolvedYAML)
            }
        }
    }

    private func machine(into page: inout HTMLWriter) {
        guard let environment = numbers.environment else { return }
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
