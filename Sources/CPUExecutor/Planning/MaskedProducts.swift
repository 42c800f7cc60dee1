import TensorGraph

/// A matrix product whose left operand is a mask times an outer product: see `wk_masked.h`.
struct MaskedProduct {
    let extents: MatrixProduct.Extents
    let transposesFirst: Bool
    /// The left operand without its mask, as it is stored.
    let outer: OuterProduct

    /// What gives each row of the result, and each depth of the sum, its factor: the operand and
    /// the axis along which it goes.
    var rows: (operand: Int, axis: Int)? {
        transposesFirst ? outer.columns.map { ($0, 1) } : outer.rows.map { ($0, 0) }
    }
    var depths: (operand: Int, axis: Int)? {
        transposesFirst ? outer.rows.map { ($0, 0) } : outer.columns.map { ($0, 1) }
    }

    /// A factor of all numbers, a factor of each row and one of each column, where there are such.
    struct OuterProduct {
        var scale: Float = 1
        /// Operands of the matrix's shape that are the same in all columns, or in all rows.
        var rows: Int?
        var columns: Int?

        /// The products, element by element, if they are an outer product.
        static func * (a: Self, b: Self) -> Self? {
            guard a.rows == nil || b.rows == nil, a.columns == nil || b.columns == nil else {
                return nil
            }
            return Self(
                scale: a.scale * b.scale, rows: a.rows ?? b.rows, columns: a.columns ?? b.columns)
        }
    }
}

extension Values {
    /// The product as one of a mask, if it is such and large enough.
    func maskedProduct(_ number: Int) -> MaskedProduct? {
        guard let product = operation(number) as? MatrixProduct, !product.transposeSecond else {
            return nil
        }
        let (first, second) = (operands(number)[0], operands(number)[1])
        let extents = product.extents(shape(first), shape(second))
        guard extents.isLargeEnough, shape(first).rank == 2, isOwn(first),
            operation(first) is Select
        else { return nil }
        let branches = (operands(first)[1], operands(first)[2])
        let chosen =
            splats[branches.0] == 0 ? branches.1 : splats[branches.1] == 0 ? branches.0 : nil
        guard let chosen, let outer = outerProduct(chosen) else { return nil }
        return MaskedProduct(
            extents: extents, transposesFirst: product.transposeFirst, outer: outer)
    }

    private func outerProduct(_ number: Int) -> MaskedProduct.OuterProduct? {
        if let splat = splats[number] { return .init(scale: splat) }
        let strides = views[number].strides
        if strides[1] == 0 { return .init(rows: number) }
        if strides[0] == 0 { return .init(columns: number) }
        guard operation(number) as? Binary == .multiply, isOwn(number),
            let first = outerProduct(operands(number)[0]),
            let second = outerProduct(operands(number)[1])
        else { return nil }
        return first * second
    }
}

extension MatrixProduct.Extents {
    /// Whether there are rows enough for sixteen sums of each four rows of the right operand, and
    /// arithmetic enough for the threads to meet once more.
    fileprivate var isLargeEnough: Bool {
        batch == 1 && m % 8 == 0 && n % 32 == 0 && k % 64 == 0 && m >= 64 && n >= 128
            && m * n * k >= 1 << 20
    }
}
