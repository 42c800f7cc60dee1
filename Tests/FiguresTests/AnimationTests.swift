import Foundation
import Testing

@testable import Figures

@Suite("Animations")
struct AnimationTests {
    private let plot = Scatter(
        "step",
        series: [.init("real", points: [SIMD2(-2, 2)], colour: .blue, opacity: 1, radius: 8)],
        xAxis: Axis("x", range: -4...4), yAxis: Axis("y", range: -4...4),
        size: FigureSize(200, 200))
    private let moving = ScatterAnimation.MovingPoints(opacity: 1, radius: 4)

    private func distance(_ pixel: [UInt8], _ colour: Colour) -> Int {
        zip(pixel, [colour.red, colour.green, colour.blue])
            .map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    @Test("A thousand frames are a thousand frames of 0.1 s each")
    func thousandFrames() throws {
        let animation = try ScatterAnimation(over: plot)
        for step in 0..<1000 {
            let angle = Double(step) / 50
            try animation.append([SIMD2(3 * cos(angle), 3 * sin(angle))], step: step)
        }
        let reader = try GIFReader(animation.finish())
        #expect(reader.frameCount == 1000)
        #expect(reader.delays == [Double](repeating: 0.1, count: 1000))
        #expect(reader.width == 200 && reader.height == 200)
    }

    @Test("Every frame shows its own points over the fixed ones, and none of the frame before")
    func frames() throws {
        let animation = try ScatterAnimation(over: plot, moving: moving)
        let points = [SIMD2<Double>(1, 1), SIMD2(-2, -3), SIMD2(3, 0)]
        for (step, point) in points.enumerated() { try animation.append([point], step: step) }
        let reader = try GIFReader(animation.finish())
        let still = try plot.image()
        var shown = plot
        shown.series.append(.init("generated", points: []))
        let layout = shown.layout
        for frame in points.indices {
            let image = try reader.frame(frame)
            for (index, point) in points.enumerated() {
                let pixel = image.pixel(Int(layout.x(point.x)), Int(layout.y(point.y)))
                #expect((distance(pixel, .red) < 12) == (index == frame))
            }
            let fixed = image.pixel(Int(layout.x(-2)), Int(layout.y(2)))
            #expect(distance(fixed, .blue) < 12)
            #expect(Array(image.pixel(0, 0).prefix(3)) == still.pixel(0, 0))
        }
    }

    @Test("Plots side by side show each its own points at the same place of their own")
    func sideBySide() throws {
        let animation = try ScatterAnimation(sideBySide: [plot, plot], moving: moving)
        try animation.append(sideBySide: [[SIMD2(3, 0)], [SIMD2(-2, -3)]], step: 7)
        let reader = try GIFReader(animation.finish())
        #expect(reader.width == 412 && reader.height == 200)
        let image = try reader.frame(0)
        var shown = plot
        shown.series.append(.init("generated", points: []))
        let layout = shown.layout
        for (panel, points) in [[SIMD2(3.0, 0)], [SIMD2(-2.0, -3)]].enumerated() {
            for point in [SIMD2(3.0, 0), SIMD2(-2.0, -3)] {
                let pixel = image.pixel(
                    212 * panel + Int(layout.x(point.x)), Int(layout.y(point.y)))
                #expect((distance(pixel, .red) < 12) == points.contains(point))
            }
            let fixed = image.pixel(212 * panel + Int(layout.x(-2)), Int(layout.y(2)))
            #expect(distance(fixed, .blue) < 12)
        }
    }

    @Test("A frame looks as if drawn afresh: few pixels are far from the figure's own")
    func faithful() throws {
        let points = (0..<60).map { SIMD2(sin(Double($0)) * 3, cos(Double($0) * 1.7) * 3) }
        var shown = plot
        shown.title = ""
        let animation = try ScatterAnimation(over: shown, moving: .init())
        try animation.append(points, step: 0)
        let frame = try GIFReader(animation.finish()).frame(0)
        shown.series.append(
            .init("generated", points: points, colour: .red, opacity: 0.6, radius: 2.5))
        let drawn = try shown.image()
        let layout = shown.layout
        var errors: [Int] = []
        for y in Int(layout.box.y)..<200 {
            for x in 0..<200 {
                let (a, b) = (frame.pixel(x, y), drawn.pixel(x, y))
                errors.append(zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0)
            }
        }
        #expect(Double(errors.count { $0 > 24 }) < 0.002 * Double(errors.count))
        #expect((errors.max() ?? 255) < 64)
    }

    @Test("The step's number changes the title's row and nothing below it")
    func stepNumber() throws {
        let animation = try ScatterAnimation(over: plot)
        for step in [1, 2, -5, Int.max] { try animation.append([], step: step) }
        let reader = try GIFReader(animation.finish())
        let (first, second) = try (reader.frame(0), reader.frame(1))
        let changed = (0..<200).filter { y in
            (0..<200).contains { x in first.pixel(x, y) != second.pixel(x, y) }
        }
        #expect(!changed.isEmpty)
        #expect(changed.allSatisfy { $0 < 34 })
    }

    @Test("Points that are not finite or outside the plot leave no mark")
    func outside() throws {
        let animation = try ScatterAnimation(over: plot, moving: moving)
        let bad: [SIMD2<Double>] = [
            SIMD2(.nan, 0), SIMD2(.infinity, 1), SIMD2(1e200, 0), SIMD2(40, -40), SIMD2(0, 1e9),
        ]
        try animation.append([], step: 3)
        try animation.append(bad, step: 3)
        let reader = try GIFReader(animation.finish())
        #expect(reader.frameCount == 2)
        #expect(try reader.frame(0) == reader.frame(1))
    }

    @Test("An animation without frames, and one that has ended, say so")
    func misuse() throws {
        let animation = try ScatterAnimation(over: plot)
        #expect(throws: FigureError.noFrames) { try animation.finish() }
        try animation.append([], step: 0)
        _ = try animation.finish()
        #expect(throws: FigureError.ended) { try animation.finish() }
        #expect(throws: FigureError.ended) { try animation.append([], step: 1) }
    }

    @Test("Frames may come from several threads")
    func concurrent() async throws {
        let animation = try ScatterAnimation(over: plot)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for step in 0..<20 {
                group.addTask { try animation.append([SIMD2(0, 0)], step: step) }
            }
            try await group.waitForAll()
        }
        #expect(try GIFReader(animation.finish()).frameCount == 20)
    }

