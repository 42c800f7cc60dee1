package import TensorGraph

extension Tensor {
    /// Mean and biased variance along `axes`, which keep the extent 1.
    ///
    /// In two passes, first the mean and then the mean of squared deviations: the difference of
    /// E[x²] and E[x]² would lose all digits where the mean is large.
    ///
    /// - Returns: Also the deviations from the mean, of this tensor's shape.
    package func moments(
        along axes: [Int]
    ) -> (mean: Tensor, variance: Tensor, deviations: Tensor) {
        let kept = Shape(shape.dimensions.indices.map { axes.contains($0) ? 1 : shape[$0] })
        let mean = mean(along: axes).reshaped(kept)
        let deviations = self - mean
        let variance = (deviations * deviations).mean(along: axes).reshaped(kept)
        return (mean, variance, deviations)
    }
}
