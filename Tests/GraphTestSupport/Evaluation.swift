import TensorGraph

/// What the nodes of a growing graph evaluate to, exactly and as single precision would have it.
///
/// The second value rounds every result to float32. Where the two stay together and no operation is
/// near a place where it jumps or explodes, any executor in single precision must agree with the
/// reference.
struct Evaluation {
    private struct Entry {
        /// Kept, so that the identifier is not given to another node.
        let node: Node
        let exact: ReferenceTensor
        let rounded: ReferenceTensor
    }

    /// Values of inputs and variables by name.
    var given: [String: ReferenceTensor] = [:]
    private var entries: [ObjectIdentifier: Entry] = [:]
    private let clock: RandomClock
    private let largestCount: Int
    private let largestFlops: Int

    init(clock: RandomClock, largestCount: Int, largestFlops: Int) {
        self.clock = clock
        self.largestCount = largestCount
        self.largestFlops = largestFlops
    }

    /// The number of admitted operations other than constants and broadcasts.
    private(set) var work = 0

    /// The value of an admitted tensor.
    func exact(_ tensor: Tensor) -> ReferenceTensor? {
        entries[ObjectIdentifier(tensor.node)]?.exact
    }

    /// The largest magnitude among the elements of an admitted tensor.
    func magnitude(_ tensor: Tensor) -> Double {
        exact(tensor)?.values.lazy.map(abs).max() ?? 0
    }

    /// Evaluates what `tensor` needs; false, and nothing is kept, where the numbers are not tame.
    mutating func admit(_ tensor: Tensor) -> Bool {
        let before = (entries, work)
        for node in topologicalOrder([tensor.node]) where entries[ObjectIdentifier(node)] == nil {
            guard let entry = evaluated(node) else {
                (entries, work) = before
                return false
            }
            entries[ObjectIdentifier(node)] = entry
            if !(node.operation is Constant || node.operation is Broadcast) { work += 1 }
        }
        return true
    }

    private func evaluated(_ node: Node) -> Entry? {
        let shapes = node.operands.map(\.shape)
        guard node.failure == nil, node.shape.count <= largestCount,
            node.operation.flops(shapes, output: node.shape)
                <= max(largestFlops, 40 * node.shape.count)
        else { return nil }
        let operands = node.operands.compactMap { entries[ObjectIdentifier($0)] }
        let exact = value(node.operation, operands.map(\.exact))
        guard Conditioning.isTame(node.operation, operands.map(\.exact), operands.map(\.rounded))
        else { return nil }
        var rounded =
            operands.isEmpty ? exact : node.operation.evaluate(operands.map(\.rounded), clock)
        for index in rounded.values.indices {
            rounded.values[index] = Double(Float(rounded.values[index]))
        }
        return Conditioning.agree(exact, rounded)
            ? Entry(node: node, exact: exact, rounded: rounded) : nil
    }

    private func value(_ operation: any Operation, _ operands: [ReferenceTensor]) -> ReferenceTensor
    {
        switch operation {
        case let input as Input: given[input.label]!
        case let read as VariableRead: given[read.variable.name]!
        default: operation.evaluate(operands, clock)
        }
    }
}