    @Test("Pictures of one size become an animation with the given delay")
    func pictures() throws {
        let frames = try [0, 100, 200].map { shade in
            try PixelImage(
                bytes: [UInt8](repeating: UInt8(shade), count: 64), width: 8, height: 8,
                channels: 1)
        }
        let reader = try GIFReader(AnimatedGIF(frames: frames, delay: 0.25).gifData())
        #expect(reader.frameCount == 3)
        #expect(reader.delays == [0.25, 0.25, 0.25])
        for (index, shade) in [0, 100, 200].enumerated() {
            let pixel = try reader.frame(index).pixel(4, 4)
            #expect(pixel.prefix(3).allSatisfy { abs(Int($0) - shade) <= 2 })
        }
        #expect(throws: FigureError.self) { try reader.frame(3) }
    }

    @Test("The same pictures become a WebP that plays for ever", arguments: [1, 3])
    func webp(channels: Int) throws {
        let frames = try [0, 100, 200].map { shade in
            try PixelImage(
                bytes: [UInt8](repeating: UInt8(shade), count: 64 * channels), width: 8, height: 8,
                channels: channels)
        }
        let bytes = try [UInt8](AnimatedGIF(frames: frames, delay: 0.25).webpData())
        #expect(bytes.starts(with: Array("RIFF".utf8)))
        let places = bytes.indices.dropLast(24).filter {
            bytes[$0..<$0 + 4].elementsEqual("ANMF".utf8)
        }
        #expect(places.count == 3)
        // Milliseconds, after two places and two sizes of three bytes each.
        #expect(places.allSatisfy { bytes[$0 + 20] == 250 })
        #expect(throws: FigureError.noFrames) { try AnimatedGIF().webpData() }
    }

