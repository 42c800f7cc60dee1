/// The k smallest of the values that it has seen, in a heap with the largest of them on top.
struct SmallestValues {
    private let capacity: Int
    private var heap: [Double] = []

    /// - Parameter capacity: k, at least 1.
    init(_ capacity: Int) {
        self.capacity = capacity
        heap.reserveCapacity(capacity)
    }

    /// The k-th smallest value; infinity while fewer than k have been seen.
    var largest: Double { heap.count == capacity ? heap[0] : .infinity }

    mutating func insert(_ value: Double) {
        if heap.count < capacity {
            heap.append(value)
            rise(heap.count - 1)
        } else if value < heap[0] {
            heap[0] = value
            sink()
        }
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0, heap[child] > heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
            guard heap[child] > heap[parent] else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
