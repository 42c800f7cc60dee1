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
        try filtered(toClasses: [label])
    }

    /// The images of some classes alone, in their order and with their labels.
    ///
    /// - Parameter chosen: The classes, such as digits 0…9, in any order.
    /// - Throws: ``ImageSetError`` without labels, or when no image has one of these.
    public func filtered(toClasses chosen: [Int]) throws -> ImageSet {
        guard let labels else { throw ImageSetError.noLabels }
        let present = Set(labels.map { Int($0) })
        for label in chosen where !present.contains(label) {
            throw ImageSetError.emptyClass(
                label, smallest: present.min() ?? 0, largest: present.max() ?? 0)
        }
        guard !chosen.isEmpty else { throw ImageSetError.noImages(source: "the list of classes") }
        let wanted = Set(chosen)
        return selecting(labels.indices.filter { wanted.contains(Int(labels[$0])) })
    }
}
