public import TensorGraph

/// The nearest matrix with orthonormal columns, or rows where it is wide: U Vᵀ of W = U S Vᵀ.
///
/// Matrices may have leading axes: each one along these is made orthonormal by itself.
public enum Orthonormal {
    /// c = √(largest column sum of |W| · largest row sum of |W|), never below the largest singular
    /// value: `[…, 1, 1]`, constant in derivatives.
    ///
    /// Source: Hölder's inequality for the norms 1 and ∞. It exceeds the norm by up to the root of
    /// the smaller side, and needs no state.
    ///
    /// - Parameter matrix: `[…, rows, columns]`.
    public static func bound(_ matrix: Tensor) -> Tensor {
        guard matrix.rank >= 2 else { return notAMatrix(matrix) }
        let sizes = matrix.stoppingGradient().abs()
        let (rows, columns) = (matrix.rank - 2, matrix.rank - 1)
        // Roots first, since the product of the sums could overflow.
        let bound =
            sizes.sum(along: [rows]).max(along: [rows]).sqrt()
            * sizes.sum(along: [columns]).max(along: [rows]).sqrt()
        return bound.reshaped(Shape(matrix.shape.dimensions.dropLast(2) + [1, 1]))
            .stoppingGradient()
    }

    /// Björck's iteration from W/c: `A ← A Σ_{j ≤ p} C(2j, j)/4^j (I − AᵀA)^j`.
    ///
    /// Each singular value moves by itself towards 1. From a scale that is not below the largest
    /// one none ever exceeds 1, so that few iterations lose length but not the bound; small ones
    /// grow by a factor of 1.5 with order 1, 1.875 with 2, 2.1875 with 3 at first, and then
    /// converge quadratically. A zero stays zero.
    ///
    /// Source: Björck and Bowie 1971; Anil, Lucas and Grosse 2019, section 4.2, arXiv:1811.05381.
    ///
    /// - Parameters:
    ///   - matrix: W, `[…, rows, columns]`.
    ///   - scale: c, which broadcasts to the matrix; see ``bound(_:)``. By default the root of the
    ///     largest row sum of |WᵀW|, which is no less than the largest singular value, hardly above
    ///     1 where W is nearly orthonormal, and costs next to nothing beside the first iteration.
    ///   - order: p, 1 to 3.
    ///   - iterations: 0 or more; at least 1 for the default scale to be applied.
    public static func bjorck(
        _ matrix: Tensor, scale: Tensor? = nil, order: Int = 1, iterations: Int
    ) -> Tensor {
        guard matrix.rank >= 2 else { return notAMatrix(matrix) }
        let isWide = isWide(matrix)
        var a = scale.map { divided(matrix, by: $0) } ?? matrix
        for number in 0..<max(iterations, 0) {
            let gram = gram(a)
            // (W/c) f(G/c²) = 1/c · W f(G/c²): the first scale costs no pass over the matrices.
            let square = number == 0 && scale == nil ? largestRowSum(gram) : 1
            var (term, coefficient, sum) = (a, 1.0, a)
            for j in 1...max(order, 1) {
                // A (I − G)^j from that of j − 1.
                let product = isWide ? gram.matmul(term) : term.matmul(gram)
                term = term - (1 / square) * product
                coefficient *= Double(2 * j - 1) / Double(2 * j)
                sum = sum + Tensor(coefficient) * term
            }
            a = (1 / square.sqrt()) * sum
        }
        return a
    }

    /// The largest row sum of |G|, at least its largest eigenvalue: `[…, 1, 1]`, constant in
    /// derivatives.
    private static func largestRowSum(_ gram: Tensor) -> Tensor {
        let (rows, columns) = (gram.rank - 2, gram.rank - 1)
        let sum = gram.stoppingGradient().abs().sum(along: [columns]).max(along: [rows])
        return Tensor.maximum(sum, Tensor(SpectralNorm.smallest))
            .reshaped(Shape(gram.shape.dimensions.dropLast(2) + [1, 1])).stoppingGradient()
    }

