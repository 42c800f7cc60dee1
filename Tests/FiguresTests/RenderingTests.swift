import Foundation
import Testing

@testable import Figures

@Suite("Rendering")
struct RenderingTests {
    private let plot = Scatter(
        "plot", series: [.init("a", points: [SIMD2(0, 0)], opacity: 1, radius: 20)],
        xAxis: Axis("x", range: -1...1), yAxis: Axis("y", range: -1...1))

    @Test("A PNG has the figure's size times the scale", arguments: [0.5, 1, 2.3])
    func pngSize(scale: Double) throws {
        let image = try PixelImage(pngData: plot.pngData(scale: scale))
        #expect(image.width == Int((480 * scale).rounded(.up)))
        #expect(image.height == Int((480 * scale).rounded(.up)))
        #expect(image.channels == 3)
    }

    @Test("A point is drawn where its axis says, in its colour, on a white card")
    func pixels() throws {
        let image = try plot.image()
        let centre = (Int(plot.layout.x(0)), Int(plot.layout.y(0)))
        let blue = [Colour.blue.red, Colour.blue.green, Colour.blue.blue]
        #expect(image.pixel(centre.0, centre.1) == blue)
        #expect(image.pixel(1, 1) == [255, 255, 255])
    }

    @Test("A PDF has its header, one page, and the figure's size in points")
    func pdf() throws {
        let text = String(decoding: try plot.pdfData(), as: UTF8.self)
        #expect(text.hasPrefix("%PDF-1.4"))
        #expect(text.contains("/Count 1"))
        #expect(text.contains("/MediaBox [ 0 0 360 360 ]"))
        #expect(!text.contains("/Subtype /Image"))
    }

    @Test("A size that cannot be drawn is an error", arguments: [0, -1, 1e9, .nan, .infinity])
    func unusable(scale: Double) {
        #expect(throws: FigureError.self) { try plot.pngData(scale: scale) }
    }
}
