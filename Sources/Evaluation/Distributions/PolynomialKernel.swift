/// `k(a, b) = (scale · a·b + offset)^degree`, the kernel of the kernel distance.
public struct PolynomialKernel: Sendable, Hashable {
    /// The largest degree.
    public static let largestDegree = 16

    /// The exponent.
    public let degree: Int
    /// What multiplies the product; nil is 1 / features.
    public let scale: Double?
    /// What is added to the product.
    public let offset: Double

    /// The usual kernel: third degree, scale 1 / features, offset 1.
    public static let usual = PolynomialKernel()

    private init() {
        degree = 3
        scale = nil
        offset = 1
    }

    /// Another kernel.
    ///
    /// - Parameters:
    ///   - degree: From 1 to ``largestDegree``.
    ///   - scale: Finite and above 0, or nil for 1 / features.
    ///   - offset: Finite, 0 or more.
    /// - Throws: ``SampleError/kernel(degree:scale:offset:)``.
    public init(degree: Int, scale: Double? = nil, offset: Double = 1) throws {
        let factor = scale ?? 1
        guard (1...Self.largestDegree).contains(degree), factor > 0, factor.isFinite,
            offset >= 0, offset.isFinite
        else { throw SampleError.kernel(degree: degree, scale: factor, offset: offset) }
        self.degree = degree
        self.scale = scale
        self.offset = offset
    }

    /// The value for a product of two rows.
    @inline(__always)
    func value(_ product: Double, _ scale: Double) -> Double {
        let base = scale * product + offset
        var result = base
        for _ in 1..<degree { result *= base }
        return result
    }
}
