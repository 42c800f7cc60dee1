import Evaluation
import Figures
import Files
import Foundation
import Runs
import TensorGraph
import WGAN

/// Whether generated samples are copies of training images.
///
/// The difference of two images is the root of the mean square difference of their pixels, in
/// levels of 0…255. Pixels find changed copies at least as well as random features do: images that
/// were shifted by two pixels of 64, blurred, made noisy or enlarged by a tenth.
///
/// A sample is next to a copy if one training image is far nearer than others are: by the
/// difference from the nearest over the mean of those from the five nearest. The nearest
/// difference alone would not do: smooth or pale images differ less from everything. The lower
/// tail of these ratios is compared with that of real images which the training did not see. Where
/// nothing was held out, training images are compared with all others of the training: their own
/// place, and its mirror image, left out.
///
/// Source: Carlini et al. 2023, arXiv:2301.13188 (relative distances), with five
/// neighbours in place of fifty; Meehan et al. 2020, arXiv:2004.05675 (comparison with held-out
/// images).
struct Memorisation {
    /// An image of the training and how far it is from a sample.
    private struct Neighbour {
        let image: Int
        let isMirrored: Bool
        let distance: Double
    }

    /// The most samples, and real images, whose neighbours are searched.
    private static let sampleCount = 500
    /// Neighbours of each image, and rows of each half of the sheet.
    private static let (neighbourCount, shownRows) = (5, 8)
    /// Numbers of training images that are looked at in one go.
    private static let pieceSize = 4_000_000

    private let set: NumberedImages
    private let shape: (height: Int, width: Int, channels: Int)
    private let samples: [Float]
    private let neighbours: [[Neighbour]]
    private let realNeighbours: [[Neighbour]]
    private let isHeldOut: Bool
    private let test: LowerTailTest

    private var size: Int { shape.height * shape.width * shape.channels }

    /// Searches the neighbours; nil where the training's images have no end or are too few.
    ///
    /// - Parameter count: Samples that are looked at, ``sampleCount`` at most.
    init?(_ run: FinishedRun, count: Int, progress: PartProgress) throws {
        progress(0, Self.work)
        let extents = run.sampler.sampleShape.dimensions
        guard extents.count == 3, let set = try run.trainingSet(progress: progress.decoding),
            set.count > Self.neighbourCount + 1
        else { return nil }
        self.set = set
        shape = (height: extents[0], width: extents[1], channels: extents[2])
        let samples = try run.generated(min(count, Self.sampleCount), seed: 0)
        let heldOut = try run.heldOutSet()
        let chosen = try (heldOut ?? set).choice(min(count, Self.sampleCount))
        let size = extents.reduce(1, *)
        let found = try Self.neighbours(
            of: FeatureMatrix(samples + (heldOut ?? set).images(chosen), dimensions: size),
            in: set, leavingOut: heldOut == nil ? chosen : nil, progress: progress)
        neighbours = Array(found.prefix(samples.count / size))
        realNeighbours = Array(found.dropFirst(samples.count / size))
        (self.samples, isHeldOut) = (samples, heldOut != nil)
        guard
            let test = LowerTailTest(
                of: neighbours.map(Self.ratio), below: realNeighbours.map(Self.ratio))
        else { return nil }
        self.test = test
    }

    /// The difference from the nearest over the mean of those from all neighbours: 1 where all are
    /// equally near, near 0 for a copy.
    private static func ratio(_ neighbours: [Neighbour]) -> Double {
        let mean = neighbours.reduce(0) { $0 + $1.distance } / Double(neighbours.count)
        return mean > 0 ? neighbours[0].distance / mean : 0
    }

    private static let work = "searching for copies"

    /// The nearest training images of each image in `images`.
    ///
    /// - Parameter own: The numbers in the training of the last images, which are no neighbours of
    ///   themselves; nil where they are not of the training.
    private static func neighbours(
        of images: FeatureMatrix, in set: NumberedImages, leavingOut own: [Int]?,
        progress: PartProgress
    ) throws -> [[Neighbour]] {
        let (total, size) = (set.count, images.dimensions)
        let unit = 127.5 / Double(size).squareRoot()
        let first = images.count - (own?.count ?? 0)
        let step = max(1, pieceSize / size)
        var search = NearestRows(to: images, count: neighbourCount)
        for isMirrored in set.flips ? [false, true] : [false] {
            for start in stride(from: 0, to: total, by: step) {
                let piece = Array(start..<min(start + step, total))
                try search.add(
                    FeatureMatrix(set.images(piece, mirrored: isMirrored), dimensions: size)
                ) { row, candidate in
                    guard let own, row >= first else { return false }
                    return own[row - first] == candidate % total
                }
                let share = Double(start) / Double(total)
                progress(set.flips ? (share + (isMirrored ? 1 : 0)) / 2 : share, work)
            }
        }
        return search.neighbours.map { row in
            row.map {
                Neighbour(
                    image: $0.index % total, isMirrored: $0.index >= total,
                    distance: unit * $0.distance)
            }
        }
    }
}

