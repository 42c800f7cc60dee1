import Figures
import Files
import Foundation
import WGAN

extension RunPage {
    /// The page, which loads nothing, runs nothing and follows the reader's choice of light or
    /// dark.
    var html: String {
        var page = HTMLWriter()
        page.raw("<!DOCTYPE html>\n")
        page.element("html", ["lang": "en"]) { page in
            page.element("head") { head(into: &$0) }
            page.element("body") { page in
                page.element("main") { page in
                    header(into: &page)
                    curves(into: &page)
                    pictures(into: &page)
                    scores(into: &page)
                    settings(into: &page)
                    machine(into: &page)
                }
            }
        }
        return page.markup
    }

    private func head(into page: inout HTMLWriter) {
        page.void("meta", ["charset": "utf-8"])
        page.void(
            "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        page.void("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
        page.element("title", text: "\(name) – \(configuration?.name ?? "a program's training")")
        page.element("style") { page in
            page.raw(String(decoding: PackageResources.report_css, as: UTF8.self))
            page.raw("@media (prefers-color-scheme: dark) {\n\(DarkPage.styleSheet)}\n")
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

/// Writes a page of HTML that is well-formed XML too, element by element.
struct HTMLWriter {
    typealias Attributes = KeyValuePairs<String, String>

    /// What has been written so far.
    private(set) var markup = ""

    /// Adds an element with a text, whose reserved characters are taken care of.
    mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
        open(name, attributes)
        markup += ">" + text.escapedForMarkup + "</\(name)>\n"
    }

    /// Adds an element and, inside, what `content` writes.
    mutating func element(
        _ name: String, _ attributes: Attributes = [:], content: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        markup += ">\n"
        content(&self)
        markup += "</\(name)>\n"
    }

    /// Adds an element that can hold nothing, such as an image.
    mutating func void(_ name: String, _ attributes: Attributes) {
        open(name, attributes)
        markup += "/>\n"
    }

    /// Adds markup as it is.
    mutating func raw(_ text: String) { markup += text }

    private mutating func open(_ name: String, _ attributes: Attributes) {
        markup += "<" + name
        for (key, value) in attributes { markup += " \(key)=\"\(value.escapedForMarkup)\"" }
    }
}
