import Foundation
import Testing

@testable import Figures

@Suite("Sheets of neighbours")
struct NeighbourSheetTests {
    private func sheet(rows: Int, width: Int = 8, height: Int = 8) throws -> NeighbourSheet {
        let image = try patterned(width: width, height: height, channels: 3)
        let row = NeighbourSheet.Row(
            sample: image, neighbours: [(image, "1.5"), (image, "2.0 ↔")])
        let block = NeighbourSheet.Block("some", rows: Array(repeating: row, count: rows))
        return try NeighbourSheet(
            "samples & neighbours", blocks: [block, block], columns: ("sample", "neighbours"))
    }

    @Test("have each picture and each caption once for every place")
    func content() throws {
        let svg = try sheet(rows: 3).svg
        #expect(svg.components(separatedBy: "<image ").count - 1 == 2 * 3 * 3)
        #expect(svg.components(separatedBy: "2.0 ↔").count - 1 == 6)
        #expect(svg.contains("samples &amp; neighbours") && svg.contains("neighbours</text>"))
    }

    @Test("are as large as their pictures need, tall and wide ones too")
    func sizes() throws {
        let (square, wide) = (try sheet(rows: 1), try sheet(rows: 1, width: 16, height: 8))
        #expect(try sheet(rows: 2).size.height > square.size.height + 76)
        #expect(wide.size.width == square.size.width && wide.size.height < square.size.height)
        let pixels = try square.image()
        #expect(pixels.width == Int(square.size.width.rounded(.up)))
        #expect(Set(pixels.bytes).count > 16)
    }

    @Test("can be empty")
    func empty() throws {
        let sheet = try NeighbourSheet("none", blocks: [], columns: ("a", "b"))
        #expect(sheet.size.width > 0 && sheet.size.height > 0)
    }
}
