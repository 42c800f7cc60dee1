import Foundation

@testable import Figures

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The elements of an SVG document in their order.
struct ParsedSVG {
    struct Element {
        let name: String
        let attributes: [String: String]
        var text = ""
    }

    let elements: [Element]

    /// Nil where an XML parser refuses the document.
    init?(_ data: Data) {
        let collector = Collector()
        let parser = XMLParser(data: data)
        parser.delegate = collector
        guard parser.parse() else { return nil }
        elements = collector.elements
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    var texts: [String] { all("text").map { $0.text.trimmingCharacters(in: .newlines) } }

    private final class Collector: NSObject, XMLParserDelegate {
        var elements: [Element] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            elements.append(Element(name: name, attributes: attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            guard !elements.isEmpty else { return }
            elements[elements.count - 1].text += text
        }
    }
}

/// An image whose bytes all differ from their neighbours'.
func patterned(width: Int, height: Int, channels: Int, offset: Int = 0) throws -> PixelImage {
    let bytes = (0..<width * height * channels).map { UInt8(($0 * 37 + offset) % 251) }
    return try PixelImage(bytes: bytes, width: width, height: height, channels: channels)
}

extension PixelImage {
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        let start = (y * width + x) * channels
        return Array(bytes[start..<start + channels])
    }
}
