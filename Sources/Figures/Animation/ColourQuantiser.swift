/// Finds few colours that stand for many.
enum ColourQuantiser {
    /// A colour (0…255 per channel) and how much it matters.
    struct Sample {
        let colour: SIMD3<Float>
        let weight: Float
    }

    /// A palette, and for every sample the index of its colour there.
    ///
    /// Boxes of samples are cut in two, always the one with the largest weighted squared error, at
    /// its mean along the channel that varies most.
    ///
    /// - Parameter limit: The most colours, up to 256.
    /// - Complexity: O(samples · limit).
    ///
    /// Source: Wan, Wong and Prusinkiewicz, “An algorithm for multidimensional data clustering”,
    /// ACM TOMS 14(2), 1988. Differs in cutting at the mean instead of searching the best cut.
    static func quantised(
        _ samples: [Sample], to limit: Int
    ) -> (palette: [Colour], assignment: [UInt8]) {
        var boxes = [Box(Array(samples.indices), samples)]
        while boxes.count < min(limit, 256) {
            guard let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }),
                let (low, high) = boxes[worst].halves(samples)
            else { break }
            boxes[worst] = low
            boxes.append(high)
        }
        var assignment = [UInt8](repeating: 0, count: samples.count)
        for (index, box) in boxes.enumerated() {
            for member in box.members { assignment[member] = UInt8(index) }
        }
        return (boxes.map { Colour($0.mean) }, assignment)
    }

    private struct Box {
        let members: [Int]
        let mean: SIMD3<Float>
        private let axis: Int
        /// The weighted squared error along the axis that varies most.
        let error: Float

        init(_ members: [Int], _ samples: [Sample]) {
            var (weight, sum): (Float, SIMD3<Float>) = (0, .zero)
            for member in members {
                weight += samples[member].weight
                sum += samples[member].colour * samples[member].weight
            }
            let mean = weight > 0 ? sum / weight : .zero
            var errors = SIMD3<Float>.zero
            for member in members {
                let distance = samples[member].colour - mean
                errors += distance * distance * samples[member].weight
            }
            let axis = (0..<3).max { errors[$0] < errors[$1] } ?? 0
            self.members = members
            self.mean = mean
            self.axis = axis
            error = errors[axis]
        }

        /// Both halves, or nil where all members have one colour.
        func halves(_ samples: [Sample]) -> (Box, Box)? {
            let low = members.filter { samples[$0].colour[axis] < mean[axis] }
            let high = members.filter { samples[$0].colour[axis] >= mean[axis] }
            guard !low.isEmpty, !high.isEmpty else { return nil }
            return (Box(low, samples), Box(high, samples))
        }
    }
}

extension SIMD3<Float> {
    init(_ colour: Colour) {
        self.init(Float(colour.red), Float(colour.green), Float(colour.blue))
    }
}

extension Colour {
    init(_ channels: SIMD3<Float>) {
        let bytes = channels.rounded(.toNearestOrAwayFromZero)
            .clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        self.init(red: UInt8(bytes.x), green: UInt8(bytes.y), blue: UInt8(bytes.z))
    }

    /// The index of the nearest of the colours.
    func nearest(in palette: [Colour]) -> Int? {
        let target = SIMD3<Float>(self)
        return palette.indices.min { left, right in
            let (a, b) = (SIMD3(palette[left]) - target, SIMD3(palette[right]) - target)
            return (a * a).sum() < (b * b).sum()
        }
    }
}

/// A fixed picture and all the looks its pixels have under a translucent colour, in one palette.
struct CoverTable {
    let palette: [Colour]
    /// The picture without cover, as palette indices.
    let plain: [UInt8]

    private static let levels = 17
    /// Per pixel, its colour's place in the table.
    private let classes: [UInt16]
    /// `levels` palette indices per class of colours.
    private let indices: [UInt8]

    /// - Parameter picture: RGB.
    init(_ picture: PixelImage, cover: Colour) {
        let (classes, colours, counts) = Self.classified(picture)
        var samples: [ColourQuantiser.Sample] = []
        let target = SIMD3<Float>(cover)
        for (colour, count) in zip(colours, counts) {
            for level in 0..<Self.levels {
                let share = Float(level) / Float(Self.levels - 1)
                // Covered looks are rarer than plain ones, but what the eye follows.
                let weight = level == 0 ? Float(count) : Float(count) / 40 + 1
                samples.append(.init(colour: colour + (target - colour) * share, weight: weight))
            }
        }
        let (palette, assignment) = ColourQuantiser.quantised(samples, to: 255)
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
    ) -> (classes: [UInt16], colours: [SIMD3<Float>], counts: [Int]) {
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
