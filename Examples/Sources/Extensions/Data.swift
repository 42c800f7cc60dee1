import Datasets
import Foundation
import Philox
import TensorGraph
import WGAN

/// A distribution of points: an Archimedean spiral with a little noise.
struct Spiral: PointDistribution {
    let dimensions = 2

    func fill(_ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream) {
        for point in stride(from: 0, to: points.count, by: 2) {
            let turn = random.nextUniform()
            let angle = 12 * turn
            points[point] = turn * cos(angle) + 0.02 * (random.nextUniform() - 0.5)
            points[point + 1] = turn * sin(angle) + 0.02 * (random.nextUniform() - 0.5)
        }
    }
}

/// Images: grey squares on black, in two sizes that are their classes.
struct Squares: SampleSource {
    let sampleShape: Shape = [8, 8, 1]
    var classCount: Int? { 2 }
    let seed: UInt64

    func fill(_ batch: Batch, number: Int) {
        var random = RandomStream(seed: seed, stream: 1 << 28, step: UInt64(number))
        batch.samples.update(repeating: -1)
        for image in 0..<batch.samples.count / 64 {
            let isLarge = random.nextUniform() < 0.5
            let side = isLarge ? 4 : 2
            let (top, left) = (
                Int(random.nextUniform() * Float(8 - side)),
                Int(random.nextUniform() * Float(8 - side))
            )
            for row in top..<top + side {
                for column in left..<left + side {
                    batch.samples[image * 64 + row * 8 + column] = 0.5
                }
            }
            batch.labels?[image] = isLarge ? 1 : 0
        }
    }
}
