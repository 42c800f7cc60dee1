import ArrayFiles
public import Evaluation
public import Foundation

/// Mean and covariance of a set's features in a file, which is all that the Fréchet distance needs.
///
/// A `.npz` file with `mu` `[d]` and `sigma` `[d, d]` in float64, as pytorch-fid reads and writes
/// them, the covariance with divisor N − 1. Ours also have `count`, and `extractor` and
/// `extractor_sha256` as the bytes of their texts: in Python
/// `bytes(file["extractor"].tolist()).decode()`.
public struct StatisticsFile: Sendable, Equatable {
    /// The normal distribution of this mean and covariance.
    public let distribution: Gaussian
    /// How many samples it is of; nil where the file does not say.
    public let count: Int?
    /// The name of the extractor, `pixels` for samples as they are; nil where the file does not
    /// say.
    public let extractor: String?
    /// The hash of the extractor's network; nil for pixels and where the file does not say.
    public let extractorSHA256: String?

    private static let (mean, covariance, number) = ("mu", "sigma", "count")
    private static let (name, hash) = ("extractor", "extractor_sha256")
    /// The longest name that is read.
    private static let longestText = 4096

    /// Statistics to be written.
    ///
    /// - Parameters:
    ///   - statistics: Of 2 rows or more.
    ///   - extractor: The name of what made the features.
    ///   - extractorSHA256: The hash of its network, nil for none.
    /// - Throws: `SampleError.tooFewRows(found:needed:)`.
    public init(
        _ statistics: GaussianStatistics, extractor: String, extractorSHA256: String? = nil
    ) throws {
        distribution = try statistics.distribution()
        count = statistics.count
        (self.extractor, self.extractorSHA256) = (extractor, extractorSHA256)
    }

    /// Whether a file has what statistics have, by the names of its arrays.
    public static func isStatistics(_ url: URL) -> Bool {
        guard url.pathExtension.lowercased() == "npz",
            let archive = try? NumpyArchive(contentsOf: url)
        else { return false }
        return Set(archive.names).isSuperset(of: [mean, covariance])
    }

    /// Reads a file.
    ///
    /// - Throws: `FileFailure` or `FormatFailure` where it cannot be read; `GaussianError` where
    ///   the numbers are no mean and covariance.
    public init(contentsOf url: URL) throws {
        let archive = try NumpyArchive(contentsOf: url)
        func numbers(_ name: String) throws -> (shape: [Int], values: [Double]) {
            let array = try archive.array(named: name)
            return (array.shape, try array.values(as: Double.self))
        }
        func text(_ name: String) throws -> String? {
            guard archive.names.contains(name) else { return nil }
            let array = try archive.array(named: name)
            guard array.shape.reduce(1, *) <= Self.longestText else { return nil }
            let bytes = try array.values(as: Double.self).map { UInt8(exactly: $0) }
            return bytes.contains(nil)
                ? nil : String(decoding: bytes.compactMap(\.self), as: UTF8.self)
        }
        let (mean, covariance) = (try numbers(Self.mean), try numbers(Self.covariance))
        let size = mean.shape.count == 1 ? mean.shape[0] : -1
        guard covariance.shape == [size, size] else {
            throw FormatFailure(
                .numpyArchive, url.path, .shape,
                "mu has the shape \(mean.shape) and sigma \(covariance.shape)",
                remedy: "give a mean of d numbers and covariances of d×d")
        }
        distribution = try Gaussian(mean: mean.values, covariance: covariance.values)
        let counts = archive.names.contains(Self.number) ? try numbers(Self.number).values : []
        count = counts.count == 1 ? Int(exactly: counts[0]) : nil
        (extractor, extractorSHA256) = (try text(Self.name), try text(Self.hash))
    }

    /// Writes a file, which appears only when it is complete.
    ///
    /// - Throws: `FileFailure`, or `FormatFailure` for 4 GiB and more.
    public func write(to url: URL) throws {
        let size = distribution.mean.count
        var arrays = [
            NumpyArchive.NamedArray(Self.mean, shape: [size], values: distribution.mean),
            NumpyArchive.NamedArray(
                Self.covariance, shape: [size, size], values: distribution.covariance),
        ]
        if let count { arrays.append(.init(Self.number, shape: [], values: [count])) }
        for (name, text) in [(Self.name, extractor), (Self.hash, extractorSHA256)] {
            guard let bytes = text?.utf8 else { continue }
            arrays.append(.init(name, shape: [bytes.count], values: bytes.map { Int($0) }))
        }
        try NumpyArchive.write(arrays, to: url)
    }
}
