import FileTestSupport
import Foundation
import Testing

@testable import Figures

@Suite("Images")
struct ImageTests {
    @Test("PNG keeps every byte", arguments: 1...4)
    func roundTrip(channels: Int) throws {
        let image = try patterned(width: 13, height: 7, channels: channels)
        #expect(try PixelImage(pngData: image.pngData()) == image)
    }

    @Test("Broken PNG data are an error that says so", arguments: [0, 5, 60])
    func broken(length: Int) throws {
        let png = try patterned(width: 20, height: 20, channels: 3).pngData()
        let error = #expect(throws: FigureError.self) {
            try PixelImage(pngData: png.prefix(length))
        }
        #expect("\(try #require(error))".hasPrefix("Cannot read the PNG image: "))
    }

    @Test(
        "PNG files of other depths are read as bytes",
        .enabled(if: SharedData.isPresent, "needs the shared test images"),
        arguments: [
            ("rgb16.png", 3), ("palette-4bit.png", 3), ("grey16.png", 1), ("rgba16.png", 4),
        ])
    func depths(name: String, channels: Int) throws {
        let file = SharedData.url("hard-images/\(name)")
        let image = try PixelImage(pngData: Data(contentsOf: file))
        #expect(image.channels == channels)
        #expect(Set(image.bytes).count > 16)
    }

    @Test(
        "A PNG that claims enormous sides is refused",
        .enabled(if: SharedData.isPresent, "needs the shared test images"),
        arguments: ["bomb-2147483647.png", "bomb-50000x50000.png"])
    func bombs(name: String) throws {
        let data = try Data(contentsOf: SharedData.url("hard-images/\(name)"))
        #expect(throws: FigureError.self) { try PixelImage(pngData: data) }
    }

    @Test("Values −1…1 become bytes, and values outside are cut off")
    func values() throws {
        let image = try PixelImage(
            values: [-1, 1, 0, -7, .infinity, .nan], width: 2, height: 3, channels: 1)
        #expect(image.bytes == [0, 255, 128, 0, 255, 0])
    }

    @Test("A wrong number of values is an error that names both sizes")
    func wrongCount() throws {
        let error = FigureError.wrongPixelCount(found: 5, width: 2, height: 1, channels: 3)
        #expect(throws: error) {
            try PixelImage(bytes: [1, 2, 3, 4, 5], width: 2, height: 1, channels: 3)
        }
        #expect(error.description.contains("2 × 1 pixels and 3 channels got 5 values"))
        #expect(throws: FigureError.self) {
            try PixelImage(bytes: [], width: 0, height: 1, channels: 3)
        }
    }

    @Test("A grid puts images in rows, enlarged by whole pixels, with padding around")
    func grid() throws {
        let images = try (0..<5).map {
            try patterned(width: 3, height: 2, channels: 3, offset: $0 * 9)
        }
        let grid = try ImageGrid(images: images, columns: 3, padding: 2, upscaling: 4).image
        #expect(grid.width == 3 * (3 * 4 + 2) + 2)
        #expect(grid.height == 2 * (2 * 4 + 2) + 2)
        for (index, image) in images.enumerated() {
            let (left, top) = (2 + index % 3 * 14, 2 + index / 3 * 10)
            for y in 0..<8 {
                for x in 0..<12 {
                    #expect(grid.pixel(left + x, top + y) == image.pixel(x / 4, y / 4))
                }
            }
        }
        let background = grid.pixel(0, 0)
        #expect(grid.pixel(grid.width - 3, grid.height - 3) == background)
        #expect(grid.pixel(14, 5) == background)
    }

    @Test("A grid's SVG holds the same pixels as a PNG")
    func embedded() throws {
        let images = try (0..<2).map { try patterned(width: 4, height: 4, channels: 1, offset: $0) }
        let grid = try ImageGrid("two", images: images, columns: 2)
        let svg = try #require(ParsedSVG(grid.svgData))
        let address = try #require(svg.all("image").first?.attributes["xlink:href"])
        let base64 = try #require(address.split(separator: ",").last)
        let png = try #require(Data(base64Encoded: String(base64)))
        #expect(try PixelImage(pngData: png) == grid.image)
    }

    @Test("An untitled grid is drawn pixel for pixel")
    func exact() throws {
        let grid = try ImageGrid(
            images: [patterned(width: 9, height: 5, channels: 3)], columns: 1, upscaling: 3)
        #expect(try grid.image(scale: 1) == grid.image)
    }

    @Test("Images of different sizes, and more channels than a grid has, are errors")
    func unequal() throws {
        let images = try [3, 4].map { try patterned(width: $0, height: 3, channels: 1) }
        #expect(
            throws: FigureError.unequalImages(index: 1, found: [4, 3, 1], expected: [3, 3, 1])
        ) {
            try ImageGrid(images: images, columns: 2)
        }
        let translucent = try patterned(width: 2, height: 2, channels: 4)
        #expect(throws: FigureError.self) { try ImageGrid(images: [translucent], columns: 1) }
        #expect(try ImageGrid(images: [], columns: 4).image.bytes.count == 1)
    }
}
