/// What a filter multiplies along one axis.
struct Taps: Sendable {
    let weights: [Double]
    /// Where the first weight lies, relative to the output.
    let first: Int
}

extension Plane {
    /// What lies beyond the border of an image.
    enum Border {
        /// Zeros; the result has the size of the image.
        case zeros
        /// Nothing; the result has only the places where the whole filter fits.
        case none
    }

    /// The correlation with a filter that is a product of two, one per axis (no flip).
    func filtered(vertical: Taps, horizontal: Taps, border: Border) -> Plane {
        switch border {
        case .zeros:
            filteredRows(horizontal, width: width).filteredColumns(vertical, height: height)
        case .none:
            filteredRows(
                Taps(weights: horizontal.weights, first: 0),
                width: max(0, width - horizontal.weights.count + 1)
            ).filteredColumns(
                Taps(weights: vertical.weights, first: 0),
                height: max(0, height - vertical.weights.count + 1))
        }
    }

    private func filteredRows(_ taps: Taps, width outputWidth: Int) -> Plane {
        var result = Plane(zeros: height, outputWidth)
        values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for row in 0..<height {
                    for (position, weight) in taps.weights.enumerated() {
                        let shift = taps.first + position
                        let (start, end) = (max(0, -shift), min(outputWidth, width - shift))
                        guard start < end else { continue }
                        Self.add(
                            source, row * width + start + shift, times: weight,
                            to: target, row * outputWidth + start, count: end - start)
                    }
                }
            }
        }
        return result
    }

    private func filteredColumns(_ taps: Taps, height outputHeight: Int) -> Plane {
        var result = Plane(zeros: outputHeight, width)
        values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for row in 0..<outputHeight {
                    for (position, weight) in taps.weights.enumerated() {
                        let from = row + taps.first + position
                        guard 0..<height ~= from else { continue }
                        Self.add(
                            source, from * width, times: weight, to: target, row * width,
                            count: width)
                    }
                }
            }
        }
        return result
    }

    private static func add(
        _ source: UnsafeBufferPointer<Double>, _ from: Int, times weight: Double,
        to target: UnsafeMutableBufferPointer<Double>, _ to: Int, count: Int
    ) {
        let (source, target) = (source.baseAddress! + from, target.baseAddress! + to)
        for index in 0..<count { target[index] += weight * source[index] }
    }

    /// The means of blocks of `size` × `size` pixels; blocks that the border cuts average what
    /// they have, so the result has ⌈height / size⌉ × ⌈width / size⌉ values.
    func pooled(_ size: Int) -> Plane {
        let (rows, columns) = ((height + size - 1) / size, (width + size - 1) / size)
        var result = Plane(zeros: rows, columns)
        for row in 0..<rows {
            let inside = row * size..<min(height, (row + 1) * size)
            for column in 0..<columns {
                let across = column * size..<min(width, (column + 1) * size)
                var sum = 0.0
                for y in inside {
                    for x in across { sum += values[y * width + x] }
                }
                result.values[row * columns + column] = sum / Double(inside.count * across.count)
            }
        }
        return result
    }

    /// How steep the image is: Prewitt's two slopes as one length, zeros beyond the border.
    ///
    /// A constant image has gradients along its border.
    var gradientMagnitude: Plane {
        let slope = Taps(weights: [1.0 / 3, 0, -1.0 / 3], first: -1)
        let box = Taps(weights: [1, 1, 1], first: -1)
        return filtered(vertical: box, horizontal: slope, border: .zeros)
            .combined(with: filtered(vertical: slope, horizontal: box, border: .zeros)) {
                ($0 * $0 + $1 * $1).squareRoot()
            }
    }
}
