public import Datasets

/// The class numbers of batches of labelled data, in the order of the samples.
public struct BatchLabels: Sendable {
    /// The largest class number and one.
    public let classes: Int
    private let labels: [UInt16]
    private var order: EpochOrder

    /// The labels of samples that come in an order; nil where there are none.
    public init?(_ labels: [UInt16]?, order: EpochOrder) {
        guard let labels, let largest = labels.max() else { return nil }
        (self.labels, self.order) = (labels, order)
        classes = Int(largest) + 1
    }

    /// Fills `memory` with the class numbers of batch number `batch`, `[N]`.
    public mutating func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int) {
        order.withBatch(batch) { samples in
            for (place, sample) in samples.enumerated() { memory[place] = Float(labels[sample]) }
        }
    }
}
