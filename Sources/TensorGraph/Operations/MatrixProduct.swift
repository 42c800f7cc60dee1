/// The matrix product over the last two axes, for each index of the leading ones, which agree.
package struct MatrixProduct: Operation {
    package let transposeFirst: Bool
    package let transposeSecond: Bool
    package var name: String { "dot_general" }
    package var attributes: String {
        (transposeFirst ? "Aᵀ" : "A") + "·" + (transposeSecond ? "Bᵀ" : "B")
    }

    package init(transposeFirst: Bool = false, transposeSecond: Bool = false) {
        self.transposeFirst = transposeFirst
        self.transposeSecond = transposeSecond
    }

    /// The extents of one product: batch × (m × k) · (k × n).
    package struct Extents: Sendable {
        package let batch, m, n, k: Int

        package init(batch: Int, m: Int, n: Int, k: Int) {
            (self.batch, self.m, self.n, self.k) = (batch, m, n, k)
        }
    }

    package func extents(_ a: Shape, _ b: Shape) -> Extents {
        Extents(
            batch: a.dimensions.dropLast(2).reduce(1, *),
            m: a[a.rank - (transposeFirst ? 1 : 2)], n: b[b.rank - (transposeSecond ? 2 : 1)],
            k: a[a.rank - (transposeFirst ? 2 : 1)])
    }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let (a, b) = (operands[0], operands[1])
        try expect(a.rank >= 2 && b.rank >= 2, "the shapes \(a) and \(b) are not both matrices")
        let inner = (a[a.rank - (transposeFirst ? 2 : 1)], b[b.rank - (transposeSecond ? 1 : 2)])
        try expect(
            a.dimensions.dropLast(2) == b.dimensions.dropLast(2) && inner.0 == inner.1,
            "the shapes \(a) and \(b) do not fit in \(attributes)")
        let extents = extents(a, b)
        return Shape(a.dimensions.dropLast(2) + [extents.m, extents.n])
    }

    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let (a, b) = (operands[0], operands[1])
        let first =
            transposeFirst
            ? b.matmul(cotangent, transposeFirst: transposeSecond, transposeSecond: true)
            : cotangent.matmul(b, transposeSecond: !transposeSecond)
        let second =
            transposeSecond
            ? cotangent.matmul(a, transposeFirst: true, transposeSecond: transposeFirst)
            : a.matmul(cotangent, transposeFirst: !transposeFirst)
        return [first, second]
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (a, b) = (operands[0], operands[1])
        let e = extents(a.shape, b.shape)
        let (aRow, aColumn) = transposeFirst ? (1, e.m) : (e.k, 1)
        let (bRow, bColumn) = transposeSecond ? (1, e.k) : (e.n, 1)
        return ReferenceTensor(Shape(a.shape.dimensions.dropLast(2) + [e.m, e.n])) { element in
            let (batch, row, column) = (element / (e.m * e.n), element / e.n % e.m, element % e.n)
            var sum = 0.0
            for inner in 0..<e.k {
                sum +=
                    a.values[batch * e.m * e.k + row * aRow + inner * aColumn]
                    * b.values[batch * e.k * e.n + inner * bRow + column * bColumn]
            }
            return sum
        }
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int {
        2 * output.count * extents(operands[0], operands[1]).k
    }
}

extension Tensor {
    /// The matrix product over the last two axes, for each index of the leading ones.
    ///
    /// `[…, m, k] · […, k, n]` → `[…, m, n]`; either operand may be given transposed.
    public func matmul(
        _ other: Tensor, transposeFirst: Bool = false, transposeSecond: Bool = false
    ) -> Tensor {
        .apply(
            MatrixProduct(transposeFirst: transposeFirst, transposeSecond: transposeSecond),
            self, other)
    }
}
