import Foundation
import SwiftProtobuf

/// How often values occur between their least and their greatest, in buckets of equal width, as
/// TensorBoard's own `histogram` makes them. Values that are not finite are left out.
struct Histogram: Sendable {
    /// As many as TensorBoard shows.
    static let bucketCount = 30

    private(set) var range = 0.0...0.0
    private(set) var sum = 0.0
    private(set) var sumOfSquares = 0.0
    /// The upper ends of the buckets, ascending, and how many values each has.
    private(set) var buckets: [(limit: Double, count: Int)] = []

    init(of values: [Float]) {
        guard let least = values.lazy.filter(\.isFinite).min(),
            let greatest = values.lazy.filter(\.isFinite).max()
        else { return }
        range = Double(least)...Double(greatest)
        // The span of two floats has room in a double; no width can be zero but that of one value.
        let width = (range.upperBound - range.lowerBound) / Double(Self.bucketCount)
        let bucketCount = width > 0 ? Self.bucketCount : 1
        var counts = [Int](repeating: 0, count: bucketCount)
        for value in values where value.isFinite {
            let place = width > 0 ? (Double(value) - range.lowerBound) / width : 0
            counts[min(Int(place), bucketCount - 1)] += 1
            sum += Double(value)
            sumOfSquares += Double(value) * Double(value)
        }
        buckets = counts.enumerated().map { index, count in
            let isLast = index == bucketCount - 1
            return (isLast ? range.upperBound : range.lowerBound + Double(index + 1) * width, count)
        }
    }

    var message: TensorBoardHistogramProto {
        .with {
            $0.min = range.lowerBound
            $0.max = range.upperBound
            $0.num = Double(buckets.reduce(0) { $0 + $1.count })
            $0.sum = sum
            $0.sumSquares = sumOfSquares
            $0.bucketLimit = buckets.map(\.limit)
            $0.bucket = buckets.map { Double($0.count) }
        }
    }
}

/// A picture in PNG's format, with what its head says.
struct PNGImage: Sendable {
    /// The most bytes a picture may have.
    static let largestCount = EventReader.largestRecord - 4096

    let bytes: Data
    let width: Int
    let height: Int
    /// 1 grey, 2 grey with opacity, 3 colour, 4 colour with opacity.
    let channels: Int

    /// Reads the head.
    ///
    /// - Returns: Nil when the bytes do not begin as a PNG does, or are too many.
    ///
    /// Source: Portable Network Graphics (third edition), sections 5.2 and 11.2.1.
    init?(_ bytes: Data) {
        let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let head = [UInt8](bytes.prefix(26))
        guard head.count == 26, bytes.count <= Self.largestCount, head[0..<8].elementsEqual(mark),
            head[12..<16].elementsEqual("IHDR".utf8)
        else { return nil }
        let channels: [UInt8: Int] = [0: 1, 2: 3, 3: 3, 4: 2, 6: 4]
        guard let count = channels[head[25]] else { return nil }
        func number(_ place: Int) -> Int { head[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        (self.bytes, width, height, self.channels) = (bytes, number(16), number(20), count)
        guard 1...0x7FFF_FFFF ~= width, 1...0x7FFF_FFFF ~= height else { return nil }
    }

    var message: TensorBoardSummary.Image {
        .with {
            $0.width = Int32(width)
            $0.height = Int32(height)
            $0.colorspace = Int32(channels)
            $0.encodedImageString = bytes
        }
    }
}
