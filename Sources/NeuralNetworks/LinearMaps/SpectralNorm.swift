public import TensorGraph

/// The largest singular value of a matrix: how much it can lengthen a vector.
///
/// Its derivative is `u vᵀ` with the singular vectors u and v, which count as constants in further
/// differentiation, as in PyTorch.
public enum SpectralNorm {
    /// Below this a length counts as zero when something is divided by it.
    package static let smallest = 1e-12

    /// The norm to rounding error, without an iteration that has to begin somewhere.
    ///
    /// The Gram matrix G of the smaller side is squared and normalised again and again: P → G^(2ᵏ),
    /// as good as 2ᵏ power iterations from every direction at once. Then σ² = tr(G P)/tr(P), which
    /// is right also where the largest singular values coincide.
    ///
    /// - Parameters:
    ///   - matrix: `[rows, columns]`.
    ///   - squarings: k; singular values closer than a share of about 2⁻ᵏ count as one.
    /// - Returns: A scalar; 0 for the zero matrix, with derivative 0.
    /// - Complexity: k products of matrices of the smaller side.
    public static func exact(_ matrix: Tensor, squarings: Int = 18) -> Tensor {
        guard matrix.rank == 2 else { return notAMatrix(matrix) }
        let isWide = matrix.shape[0] <= matrix.shape[1]
        let fixed = matrix.stoppingGradient()
        let gram = fixed.matmul(fixed, transposeFirst: !isWide, transposeSecond: isWide)
        var power = normalised(gram, smallest: 1e-30)
        for _ in 0..<squarings { power = normalised(power.matmul(power), smallest: 1e-30) }
        // P Gram = P W Wᵀ, so that P W (or W P) is u vᵀ up to the factor σ tr(P).
        let filtered = isWide ? power.matmul(fixed) : fixed.matmul(power)
        let side = power.shape[0]
        let trace = (power * (.iota([side, side], axis: 0) .== .iota([side, side], axis: 1))).sum()
        let share = 1 / Tensor.maximum(trace, Tensor(1e-30))
        let norm = ((filtered * fixed).sum() * share).sqrt()
        let direction = filtered * share * (1 / Tensor.maximum(norm, Tensor(smallest)))
        return (direction.stoppingGradient() * matrix).sum()
    }

    /// An estimate from below by power iteration: v ← Wᵀu/‖Wᵀu‖, u ← W v/‖W v‖, then σ = uᵀ W v.
    ///
    /// - Parameters:
    ///   - matrix: `[rows, columns]`.
    ///   - start: u before the first iteration, `[rows]`, of any length but zero.
    ///   - iterations: At least 1.
    /// - Returns: σ, a scalar, 0 for the zero matrix; and u after the last iteration, `[rows]`.
    ///
    /// Source: Miyato et al. 2018, algorithm 1, arXiv:1802.05957.
    public static func powerIteration(
        _ matrix: Tensor, from start: Tensor, iterations: Int = 1
    ) -> (sigma: Tensor, vector: Tensor) {
        guard matrix.rank == 2 else { return (notAMatrix(matrix), notAMatrix(matrix)) }
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let fixed = matrix.stoppingGradient()
        var u = start.reshaped([rows, 1]).stoppingGradient()
        var v = Tensor.filled(0, [columns, 1])
        for _ in 0..<max(iterations, 1) {
            v = normalised(fixed.matmul(u, transposeFirst: true), smallest: smallest)
            u = normalised(fixed.matmul(v), smallest: smallest)
        }
        u = u.stoppingGradient()
        let image = matrix.matmul(v.stoppingGradient())
        return ((u * image).sum(), u.reshaped([rows]))
    }

    /// `matrix` divided by `sigma`; the zero matrix stays as it is.
    public static func divided(_ matrix: Tensor, by sigma: Tensor) -> Tensor {
        matrix * (1 / Tensor.maximum(sigma, Tensor(smallest)))
    }

    private static func normalised(_ x: Tensor, smallest: Double) -> Tensor {
        x * (1 / Tensor.maximum((x * x).sum().sqrt(), Tensor(smallest)))
    }

    private static func notAMatrix(_ x: Tensor) -> Tensor {
        .invalid("a spectral norm is of a matrix, not of a tensor of shape \(x.shape)", from: x)
    }
}

extension Parameter {
    /// A value of this linear map as a matrix `[outputs, …]`: a kernel's other axes become columns.
    ///
    /// The norm of the reshaped kernel is not that of the convolution as an operator. Groups of
    /// channels are blocks on the matrix's diagonal with zeros elsewhere, so that its norm is the
    /// largest of the blocks' norms; PyTorch's `spectral_norm` puts the blocks above each other,
    /// which has a norm that is up to √groups larger.
    public func matrix(of value: Tensor) -> Tensor {
        guard shape.rank >= 2 else { return value }
        let isTransposed = role == .transposedConvolutionWeight
        let outputs = isTransposed ? shape[1] * groups : shape[0]
        let inputs = outputs == 0 ? 0 : shape.count / outputs
        let area = shape.dimensions.dropFirst(2).reduce(1, *)
        let blocks =
            isTransposed
            ? value.reshaped([groups, shape[0] / groups, shape[1], area]).transposed([0, 2, 1, 3])
            : value
        guard groups > 1 else { return blocks.reshaped([outputs, inputs]) }
        let places: Shape = [groups, 1, groups, 1]
        let isOnDiagonal = Tensor.iota(places, axis: 0) .== .iota(places, axis: 2)
        return (blocks.reshaped([groups, outputs / groups, 1, inputs]) * isOnDiagonal)
            .reshaped([outputs, groups * inputs])
    }
}
