import Evaluation
import Philox

/// Images made of random numbers, the same in every run.
enum ImageFixtures {
    /// Waves of a random phase, one for each channel, with noise of the given amplitude.
    static func waves(
        _ height: Int, _ width: Int, channels: Int = 3, noise: Double = 0, seed: UInt64 = 1
    ) throws -> SampleImage {
        try SampleImage(
            height: height, width: width, channels: channels,
            samples: samples(height, width, channels, noise, seed))
    }

    /// The image with rows and columns exchanged.
    static func transposed(_ image: SampleImage) throws -> SampleImage {
        let samples = (0..<image.width).flatMap { column in
            (0..<image.height).flatMap { row in
                (0..<image.channels).map { image[row, column, $0] }
            }
        }
        return try SampleImage(
            height: image.width, width: image.height, channels: image.channels, samples: samples)
    }

    private static func samples(
        _ height: Int, _ width: Int, _ channels: Int, _ noise: Double, _ seed: UInt64
    ) -> [Double] {
        var random = RandomStream(seed: seed, stream: 0)
        return (0..<height * width * channels).map { index in
            let (pixel, channel) = (index / channels, index % channels)
            let (row, column) = (pixel / width, pixel % width)
            let wave = (row * (3 + channel) + column * (5 - channel)) % 17
            let disturbance = (Double(random.nextUniform()) - 0.5) * noise
            return min(1, max(0, Double(wave) / 17 + disturbance))
        }
    }
}
