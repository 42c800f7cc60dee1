import TensorGraph

/// Which numbers single precision can be trusted with.
enum Conditioning {
    /// How far two numbers must be apart to be told apart.
    private static let margin = 1e-3

    /// Whether rounding has moved no element by more than 1e-5, or that share of it if it is large.
    static func agree(_ exact: ReferenceTensor, _ rounded: ReferenceTensor) -> Bool {
        for (a, b) in zip(exact.values, rounded.values) {
            guard abs(a - b) <= 1e-5 * max(1, abs(a)), a.isFinite else { return false }
        }
        return true
    }

    /// Whether an operation on these operands is far from its jumps and poles.
    static func isTame(
        _ operation: any Operation, _ exact: [ReferenceTensor], _ rounded: [ReferenceTensor]
    ) -> Bool {
        switch operation {
        case Unary.exponential: exact[0].values.allSatisfy { $0 < 4 }
        case Unary.log, Unary.sqrt: exact[0].values.allSatisfy { $0 > 0.1 }
        case Unary.sign, is Select: exact[0].values.allSatisfy { $0 == 0 || abs($0) > margin }
        case Binary.divide: exact[1].values.allSatisfy { abs($0) > 0.1 }
        case is Compare: isClear(exact) && isClear(rounded)
        case let arrange as Arrange:
            [exact[0], rounded[0]].allSatisfy { isApart($0, inGroupsOf: arrange.group) }
        default: true
        }
    }

    /// Whether all numbers of each group are well apart.
    private static func isApart(_ keys: ReferenceTensor, inGroupsOf group: Int) -> Bool {
        stride(from: 0, to: keys.values.count, by: group).allSatisfy { start in
            let sorted = keys.values[start..<start + group].sorted()
            return zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > margin }
        }
    }

    /// Whether each pair of numbers is equal or well apart.
    private static func isClear(_ operands: [ReferenceTensor]) -> Bool {
        zip(operands[0].values, operands[1].values).allSatisfy {
            $0 == $1 || abs($0 - $1) > margin
        }
    }
}
