import Foundation

/// The two means over places that SSIM and MS-SSIM are made of.
struct StructuralTerms {
    /// The mean of luminance term times contrast-structure term.
    let similarity: Double
    /// The mean of the contrast-structure term alone.
    let contrast: Double

    /// In pixels.
    static let windowSize = 11

    private static let window: Taps = {
        let middle = Double(windowSize / 2)
        let weights = (0..<windowSize).map { exp(-pow(Double($0) - middle, 2) / (2 * 1.5 * 1.5)) }
        let sum = weights.reduce(0, +)
        return Taps(weights: weights.map { $0 / sum }, first: 0)
    }()

    init(_ x: Plane, _ y: Plane) {
        let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
        let averaged = { (plane: Plane) in
            plane.filtered(vertical: Self.window, horizontal: Self.window, border: .none)
        }
        let (meanX, meanY) = (averaged(x), averaged(y))
        let (squareX, squareY, product) = (averaged(x * x), averaged(y * y), averaged(x * y))
        var (similarities, contrasts) = (0.0, 0.0)
        for index in product.values.indices {
            let (a, b) = (meanX.values[index], meanY.values[index])
            let variances = squareX.values[index] - a * a + squareY.values[index] - b * b
            let contrast = (2 * (product.values[index] - a * b) + c2) / (variances + c2)
            contrasts += contrast
            similarities += (2 * a * b + c1) / (a * a + b * b + c1) * contrast
        }
        similarity = similarities / Double(product.values.count)
        contrast = contrasts / Double(product.values.count)
    }
}
