import CKernels
import TensorGraph

/// Element-wise operations of a chain that are done as one, since nothing else reads what lies
/// between them: what optimisers consist of. Values that stay in a processor's registers need not
/// go through the first cache, and its slow roots and divisions overlap with all else.
///
/// The bits are those of the operations one by one.
struct Contractions {
    struct Contraction {
        let opcode: wk_opcode
        let operands: [Int]
    }

    /// By the instruction that gives the result.
    private(set) var contractions: [Int: Contraction] = [:]
    /// The instruction as a part of which an inner one is computed.
    private(set) var homes: [Int: Int] = [:]

    private let values: Values
    /// Instructions that one other one of the chain reads, once, and nothing else.
    private let inner: Set<Int>

    init(_ values: Values, _ members: [Int], _ stored: Set<Int>) {
        self.values = values
        let counts = members.flatMap { values.reads($0) }.occurrences
        inner = Set(members.filter { counts[$0] == 1 }).subtracting(stored)
        for member in members.reversed() where homes[member] == nil {
            guard let found = contraction(of: member) else { continue }
            contractions[member] = Contraction(opcode: found.opcode, operands: found.operands)
            for number in found.inner { homes[number] = member }
        }
    }

    private typealias Found = (opcode: wk_opcode, operands: [Int], inner: [Int])

    private func contraction(of number: Int) -> Found? {
        guard let operation = values.operation(number) as? Binary else { return nil }
        let (first, second) = (values.reads(number)[0], values.reads(number)[1])
        switch operation {
        case .add:
            return average(first, second) ?? average(second, first)
                ?? scaledRoot(first, plus: second) ?? scaledRoot(second, plus: first)
        case .subtract: return descent(from: first, by: second)
        case .divide: return quotient(first, by: second)
        case .minimum:
            guard let larger = operands(of: first, .maximum) else { return nil }
            return (WK_CLAMP, larger + [second], [first])
        case .multiply, .maximum: return nil
        }
    }

    /// `a · b + c · d²`: a moving average of squares.
    private func average(_ old: Int, _ new: Int) -> Found? {
        guard let old = operands(of: old, .multiply).map({ ($0, old) }),
            let parts = operands(of: new, .multiply)
        else { return nil }
        for (factor, square) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            if let roots = operands(of: square, .multiply), roots[0] == roots[1] {
                return (
                    WK_AVERAGE_SQUARE, old.0 + [factor, roots[0]], [old.1, new, square]
                )
            }
        }
        return nil
    }

    /// `√a · b + c`.
    private func scaledRoot(_ product: Int, plus term: Int) -> Found? {
        guard let factors = operands(of: product, .multiply) else { return nil }
        return root(among: factors).map {
            (WK_SCALED_ROOT, [$0.radicand, $0.other, term], [product, $0.root])
        }
    }

    /// `a − b · c / d` or `a − b · c`.
    private func descent(from start: Int, by change: Int) -> Found? {
        if let quotient = operands(of: change, .divide),
            let product = operands(of: quotient[0], .multiply)
        {
            return (
                WK_SUBTRACT_QUOTIENT, [start] + product + [quotient[1]], [change, quotient[0]]
            )
        }
        guard let product = operands(of: change, .multiply) else { return nil }
        return (WK_SUBTRACT_PRODUCT, [start] + product, [change])
    }

    /// `a / (√b + c)`.
    private func quotient(_ dividend: Int, by divisor: Int) -> Found? {
        guard let terms = operands(of: divisor, .add) else { return nil }
        return root(among: terms).map {
            (WK_DIVIDE_BY_ROOT, [dividend, $0.radicand, $0.other], [divisor, $0.root])
        }
    }

    private func operands(of number: Int, _ operation: Binary) -> [Int]? {
        guard inner.contains(number), values.operation(number) as? Binary == operation else {
            return nil
        }
        return values.reads(number)
    }

    /// The root among two operands, what it is taken of, and the other operand.
    private func root(among pair: [Int]) -> (root: Int, radicand: Int, other: Int)? {
        for (root, other) in [(pair[0], pair[1]), (pair[1], pair[0])]
        where inner.contains(root) && values.operation(root) as? Unary == .sqrt {
            return (root, values.reads(root)[0], other)
        }
        return nil
    }
}

extension Sequence where Element: Hashable {
    /// How often each element occurs.
    var occurrences: [Element: Int] {
        reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
