import Datasets
import TensorGraph
import Testing

@testable import WGAN

/// A batch of a source with its class numbers.
func labelled(
    _ source: any SampleSource, _ number: Int, size: Int
) -> (samples: [Float], labels: [Float]) {
    var source = source
    var samples = [Float](repeating: .nan, count: size * source.sampleShape.count)
    var labels = [Float](repeating: .nan, count: size)
    samples.withUnsafeMutableBufferPointer { samples in
        labels.withUnsafeMutableBufferPointer { labels in
            source.fill(Batch(samples: samples, labels: labels), number: number)
        }
    }
    return (samples, labels)
}

/// Images of 2×4 pixels whose first byte is their number, and so is their class.
func numberedImages(_ count: Int) throws -> ImageSet {
    try ImageSet(
        height: 2, width: 4, channels: 3,
        pixels: (0..<count).flatMap { image in
            (0..<24).map { UInt8($0 == 0 ? image : 100 + $0) }
        }, labels: (0..<count).map { UInt16($0) })
}

@Suite("Batches of images")
struct ImageSourceTests {
    @Test("mirroring is a function of seed, epoch and image, and as likely as not")
    func mirroring() {
        func pattern(_ seed: UInt64, _ epoch: Int) -> [Bool] {
            (0..<1000).map { ImageSource.isMirrored($0, inEpoch: epoch, seed: seed) }
        }
        let reference = pattern(1, 3)
        #expect(pattern(1, 3) == reference)
        #expect(pattern(2, 3) != reference && pattern(1, 4) != reference)
        #expect((430...570).contains(reference.count { $0 }))
    }

    @Test("an epoch shows each image once, mirrored or not, whatever the order of asking")
    func epochs() throws {
        let source = try ImageSource(numberedImages(12), batchSize: 4, seed: 5, flips: true)
        #expect(source.batchesPerEpoch == 3 && source.classCount == 12)
        let forwards = (0..<6).map { labelled(source, $0, size: 4) }
        let backwards = (0..<6).reversed().map { labelled(source, $0, size: 4) }.reversed()
        #expect(zip(forwards, backwards).allSatisfy { $0.samples == $1.samples })
        #expect(forwards.flatMap(\.samples) == source.samples(ofBatches: 0..<6, size: 4))
        for epoch in 0..<2 {
            let batches = forwards[3 * epoch..<3 * epoch + 3]
            let images = batches.flatMap { batch in
                stride(from: 0, to: 96, by: 24).map { start -> (Int, Bool) in
                    let number = { Int(((batch.samples[start + $0] + 1) * 127.5).rounded()) }
                    let isMirrored = number(0) >= 100
                    return (number(isMirrored ? 9 : 0), isMirrored)
                }
            }
            #expect(images.map(\.0).sorted() == Array(0..<12))
            #expect(images.map { Float($0.0) } == batches.flatMap(\.labels))
            for (image, isMirrored) in images {
                #expect(isMirrored == ImageSource.isMirrored(image, inEpoch: epoch, seed: 5))
            }
        }
    }
}
