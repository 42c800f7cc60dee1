import Files
import Foundation
import Runs

extension HTMLWriter {
    /// A page that a browser keeps up to date.
    ///
    /// - Parameters:
    ///   - view: Tells the page's script what to do.
    static func livePage(
        _ title: String, view: Attributes, content: (inout HTMLWriter) -> Void
    ) -> String {
        page(title, view, content: content) { head in
            head.void("link", ["rel": "icon", "href": "data:,"])
            head.void("link", ["rel": "stylesheet", "href": "/assets/watch.css"])
            head.element("script", ["type": "module", "src": "/assets/watch.js"], text: "")
        }
    }

    /// The way back to the list.
    mutating func wayBack() {
        element("p", ["class": "way-back"]) { $0.element("a", ["href": "/"], text: "All runs") }
    }
}

/// The address of what there is of a run.
func address(of id: String, _ rest: String...) -> String {
    let parts = ["runs"] + id.split(separator: "/").map { String($0) } + rest
    return parts.map { "/" + $0.percentEncoded }.joined()
}

/// The address of a picture in a run's folder.
///
/// - Parameter path: Its place there: a folder and a name.
func address(of id: String, picture path: String) -> String {
    let parts = path.split(separator: "/").map { String($0) }
    return address(of: id, "files", parts[0], parts[1])
}

extension String {
    /// Fit for one part of an address's path or query.
    var percentEncoded: String {
        addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "\0"..."~"))
                .union(.init(charactersIn: "-_.~"))) ?? ""
    }
}

/// The page with all runs.
enum ListPage {
    /// - Parameter runs: In the order in which they are shown.
    static func html(_ runs: [RunGlance]) -> String {
        HTMLWriter.livePage("Runs", view: ["data-view": "list"]) { page in
            page.element("h1", text: "Runs")
            page.element("div", ["id": "runs", "class": "card"]) { page in
                if runs.isEmpty {
                    page.element(
                        "p", ["class": "faded"], text: "No run yet; wgan train begins one.")
                }
                page.element("table", ["class": "runs"]) { page in
                    page.element("thead") { page in
                        page.element("tr") { page in
                            for title in ["run", "state", "step", "of", "value", "seed"] {
                                page.element("th", ["scope": "col"], text: title)
                            }
                        }
                    }
                    page.element("tbody") { page in
                        for run in runs { row(run, into: &page) }
                    }
                }
            }
        }
    }

    private static func row(_ run: RunGlance, into page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("td") { page in
                page.element("a", ["href": address(of: run.id)], text: run.id)
            }
            page.element("td", ["title": run.reason], text: run.state.rawValue)
            page.element("td", ["class": "number"], text: "\(run.step)")
            page.element("td", ["class": "number"], text: run.steps.map { "\($0)" } ?? "?")
            page.element(
                "td", ["class": "number"],
                text: run.value.map { "\(run.measure) \($0.formatted(significantDigits: 4))" }
                    ?? "")
            page.element("td", ["class": "number"], text: run.seed ?? "")
        }
    }
}

/// The page of one run.
enum LivePage {
    static func html(
        _ id: String, _ run: WatchedRun, _ curves: MetricCurves
    ) throws -> String {
        let report = try RunPage(live: run.folder, curves)
        let live = RunPage.Live(
            folder: run.folder.url.relativeToHere, words: report.numbers.words(of: run.status)
        ) { address(of: id, picture: $0) }
        return HTMLWriter.livePage(report.title, view: ["data-view": "run", "data-run": id]) {
            page in
            page.wayBack()
            report.contents(into: &page, live: live)
        }
    }
}

extension URL {
    /// The path as one would type it in the folder that the process is in.
    fileprivate var relativeToHere: String {
        let here = FileManager.default.currentDirectoryPath + "/"
        let path = path(percentEncoded: false)
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        return trimmed.hasPrefix(here) ? String(trimmed.dropFirst(here.count)) : trimmed
    }
}
