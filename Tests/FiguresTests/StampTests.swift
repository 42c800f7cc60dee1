import Testing

@testable import Figures

@Suite("Stamps and palettes")
struct StampTests {
    private let clip = Disc.Clip(columns: 0..<40, rows: 0..<40, stride: 40)

    @Test("A disc covers its area", arguments: [1.5, 2.5, 8], [20.0, 20.3, 20.5])
    func area(radius: Double, centre: Double) {
        var cover = [UInt8](repeating: 0, count: 1600)
        var touched: [Int] = []
        let disc = Disc(radius: radius, opacity: 1)
        disc.stamp(at: SIMD2(centre, centre), onto: &cover, touched: &touched, clip: clip)
        let area = cover.reduce(0) { $0 + Double($1) } / 255
        #expect(abs(area / (Double.pi * radius * radius) - 1) < 0.06)
        #expect(touched.count == cover.count { $0 > 0 })
        #expect(Set(touched).count == touched.count)
    }

    @Test("Translucent discs deepen where they overlap, as layers of paint do")
    func overlap() {
        var cover = [UInt8](repeating: 0, count: 1600)
        var touched: [Int] = []
        let disc = Disc(radius: 5, opacity: 0.5)
        let middle = 20 * 40 + 20
        for expected in [0.5, 0.75, 0.875] {
            disc.stamp(at: SIMD2(20.5, 20.5), onto: &cover, touched: &touched, clip: clip)
            #expect(abs(Double(cover[middle]) / 255 - expected) < 0.01)
        }
    }

    @Test("A disc at the edge is cut off")
    func edge() {
        var cover = [UInt8](repeating: 0, count: 1600)
        var touched: [Int] = []
        let inner = Disc.Clip(columns: 10..<30, rows: 10..<30, stride: 40)
        for centre in [SIMD2(10.0, 10), SIMD2(30, 20), SIMD2(-1e12, 3), SIMD2(500, 500)] {
            Disc(radius: 4, opacity: 1)
                .stamp(at: centre, onto: &cover, touched: &touched, clip: inner)
        }
        #expect(!touched.isEmpty)
        #expect(touched.allSatisfy { (10..<30).contains($0 % 40) && (10..<30).contains($0 / 40) })
    }

    @Test("Few colours are kept as they are")
    func fewColors() {
        let colours = [Colour.blue, .red, Colour(0xFFFFFF), Colour(0)]
        let samples = colours.map { ColourQuantiser.Sample(colour: SIMD3($0), weight: 1) }
        let (palette, assignment) = ColourQuantiser.quantised(samples + samples, to: 255)
        #expect(palette.count == 4)
        #expect(assignment.map { palette[Int($0)] } == colours + colours)
    }

    @Test("Many colours are replaced by near ones")
    func manyColors() {
        let samples = (0..<4096).map { index in
            ColourQuantiser.Sample(
                colour: SIMD3(Float(index % 256), Float(index / 16), 128), weight: 1)
        }
        let (palette, assignment) = ColourQuantiser.quantised(samples, to: 200)
        #expect(palette.count == 200)
        for (sample, index) in zip(samples, assignment) {
            let distance = SIMD3<Float>(palette[Int(index)]) - sample.colour
            #expect((distance * distance).sum() < 24 * 24)
        }
        #expect(ColourQuantiser.quantised([], to: 8).assignment.isEmpty)
    }

    @Test("A colour's name in SVG is its hexadecimal form")
    func hexadecimal() {
        #expect(Colour(0x0A7FF0).hexadecimal == "#0a7ff0")
        #expect(Set(Colour.palette).count == Colour.palette.count)
    }
}
