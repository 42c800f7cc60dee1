/// Finds few colours that stand for many.
enum ColorQuantiser {
    /// A colour (0…255 per channel) and how much it matters.
    struct Sample {
        let color: SIMD3<Float>
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
    ) -> (palette: [Color], assignment: [UInt8]) {
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
        return (boxes.map { Color($0.mean) }, assignment)
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
                sum += samples[member].color * samples[member].weight
            }
            let mean = weight > 0 ? sum / weight : .zero
            var errors = SIMD3<Float>.zero
            for member in members {
                let distance = samples[member].color - mean
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
            let low = members.filter { samples[$0].color[axis] < mean[axis] }
            let high = members.filter { samples[$0].color[axis] >= mean[axis] }
            guard !low.isEmpty, !high.isEmpty else { return nil }
            return (Box(low, samples), Box(high, samples))
        }
    }
}

extension SIMD3<Float> {
    init(_ color: Color) {
        self.init(Float(color.red), Float(color.green), Float(color.blue))
    }
}

extension Color {
    init(_ channels: SIMD3<Float>) {
        let bytes = channels.rounded(.toNearestOrAwayFromZero)
            .clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        self.init(red: UInt8(bytes.x), green: UInt8(bytes.y), blue: UInt8(bytes.z))
    }

    /// The index of the nearest of the colours.
    func nearest(in palette: [Color]) -> Int? {
        let target = SIMD3<Float>(self)
        return palette.indices.min { left, right in
            let (a, b) = (SIMD3(palette[left]) - target, SIMD3(palette[right]) - target)
            return (a * a).sum() < (b * b).sum()
        }
    }
}