    /// The part of a change of an orthonormal matrix that keeps it orthonormal to first order:
    /// `H − ½ W (WᵀH + HᵀW)`, the mirror image of that where the matrix is wide, and
    /// `½ (H − W Hᵀ W)`, which is the same, where it is square.
    ///
    /// - Parameters:
    ///   - change: H, `[…, rows, columns]`.
    ///   - matrix: W, of the same shape.
    public static func tangent(_ change: Tensor, at matrix: Tensor) -> Tensor {
        guard matrix.rank >= 2 else { return notAMatrix(matrix) }
        let (rows, columns) = (matrix.shape[matrix.rank - 2], matrix.shape[matrix.rank - 1])
        if rows == columns { return 0.5 * (change - mirrored(change, at: matrix)) }
        let isWide = rows < columns
        let product = matrix.matmul(change, transposeFirst: !isWide, transposeSecond: isWide)
        var axes = Array(0..<product.rank)
        axes.swapAt(product.rank - 2, product.rank - 1)
        let half = 0.5 * (product + product.transposed(axes))
        return change - (isWide ? half.matmul(matrix) : matrix.matmul(half))
    }

    /// W Hᵀ W.
    ///
    /// The gradient of a dense layer y = x Wᵀ is H = δᵀ x: then it is yᵀ (δ W), of which the
    /// layer's passes forward and back have made both factors. That is one product instead of two,
    /// and the less arithmetic unless a batch has more than twice as many rows as the matrix.
    private static func mirrored(_ change: Tensor, at matrix: Tensor) -> Tensor {
        let isGradient = MatrixProduct(transposeFirst: true)
        let factors = change.node.operands.map(Tensor.init)
        guard change.node.operation as? MatrixProduct == isGradient, change.rank == 2,
            factors[0].shape[0] <= 2 * matrix.shape[0]
        else { return matrix.matmul(change, transposeSecond: true).matmul(matrix) }
        let y = factors[1].matmul(matrix, transposeSecond: true)
        return y.matmul(factors[0].matmul(matrix), transposeFirst: true)
    }

    private static func isWide(_ matrix: Tensor) -> Bool {
        matrix.shape[matrix.rank - 2] < matrix.shape[matrix.rank - 1]
    }

    /// A Aᵀ or AᵀA, whichever is the smaller.
    private static func gram(_ a: Tensor) -> Tensor {
        let isWide = isWide(a)
        return a.matmul(a, transposeFirst: !isWide, transposeSecond: isWide)
    }

    /// Only the zero matrix has a bound of zero, and stays what it is.
    private static func divided(_ matrix: Tensor, by scale: Tensor) -> Tensor {
        matrix / Tensor.maximum(scale, Tensor(SpectralNorm.smallest))
    }

    private static func notAMatrix(_ tensor: Tensor) -> Tensor {
        .invalid("an orthonormal matrix has rows and columns, not \(tensor.shape)", from: tensor)
    }
}

extension Parameter {
    /// The linear map's values as a matrix, or as one for each of several groups, pixels of a
    /// kernel beside the channels: of a transposed convolution those of the convolution that it is
    /// the transpose of, which has the same norm.
    package func blocks(of value: Tensor) -> Tensor {
        let columns = shape.count / max(shape[0], 1)
        return value.reshaped(
            groups == 1 ? [shape[0], columns] : [groups, shape[0] / groups, columns])
    }

    /// The values of the linear map that has these ``blocks(of:)``.
    package func value(ofBlocks blocks: Tensor) -> Tensor { blocks.reshaped(shape) }

    /// In how many windows of a convolution a pixel lies at most: ⌈kernel/stride⌉ along each axis;
    /// 1 for other linear maps.
    package var overlap: Int {
        shape.dimensions.dropFirst(2).reduce(1) { $0 * (($1 + stride - 1) / stride) }
    }
}
