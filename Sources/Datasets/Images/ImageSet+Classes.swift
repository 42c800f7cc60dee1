extension ImageSet {
    /// How many images each label has, `[largest label + 1]`; empty without labels.
    public var labelCounts: [Int] {
        guard let labels, let largest = labels.max() else { return [] }
        return labels.reduce(into: [Int](repeating: 0, count: Int(largest) + 1)) { counts, label in
            counts[Int(label)] += 1
        }
    }

    /// The images of one class alone, in their order.
    ///
    /// - Parameter label: The class, such as a digit 0…9.
    /// - Throws: ``ImageSetError`` without labels, or when no image has this one.
    public func filtered(toClass label: Int) throws -> ImageSet {
        guard let labels else { throw ImageSetError.noLabels }
        let kept = labels.indices.filter { Int(labels[$0]) == label }
        guard let first = kept.first else {
            throw ImageSetError.emptyClass(
                label, smallest: Int(labels.min() ?? 0), largest: Int(labels.max() ?? 0))
        }
        var chosen: [UInt8] = []
        chosen.reserveCapacity(kept.count * imageSize)
        for index in kept { chosen += pixels[index * imageSize..<(index + 1) * imageSize] }
        return try ImageSet(
            height: height, width: width, channels: channels, pixels: chosen,
            labels: [UInt8](repeating: labels[first], count: kept.count))
    }
}
