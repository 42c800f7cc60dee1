import TensorGraph

/// The masks of rectifiers, which need not be stored.
extension Values {
    /// For each comparison x ≤ 0 or x > 0 the value of the ReLU or LeakyReLU that it decides: the
    /// sign of that value tells the same, and it is stored anyway, for the next layer.
    func rectifiersByMask() -> [Int: Int] {
        var rectifiers: [Int: Int] = [:]
        for number in program.instructions.indices where operation(number) is Select {
            let operands = operands(number)
            let mask = operands[0]
            guard rectifiers[mask] == nil, let compare = operation(mask) as? Compare,
                splats[self.operands(mask)[1]] == 0
            else { continue }
            let x = self.operands(mask)[0]
            let isReLU =
                compare.comparison == .lessOrEqual && splats[operands[1]] == 0 && operands[2] == x
            let isLeaky =
                compare.comparison == .greater && operands[1] == x
                && isPositiveMultiple(operands[2], of: x)
            if isReLU || isLeaky { rectifiers[mask] = number }
        }
        return rectifiers
    }

    private func isPositiveMultiple(_ number: Int, of x: Int) -> Bool {
        guard operation(number) as? Binary == .multiply else { return false }
        let operands = operands(number)
        guard let index = operands.firstIndex(of: x) else { return false }
        return (splats[operands[1 - index]] ?? 0) > 0
    }
}
