extension CostMatrix {
    /// The largest source potentials that given target potentials allow.
    ///
    /// `f_i = min_j (c_ij − g_j)`, the c-transform of g: with it `f_i + g_j ≤ c_ij` everywhere. For
    /// distances f is a function with the Lipschitz constant 1.
    ///
    /// - Parameter potentials: g, one for each column.
    /// - Returns: f, one for each row.
    /// - Throws: ``ScoreError``.
    ///
    /// Source: Villani 2009, "Optimal Transport: Old and New", definition 5.2.
    public func cTransform(_ potentials: [Double]) throws -> [Double] {
        try requireScores(potentials, columns, .second)
        return values.withUnsafeBufferPointer { values in
            (0..<rows).map { row in
                (0..<columns).reduce(.infinity) {
                    min($0, values[row * columns + $1] - potentials[$1])
                }
            }
        }
    }
}
