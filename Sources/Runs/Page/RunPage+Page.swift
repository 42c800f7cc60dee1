import Figures
import Files
import Foundation
import WGAN

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
