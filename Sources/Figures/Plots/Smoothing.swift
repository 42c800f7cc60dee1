/// The median of every value and its neighbours, which smooths a curve without being drawn away by
/// outliers.
///
/// - Parameters:
///   - values: Those that are not finite do not count, and stay as they are.
///   - window: How many values a median covers, centred; an even number counts as the next odd one.
///     At the ends the window is cut off.
/// - Returns: As many values. Of an even number of finite ones the lower middle one.
/// - Complexity: O(n · window) at worst, with a small constant.
public func runningMedian(_ values: [Double], window: Int) -> [Double] {
    let reach = max(window, 1) / 2
    var sorted: [Double] = []
    for value in values.prefix(reach) where value.isFinite { sorted.insertSorted(value) }
    return values.indices.map { index in
        if index + reach < values.count, values[index + reach].isFinite {
            sorted.insertSorted(values[index + reach])
        }
        if index - reach - 1 >= 0, values[index - reach - 1].isFinite {
            sorted.remove(at: sorted.firstSorted(notBelow: values[index - reach - 1]))
        }
        return values[index].isFinite ? sorted[(sorted.count - 1) / 2] : values[index]
    }
}

/// Few points that draw the same line: of every run of neighbours the lowest and the highest, in
/// their order. A run without a finite point keeps one that is not, so that gaps stay.
///
/// - Parameter columns: The number of runs, about the width of the plot in pixels.
func thinned(_ points: [SIMD2<Double>], to columns: Int) -> [SIMD2<Double>] {
    guard columns > 0, points.count > 4 * columns else { return points }
    return (0..<columns).flatMap { column in
        let start = column * points.count / columns
        let run = start..<((column + 1) * points.count / columns)
        let finite = run.filter { Axis.isDrawable(points[$0].y) }
        let low = finite.min { points[$0].y < points[$1].y }
        let high = finite.max { points[$0].y < points[$1].y }
        guard let low, let high else { return [points[start]] }
        return low == high ? [points[low]] : [points[min(low, high)], points[max(low, high)]]
    }
}

extension [Double] {
    /// The first place in the sorted array whose value is at least the given one.
    fileprivate func firstSorted(notBelow value: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate mutating func insertSorted(_ value: Double) {
        insert(value, at: firstSorted(notBelow: value))
    }
}
