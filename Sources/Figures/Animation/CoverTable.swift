/// A fixed picture and all the looks its pixels have under a translucent colour, in one palette.
struct CoverTable {
    let palette: [Color]
    /// The picture without cover, as palette indices.
    let plain: [UInt8]

    private static let levels = 17
    /// Per pixel, its colour's place in the table.
    private let classes: [UInt16]
    /// `levels` palette indices per class of colours.
    private let indices: [UInt8]

    /// - Parameter picture: RGB.
    init(_ picture: PixelImage, cover: Color) {
        let (classes, colors, counts) = Self.classified(picture)
        var samples: [ColorQuantiser.Sample] = []
        let target = SIMD3<Float>(cover)
        for (color, count) in zip(colors, counts) {
            for level in 0..<Self.levels {
                let share = Float(level) / Float(Self.levels - 1)
                // Covered looks are rarer than plain ones, but what the eye follows.
                let weight = level == 0 ? Float(count) : Float(count) / 40 + 1
                samples.append(.init(color: color + (target - color) * share, weight: weight))
            }
        }
        let (palette, assignment) = ColorQuantiser.quantised(samples, to: 255)
        let levels = Self.levels
        self.palette = palette
        self.classes = classes
        indices = assignment
        plain = classes.map { assignment[Int($0) * levels] }
    }

    /// The palette index of a pixel under so much cover (255 for all).
    func index(at pixel: Int, cover: UInt8) -> UInt8 {
        let level = (Int(cover) * (Self.levels - 1) + 127) / 255
        return indices[Int(classes[pixel]) * Self.levels + level]
    }

    /// Sorts the picture's colours into classes that differ in the high five bits of a channel.
    ///
    /// - Returns: Each pixel's class, and each class's mean colour and number of pixels.
    private static func classified(
        _ picture: PixelImage
    ) -> (classes: [UInt16], colors: [SIMD3<Float>], counts: [Int]) {
        var places = [UInt16](repeating: .max, count: 1 << 15)
        var sums: [SIMD3<Float>] = []
        var counts: [Int] = []
        var classes: [UInt16] = []
        classes.reserveCapacity(picture.width * picture.height)
        for start in stride(from: 0, to: picture.bytes.count, by: 3) {
            let (red, green, blue) = (
                picture.bytes[start], picture.bytes[start + 1], picture.bytes[start + 2]
            )
            let key = Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3)
            if places[key] == .max {
                places[key] = UInt16(counts.count)
                sums.append(.zero)
                counts.append(0)
            }
            let place = Int(places[key])
            sums[place] += SIMD3(Float(red), Float(green), Float(blue))
            counts[place] += 1
            classes.append(places[key])
        }
        return (classes, zip(sums, counts).map { $0 / Float($1) }, counts)
    }
}