    @Test("A file that is taken piece by piece is the one that is taken at once")
    func pieces() throws {
        let (whole, parts) = (try ScatterAnimation(over: plot), try ScatterAnimation(over: plot))
        var file = Data()
        for step in 0..<20 {
            for animation in [whole, parts] {
                try animation.append([SIMD2(Double(step) / 5, 0)], step: step)
            }
            file += parts.encoded()
        }
        #expect(!file.isEmpty)
        let rest = try parts.finish()
        let all = try whole.finish()
        #expect(rest.count < all.count && file + rest == all)
        #expect(parts.encoded().isEmpty)
    }

    @Test("A comment at the end tells files apart and shows in no frame", arguments: ["", "ä 1"])
    func comment(text: String) throws {
        let files = try [nil, GIFComment(text)].map { comment in
            let animation = try ScatterAnimation(over: plot)
            for step in 0..<3 { try animation.append([SIMD2(1, 1)], step: step) }
            return try animation.finish(comment: comment)
        }
        #expect(GIFComment(text).isAtEnd(of: files[1]))
        for (other, file) in [(text, files[0]), (text + "!", files[1]), (text, Data())] {
            #expect(!GIFComment(other).isAtEnd(of: file))
        }
        let readers = try files.map { try GIFReader($0) }
        #expect(readers.map(\.frameCount) == [3, 3])
        #expect(try readers[0].frame(2) == readers[1].frame(2))
    }

    @Test("Pictures that are written one by one keep their colours", arguments: [1, 3])
    func pictureByPicture(channels: Int) throws {
        let pictures = try (0..<5).map { index in
            let bytes = (0..<(16 * 12 * channels)).map { UInt8(($0 * 37 + index * 53) % 256) }
            return try PixelImage(bytes: bytes, width: 16, height: 12, channels: channels)
        }
        var colours = PictureColors()
        for picture in pictures { try colours.add(picture) }
        let animation = try PictureAnimation(colours, delay: 0.15)
        var file = Data()
        for picture in pictures {
            try animation.append(picture)
            file += animation.encoded()
        }
        let reader = try GIFReader(file + animation.finish())
        #expect(reader.frameCount == 5 && reader.width == 16 && reader.height == 12)
        #expect(reader.delays.allSatisfy { $0 == 0.15 })
        for (index, picture) in pictures.enumerated() {
            let frame = try reader.frame(index)
            let errors = (0..<16 * 12).map { place in
                let (x, y) = (place % 16, place / 16)
                let expected = picture.pixel(x, y)
                return distance(
                    frame.pixel(x, y),
                    Colour(
                        red: expected[0], green: expected[channels == 3 ? 1 : 0],
                        blue: expected[channels == 3 ? 2 : 0]))
            }
            #expect((errors.max() ?? 255) <= (channels == 3 ? 40 : 3))
        }
    }

    @Test("Pictures of another size or of none are errors, and change nothing")
    func pictureMistakes() throws {
        #expect(throws: FigureError.noFrames) { try PictureAnimation(PictureColors()) }
        var colours = PictureColors()
        try colours.add(patterned(width: 4, height: 4, channels: 3))
        for (width, channels) in [(5, 3), (4, 4)] {
            let picture = try patterned(width: width, height: 4, channels: channels)
            let animation = try PictureAnimation(colours)
            #expect(throws: FigureError.self) { try colours.add(picture) }
            #expect(throws: FigureError.self) { try animation.append(picture) }
            #expect(throws: FigureError.noFrames) { try animation.finish() }
        }
    }

    @Test("Frames of different sizes and broken GIF data are errors")
    func brokenAnimations() throws {
        var gif = try AnimatedGIF()
        #expect(throws: FigureError.noFrames) { try gif.gifData() }
        try gif.append(patterned(width: 4, height: 4, channels: 3))
        #expect(
            throws: FigureError.unequalImages(index: 1, found: [4, 5, 3], expected: [4, 4, 3])
        ) {
            try gif.append(patterned(width: 4, height: 5, channels: 3))
        }
        #expect(throws: FigureError.self) { try GIFReader(Data("GIF89a".utf8)) }
    }
}
