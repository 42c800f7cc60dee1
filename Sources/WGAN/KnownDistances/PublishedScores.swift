import Foundation

/// What the benchmark's authors found for one of their methods on one of their pairs, with one
/// seed.
///
/// Their pairs cannot be drawn again: compare ``ratio``, not estimates. In the plane their cosines
/// stop near 0.86, since they took the true gradient at moved points in Float; ours do not.
///
/// Source: Korotin, Kolesov and Burnaev 2022, arXiv:2206.07767, and its repository's figures.
public struct PublishedScores: Sendable, Hashable {
    /// The mean cosine between the critic's and the optimal gradient.
    public let cosine: Double
    /// The estimate as a share of the distance.
    public let ratio: Double

    /// The scores of a method, by its name in ``PublishedCritics``; nil for others and for pairs
    /// that they had none of.
    public init?(of method: String, dimensions: Int, funnels: Int) {
        guard let found = Self.table[Key(method: method, dimensions: dimensions, funnels: funnels)]
        else { return nil }
        self = found
    }

    private init(cosine: Double, ratio: Double) { (self.cosine, self.ratio) = (cosine, ratio) }

    private struct Key: Hashable {
        let method: String
        let dimensions, funnels: Int
    }

    private static let table: [Key: PublishedScores] = {
        let lines = String(decoding: PackageResources.published_csv, as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: ",") }
        let methods = stride(from: 3, to: lines[0].count, by: 2).map { column in
            String(lines[0][column].split(separator: " ")[0])
        }
        var table: [Key: PublishedScores] = [:]
        for line in lines.dropFirst() {
            let numbers = line.compactMap { Double($0) }
            for (place, method) in methods.enumerated() {
                let key = Key(
                    method: method, dimensions: Int(numbers[0]), funnels: Int(numbers[1]))
                table[key] = PublishedScores(
                    cosine: numbers[3 + 2 * place], ratio: numbers[4 + 2 * place] / numbers[2])
            }
        }
        return table
    }()
}
