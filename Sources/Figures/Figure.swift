public import Foundation

/// A picture that can be written as SVG, PDF and PNG.
///
/// Every figure stands on a white card of its own, so that it reads the same on light and dark
/// pages. Sizes are in pixels of 1/96 inch, as in SVG.
public protocol Figure: Sendable {
    /// What the figure shows; also read aloud by screen readers. May be empty.
    var title: String { get }

    /// The size of the whole figure.
    var size: FigureSize { get }

    /// Draws the figure with its top left corner at the origin, without the card.
    func draw(into svg: inout SVGWriter)
}

/// Width and height in pixels of 1/96 inch.
public struct FigureSize: Equatable, Sendable {
    public var width: Double
    public var height: Double

    public init(_ width: Double, _ height: Double) {
        self.width = width
        self.height = height
    }
}

extension Figure {
    /// The figure as the text of an SVG document, without an XML declaration, so that it can also
    /// be put into an HTML page as it is.
    public var svg: String {
        var writer = SVGWriter()
        let (width, height) = (size.width, size.height)
        let document: KeyValuePairs<String, SVGValue> = [
            "xmlns": "http://www.w3.org/2000/svg",
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "width": .number(width), "height": .number(height),
            "viewBox": .numbers([0, 0, width, height]),
            "role": "img", "font-family": .text(Style.fonts),
        ]
        writer.element("svg", document) { writer in
            if !title.isEmpty { writer.element("title", text: title) }
            writer.element(
                "rect",
                [
                    "width": .number(width), "height": .number(height),
                    "fill": .color(Style.card),
                ])
            draw(into: &writer)
        }
        return writer.markup
    }

    /// The figure as a file of SVG, in UTF-8.
    public var svgData: Data {
        Data(("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg + "\n").utf8)
    }
}
