import Foundation
import StrictYAML

/// How images of other sizes are made to fit a network.
enum ImageResizing: String, CaseIterable {
    /// The kernel of Lanczos with three lobes, stretched where an image becomes smaller, so that
    /// nothing is aliased. At the borders the weights of the pixels that are there are scaled to
    /// the sum 1. Values are not cut off.
    ///
    /// Source: Duchon 1979; Parmar, Zhang, Zhu 2022, arXiv:2104.11222, on why features need it.
    case lanczos
    /// A straight line between the middles of two neighbouring pixels, without a filter, as
    /// PyTorch's `interpolate` with `align_corners=False`. Pixels are rounded to bytes before.
    case linear
    /// The same between the upper left corners of pixels, as TensorFlow 1 did.
    case linearFromCorner

    /// `resize: true`, which is `lanczos`, or `false`, the default, or one of the names.
    init?(_ root: ConfigurationSection) throws(ConfigurationError) {
        switch try root.value("resize", .text, default: "false") {
        case "false": return nil
        case "true": self = .lanczos
        case let name:
            guard let named = Self(rawValue: name) else {
                throw root.invalid(
                    "resize",
                    "must be true, false or one of "
                        + Self.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self = named
        }
    }
}

/// Makes images of any size what a network takes. Grey images get three equal channels.
///
/// Each side is stretched on its own, whatever the shape was.
struct ImageFitting: Sendable {
    private let source: [Int]
    private let target: [Int]
    /// Nil where nothing has to be done.
    private let kernels: (rows: ResamplingKernel, columns: ResamplingKernel)?
    private let isOfBytes: Bool

    /// A way from images `[H, W, C]` of one shape to those of another; nil where there is none.
    init?(from source: [Int], to target: [Int], by resizing: ImageResizing = .lanczos) {
        let isImage = source.count == 3 && source.allSatisfy { $0 > 0 } && target.count == 3
        guard isImage, source[2] == target[2] || (source[2], target[2]) == (1, 3) else {
            return nil
        }
        (self.source, self.target) = (source, target)
        kernels =
            source == target
            ? nil
            : (
                rows: ResamplingKernel(from: source[0], to: target[0], by: resizing),
                columns: ResamplingKernel(from: source[1], to: target[1], by: resizing)
            )
        isOfBytes = resizing != .lanczos
    }

    /// Fills `room` with `count` fitting images of those that `fill` writes.
    func fill(
        _ room: UnsafeMutableBufferPointer<Float>, count: Int,
        with fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
    ) rethrows {
        guard let kernels else {
            try fill(room)
            return roundToBytes(room)
        }
        let (size, fitting) = (source.reduce(1, *), target.reduce(1, *))
        let images = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * size)
        images.initialize(repeating: 0)
        let middle = UnsafeMutableBufferPointer<Float>.allocate(
            capacity: target[0] * source[1] * source[2])
        middle.initialize(repeating: 0)
        defer {
            images.deallocate()
            middle.deallocate()
        }
        try fill(images)
        roundToBytes(images)
        for index in 0..<count {
            let image = UnsafePointer(images.baseAddress! + index * size)
            let output = room.baseAddress! + index * fitting
            kernels.rows.apply(
                image, outer: 1, inner: source[1] * source[2], into: middle.baseAddress!)
            kernels.columns.apply(
                UnsafePointer(middle.baseAddress!), outer: target[0], inner: source[2],
                into: output, pixelStride: target[2])
            if source[2] < target[2] { copyGrey(output, fitting) }
        }
    }

    private func roundToBytes(_ numbers: UnsafeMutableBufferPointer<Float>) {
        guard isOfBytes else { return }
        var place = 0
        while place < numbers.count {
            let byte = ((numbers[place] + 1) * 127.5).rounded()
            numbers[place] = min(max(byte, 0), 255) / 127.5 - 1
            place += 1
        }
    }

    /// Copies the first channel of each pixel to the others.
    private func copyGrey(_ image: UnsafeMutablePointer<Float>, _ count: Int) {
        var place = 0
        while place < count {
            for channel in 1..<target[2] { image[place + channel] = image[place] }
            place += target[2]
        }
    }
}

/// The weights with which each pixel of a resized line sums those of the line as it was.
private struct ResamplingKernel: Sendable {
    private let length: Int
    private let starts: [Int]
    /// The weights of each pixel, one after the other, all of one number.
    private let weights: [Float]
    private let taps: Int

