/// What keeps the similarity of flat regions near 1, for samples in 0…1.
let gradientConstant = 170.0 / (255 * 255)

/// Where the gradients of two images agree, 1 at best.
///
/// - Parameters:
///   - constant: In squared sample units.
///   - masking: α of Zhang et al. 2017, equation 3; 0 for none.
func gradientSimilarity(
    _ x: Plane, _ y: Plane, constant: Double, masking: Double
) -> Plane {
    x.gradientMagnitude.combined(with: y.gradientMagnitude) { g, h in
        ((2 - masking) * g * h + constant) / (g * g + h * h - masking * g * h + constant)
    }
}
