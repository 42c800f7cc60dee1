import Evaluation
import Testing

@Suite("Every measure of image pairs")
struct ImageMeasureTests {
    /// All of them, with scales that suit small images.
    static let names = MeasureCatalogue.imageMeasures.map { $0.description.name }

    private func measure(_ name: String) throws -> any ImageMeasure {
        name == "ms-ssim"
            ? try MSSSIM(weights: [0.4, 0.6])
            : try #require(MeasureCatalogue.imageMeasure(named: name))
    }

    @Test("gives its best value to identical images", arguments: names)
    func identical(_ name: String) throws {
        let image = try ImageFixtures.waves(24, 37, noise: 0.2)
        let measure = try measure(name)
        let value = try measure.value(image, image)
        let range = measure.description.range
        let best = measure.description.better == .higher ? range.upperBound : range.lowerBound
        #expect(abs(value - best) < 1e-9)
    }

    @Test("is worse the more noise there is", arguments: names)
    func noise(_ name: String) throws {
        let measure = try measure(name)
        let clean = try ImageFixtures.waves(24, 37)
        let values = try [0.1, 0.3, 0.9].map {
            try measure.value(clean, ImageFixtures.waves(24, 37, noise: $0))
        }
        #expect(values == values.sorted(by: measure.description.better == .lower ? (<) : (>)))
    }

    @Test("treats rows and columns alike", arguments: names)
    func transposed(_ name: String) throws {
        let measure = try measure(name)
        let (x, y) = (
            try ImageFixtures.waves(22, 33), try ImageFixtures.waves(22, 33, noise: 0.4)
        )
        let turned = try measure.value(ImageFixtures.transposed(x), ImageFixtures.transposed(y))
        #expect(abs(try measure.value(x, y) - turned) < 1e-9)
    }

    @Test("does not care about the order of the two, but for MDSI", arguments: names)
    func symmetry(_ name: String) throws {
        let measure = try measure(name)
        let (x, y) = (
            try ImageFixtures.waves(22, 33), try ImageFixtures.waves(22, 33, noise: 0.4)
        )
        let difference = abs(try measure.value(x, y) - measure.value(y, x))
        #expect(name == "mdsi" ? difference > 1e-4 : difference < 1e-12)
    }

    @Test("works at its smallest size and refuses less", arguments: names)
    func smallestSize(_ name: String) throws {
        let measure = try measure(name)
        let smallest = measure.smallestSize
        let (height, width) = (smallest.shorterSide, smallest.longerSide)
        let x = try ImageFixtures.waves(height, width)
        let value = try measure.value(x, ImageFixtures.waves(height, width, noise: 0.4))
        #expect(value.isFinite)
        guard width > 1 else { return }
        let smaller = try ImageFixtures.waves(min(height, width - 1), width - 1)
        let error = try #require(throws: SampleImageError.self) {
            try measure.value(smaller, smaller)
        }
        #expect(error.description.contains("at least \(smallest)"))
    }

    @Test("takes grey images, but for the one about colour", arguments: names)
    func grey(_ name: String) throws {
        let measure = try measure(name)
        let x = try ImageFixtures.waves(22, 21, channels: 1)
        let y = try ImageFixtures.waves(22, 21, channels: 1, noise: 0.4)
        if measure.needsColour {
            #expect(throws: SampleImageError.needsColour(measure: "MS-GMSDc")) {
                try measure.value(x, y)
            }
        } else {
            #expect(try measure.value(x, y).isFinite)
        }
    }

    @Test("refuses images of different sizes, and batches of different lengths", arguments: names)
    func differentSizes(_ name: String) throws {
        let measure = try measure(name)
        let (x, y) = (try ImageFixtures.waves(22, 21), try ImageFixtures.waves(21, 22))
        #expect(throws: SampleImageError.shapesDiffer(first: x.shape, second: y.shape)) {
            try measure.value(x, y)
        }
        #expect(throws: SampleImageError.countsDiffer(first: 2, second: 1)) {
            try measure.values(SampleImages([x, x]), SampleImages([x]))
        }
    }

    @Test("measures a batch image by image", arguments: names)
    func batches(_ name: String) throws {
        let measure = try measure(name)
        let x = try (0..<3).map { try ImageFixtures.waves(21, 22, noise: 0.1, seed: $0) }
        let y = try (0..<3).map { try ImageFixtures.waves(21, 22, noise: 0.5, seed: $0) }
        let result = try measure.values(SampleImages(x), SampleImages(y))
        #expect(try result.perImage == zip(x, y).map { try measure.value($0, $1) })
        #expect(abs(result.mean - result.perImage.reduce(0, +) / 3) < 1e-12)
    }
}

extension MeasureCatalogue {
    /// The measure of image pairs with this name, with its usual settings.
    static func imageMeasure(named name: String) -> (any ImageMeasure)? {
        imageMeasures.first { $0.description.name == name }
    }
}