    init(from length: Int, to count: Int, by resizing: ImageResizing) {
        switch resizing {
        case .lanczos: self.init(lanczosFrom: length, to: count)
        case .linear: self.init(linearFrom: length, to: count, offset: 0.5)
        case .linearFromCorner: self.init(linearFrom: length, to: count, offset: 0)
        }
    }

    /// In single precision, as the programs that it follows.
    private init(linearFrom length: Int, to count: Int, offset: Float) {
        let scale = Float(length) / Float(count)
        var (starts, weights) = ([Int](), [Float]())
        taps = min(length, 2)
        for place in 0..<count {
            // Rounded once, as PyTorch's vector code does.
            let position = max((-offset).addingProduct(Float(place) + offset, scale), 0)
            let first = min(Int(position), length - 1)
            let share = position - Float(first)
            // The last pixel is its own neighbour.
            let start = min(first, length - taps)
            starts.append(start)
            weights += start < first ? [0, 1] : taps == 1 ? [1] : [1 - share, share]
        }
        (self.length, self.starts, self.weights) = (length, starts, weights)
    }

    private init(lanczosFrom length: Int, to count: Int) {
        self.length = length
        let scale = Double(length) / Double(count)
        let stretch = max(scale, 1)
        let taps = min(length, 2 * Int((3 * stretch).rounded(.up)) + 1)
        var (starts, weights) = ([Int](), [Float]())
        for place in 0..<count {
            let centre = (Double(place) + 0.5) * scale
            let first = Int((centre - 3 * stretch).rounded(.down))
            let start = max(0, min(first, length - taps))
            let line = (start..<start + taps).map { pixel in
                Self.lanczos((Double(pixel) + 0.5 - centre) / stretch)
            }
            let sum = line.reduce(0, +)
            starts.append(start)
            weights += line.map { Float($0 / sum) }
        }
        (self.starts, self.weights, self.taps) = (starts, weights, taps)
    }

    /// `sinc(x) sinc(x/3)` where |x| < 3.
    private static func lanczos(_ x: Double) -> Double {
        guard abs(x) < 3 else { return 0 }
        guard x != 0 else { return 1 }
        return 3 * sin(.pi * x) * sin(.pi * x / 3) / (.pi * .pi * x * x)
    }

    /// Resizes the middle axis: `[outer, length, inner]` → `[outer, count, inner]`.
    ///
    /// - Parameter pixelStride: Numbers from one pixel's `inner` numbers to the next one's in
    ///   `output`; nil for `inner`.
    func apply(
        _ input: UnsafePointer<Float>, outer: Int, inner: Int,
        into output: UnsafeMutablePointer<Float>, pixelStride: Int? = nil
    ) {
        let (count, pixelStride, taps) = (starts.count, pixelStride ?? inner, taps)
        weights.withUnsafeBufferPointer { weights in
            starts.withUnsafeBufferPointer { starts in
                for block in 0..<outer {
                    for place in 0..<count {
                        let from = input + (block * length + starts[place]) * inner
                        let to = output + (block * count + place) * pixelStride
                        var number = 0
                        while number < inner {
                            var sum: Float = 0
                            var tap = 0
                            while tap < taps {
                                sum += weights[place * taps + tap] * from[tap * inner + number]
                                tap += 1
                            }
                            to[number] = sum
                            number += 1
                        }
                    }
                }
            }
        }
    }
}