extension Memorisation {
    /// What the real distances are those of.
    private var reference: String {
        isHeldOut ? "images that were held out" : "training images, themselves left out"
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
    }

    private static func medianDifference(_ neighbours: [[Neighbour]]) -> Double {
        median(neighbours.map { $0[0].distance })
    }

    /// For programs.
    var json: JSONValue {
        .object([
            "difference": .text("root mean square difference of pixels, of 255"),
            "samples": .integer(neighbours.count), "trainingImages": .integer(set.count),
            "mirroredToo": .truth(set.flips), "reference": .text(reference),
            "referenceImages": .integer(realNeighbours.count),
            "medianDifference": .number(Self.medianDifference(neighbours)),
            "medianReferenceDifference": .number(Self.medianDifference(realNeighbours)),
            "medianRatio": .number(Self.median(neighbours.map(Self.ratio))),
            "medianReferenceRatio": .number(Self.median(realNeighbours.map(Self.ratio))),
            "copyShare": .number(test.share), "expectedShare": .number(test.expectedShare),
            "pValue": .number(test.pValue), "verdict": .text(verdict),
        ])
    }

    /// For people.
    var text: String {
        let digits = { (number: Double) in number.formatted(significantDigits: 3) }
        let medians = [neighbours, realNeighbours].map { digits(Self.medianDifference($0)) }
        let ratios = [neighbours, realNeighbours].map { digits(Self.median($0.map(Self.ratio))) }
        return """
            copies of the \(set.count) training images among \(counted(neighbours.count, "sample"))
              nearest image             \(medians[0])  (\(reference): \(medians[1]); median, of 255)
              beside the nearest five   \(ratios[0])  (\(ratios[1]))
              share next to copies      \(digits(test.share))  \
            (\(digits(test.expectedShare)) by chance), p \(digits(test.pValue))
            \(verdict)
            """
    }

    private var verdict: String {
        test.pValue < 0.01
            ? "Some samples are next to copies of training images; look at "
                + "\(RunPage.nearestImagesPath).png."
            : "No sign of copies of training images."
    }

    /// Writes the sheet of neighbours and the chart of distances.
    func writeFigures(in folder: RunFolder) throws {
        try folder.write(figure: sheet(), at: RunPage.nearestImagesPath)
        try folder.write(figure: chart, at: RunPage.nearestDistancesPath)
    }

    private func sheet() throws -> NeighbourSheet {
        let ratios = neighbours.map(Self.ratio)
        let first = Array(ratios.indices.prefix(Self.shownRows))
        let nearest = ratios.indices.sorted { ratios[$0] < ratios[$1] }.prefix(Self.shownRows)
        return try NeighbourSheet(
            "Samples beside the nearest of \(set.count) training images",
            blocks: [
                .init("Samples as they come", rows: first.map(row)),
                .init(
                    "Those of \(ratios.count) samples that are most like copies",
                    rows: nearest.map(row)),
            ], columns: ("sample", "nearest training images and their differences, of 255"))
    }

    private func row(_ sample: Int) throws -> NeighbourSheet.Row {
        NeighbourSheet.Row(
            sample: try picture(samples[sample * size..<(sample + 1) * size]),
            neighbours: try neighbours[sample].map { neighbour in
                let image = set.images([neighbour.image], mirrored: neighbour.isMirrored)
                let distance = String(format: "%.1f", neighbour.distance)
                return (
                    try picture(image[...]), neighbour.isMirrored ? distance + " ↔" : distance
                )
            })
    }

    private func picture(_ values: ArraySlice<Float>) throws -> PixelImage {
        try PixelImage(
            values: values, width: shape.width, height: shape.height, channels: shape.channels)
    }

    private var chart: LineChart {
        LineChart(
            "How near the nearest training image is beside the nearest five",
            series: [
                Self.steps("samples", neighbours.map(Self.ratio)),
                Self.steps(reference, realNeighbours.map(Self.ratio)),
            ], xAxis: Axis("difference from the nearest over the mean of the nearest five"),
            yAxis: Axis("share of images below", range: 0...1))
    }

    /// The share of values up to each of them, as steps.
    private static func steps(_ name: String, _ values: [Double]) -> LineChart.Series {
        let sorted = values.sorted()
        let share = { (place: Int) in Double(place) / Double(sorted.count) }
        return LineChart.Series(
            name,
            points: sorted.enumerated().flatMap { place, value in
                [SIMD2(value, share(place)), SIMD2(value, share(place + 1))]
            })
    }
}
