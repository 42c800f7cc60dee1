import Figures
import Files
import Foundation

/// Writes a page of HTML that is well-formed XML too, element by element.
package struct HTMLWriter {
    package typealias Attributes = KeyValuePairs<String, String>

    /// What has been written so far.
    package private(set) var markup = ""

    /// The style of all pages, which follows the reader's choice of light or dark.
    package static let styleSheet =
        String(decoding: PackageResources.report_css, as: UTF8.self)
        + "@media (prefers-color-scheme: dark) {\n\(DarkPage.styleSheet)}\n"

    /// A page that loads nothing and runs nothing.
    package static func page(
        _ title: String, content: (inout HTMLWriter) -> Void
    ) -> String {
        page(title, content: content) { head in
            let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
            head.void("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
            head.element("style") { $0.raw(styleSheet) }
        }
    }

    /// A page.
    ///
    /// - Parameters:
    ///   - attributes: Those of its body.
    ///   - head: Writes what is in its head beside the title.
    package static func page(
        _ title: String, _ attributes: Attributes = [:], content: (inout HTMLWriter) -> Void,
        head: (inout HTMLWriter) -> Void
    ) -> String {
        var page = HTMLWriter()
        page.raw("<!DOCTYPE html>\n")
        page.element("html", ["lang": "en"]) { page in
            page.element("head") { page in
                page.void("meta", ["charset": "utf-8"])
                page.void(
                    "meta",
                    ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.element("title", text: title)
                head(&page)
            }
            page.element("body", attributes) { page in page.element("main", content: content) }
        }
        return page.markup
    }

    /// Adds an element with a text, whose reserved characters are taken care of.
    package mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
        open(name, attributes)
        markup += ">" + text.escapedForMarkup + "</\(name)>\n"
    }

    /// Adds an element and, inside, what `content` writes.
    package mutating func element(
        _ name: String, _ attributes: Attributes = [:], content: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        markup += ">\n"
        content(&self)
        markup += "</\(name)>\n"
    }

    /// Adds an element that can hold nothing, such as an image.
    package mutating func void(_ name: String, _ attributes: Attributes) {
        open(name, attributes)
        markup += "/>\n"
    }

    /// Adds markup as it is.
    package mutating func raw(_ text: String) { markup += text }

    private mutating func open(_ name: String, _ attributes: Attributes) {
        markup += "<" + name
        for (key, value) in attributes { markup += " \(key)=\"\(value.escapedForMarkup)\"" }
    }
}
