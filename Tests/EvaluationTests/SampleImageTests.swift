import Evaluation
import Testing

@Suite("Images to be measured")
struct SampleImageTests {
    @Test("keep their samples, channels last")
    func layout() throws {
        let image = try SampleImage(
            height: 1, width: 2, channels: 3, bytes: [0, 51, 102, 153, 204, 255])
        #expect(image[0, 0, 1] == 51.0 / 255)
        #expect(image[0, 1, 0] == 153.0 / 255)
        #expect(image[0, 1, 2] == 1)
    }

    @Test("are the same from bytes and from numbers in −1…1")
    func ranges() throws {
        let bytes: [UInt8] = [0, 1, 100, 255]
        let samples = bytes.map { Float($0) / 127.5 - 1 }
        let first = try SampleImage(height: 2, width: 2, channels: 1, bytes: bytes)
        let second = try SampleImage(
            height: 2, width: 2, channels: 1, samples: samples, range: -1...1)
        for pixel in 0..<4 {
            #expect(abs(first[pixel / 2, pixel % 2, 0] - second[pixel / 2, pixel % 2, 0]) < 1e-7)
        }
    }

    @Test("become features row by row")
    func features() throws {
        let images = try SampleImages(
            height: 1, width: 2, channels: 3, samples: (0..<12).map { Double($0) / 12 })
        #expect(images.count == 2)
        #expect(images.pixelFeatures.dimensions == 6)
        #expect(images.pixelFeatures[1, 3] == 9.0 / 12)
    }

    @Test(
        "refuse impossible shapes",
        arguments: [
            (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 2), (-1, -1, 1), (.max, 2, 1), (.max, 1, 3),
        ])
    func shapes(_ height: Int, _ width: Int, _ channels: Int) {
        #expect(throws: SampleImageError.self) {
            try SampleImage(height: height, width: width, channels: channels, samples: [0.0])
        }
        #expect(throws: SampleImageError.self) {
            try SampleImages(height: height, width: width, channels: channels, bytes: [0])
        }
    }

    @Test("refuse too few or too many samples, and none")
    func counts() {
        for count in [0, 3, 5] {
            #expect(throws: SampleImageError.self) {
                try SampleImage(
                    height: 2, width: 2, channels: 1, samples: [Float](repeating: 0, count: count))
            }
        }
        #expect(throws: SampleImageError.noImages) {
            try SampleImages(height: 2, width: 2, channels: 1, bytes: [])
        }
        #expect(throws: SampleImageError.noImages) { try SampleImages([]) }
    }

    @Test("say where a sample is out of range", arguments: [Double.nan, .infinity, -0.1, 1.1])
    func outOfRange(_ bad: Double) throws {
        var samples = [Double](repeating: 0.5, count: 12)
        samples[7] = bad
        let error = try #require(throws: SampleImageError.self) {
            try SampleImage(height: 2, width: 2, channels: 3, samples: samples)
        }
        #expect(error.description.contains("row 1, column 0, channel 1"))
    }

    @Test("refuse ranges that are empty or endless")
    func impossibleRanges() {
        for range in [1.0...1, 0...Double.infinity, -1e308...1.7e308] {
            #expect(throws: SampleImageError.range(range)) {
                try SampleImage(height: 1, width: 1, channels: 1, samples: [1.0], range: range)
            }
        }
    }

    @Test("of different sizes make no batch")
    func unequal() throws {
        let (first, second) = (try ImageFixtures.waves(3, 4), try ImageFixtures.waves(4, 3))
        let error = try #require(throws: SampleImageError.self) {
            try SampleImages([first, first, second])
        }
        #expect(error.description.contains("Image 2 is 4×3×3"))
    }
}
