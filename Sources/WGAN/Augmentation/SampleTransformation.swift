public import TensorGraph

/// A random change of images that leaves them images of the same thing, made by differentiable
/// operations.
///
/// Random numbers are arguments: one set of them for each image.
public protocol SampleTransformation: Sendable {
    /// How many uniform numbers one image takes.
    var numbersPerSample: Int { get }

    /// The changed images.
    ///
    /// - Parameters:
    ///   - images: `[N, H, W, C]`, pixels in −1…1; the result may leave that range.
    ///   - numbers: `[N, numbersPerSample]`, uniform, 0 ≤ u < 1.
    ///   - enabled: `[N, 1]`, 1 for images that are changed and 0 for those that stay as they are.
    /// - Returns: `[N, H, W, C]`.
    func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor
}

extension Tensor {
    /// Uniform numbers `[N, 1]`, 0 ≤ u < 1, as amounts in −range…range, zero where `enabled` is,
    /// with the axes of images: `[N, 1, 1, 1]`.
    func amounts(upTo range: Double, enabled: Tensor) -> Tensor {
        (enabled * Tensor(range) * (2 * self - 1)).forImages
    }

    /// One number for each image, `[N, 1]`, with the axes of images: `[N, 1, 1, 1]`.
    var forImages: Tensor { reshaped([shape[0], 1, 1, 1]) }

    /// The mean along `axes`, which stay with the extent 1.
    func meanKeeping(_ axes: [Int]) -> Tensor {
        var dimensions = shape.dimensions
        for axis in axes { dimensions[axis] = 1 }
        return mean(along: axes).reshaped(Shape(dimensions))
    }
}
