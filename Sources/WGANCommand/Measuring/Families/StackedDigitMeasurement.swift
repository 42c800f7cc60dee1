import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Runs

/// How many of the thousand classes of stacked digits the samples have.
struct StackedDigitMeasurement: Measurement {
    var name: String { "stacked-digits" }
    var inputs: String { "images of 28×28×3 or 32×32×3 alone" }
    var summary: String { "how many of 1000 classes three digits in the channels make" }
    var better: MeasureDescription.Direction { .higher }
    var needsSecond: Bool { false }
    var options: Set<MeasureOption> { [.count, .size, .layout, .range, .threads] }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard request.second == nil else {
            throw CommandFailure("stacked digits are counted on one side; leave out B")
        }
        let reader = SampleReader(options: request.options, takesImages: true)
        let samples = try request.sideA.reading { place in
            try reader.requireArrays(among: [place])
            return try reader.read(place)
        }
        let side = try side(of: samples)
        let images = try scaled(samples)
        let size = side * side * 3
        let classifier = try StackedDigitClassifier(
            on: CPUDevice(threads: request.options.threads))
        let coverage = try classifier.coverage(count: samples.count, side: side) { range, room in
            _ = room.update(
                fromContentsOf: images[range.lowerBound * size..<range.upperBound * size])
        }
        return MeasureResult(
            metric: name, value: .integer(coverage.classesFound),
            details: [
                ("classes", .integer(coverage.counts.count)),
                ("klUniform", .number(coverage.divergence)),
                ("floorKLUniform", .number(coverage.floor)),
                ("extractor", .text(BuiltInClassifier.mnist.rawValue + "-classifier")),
                ("extractorSHA256", .text(BuiltInClassifier.mnist.sha256)), ("a", samples.facts),
                ("arithmetic", .text("network float32, measure float64")),
            ])
    }

    private func side(of samples: Samples) throws -> Int {
        let shape = samples.sampleShape
        guard shape.count == 3, shape[0] == shape[1], shape[2] == 3,
            StackedDigits.sides.contains(shape[0])
        else {
            let found = shape.map(String.init).joined(separator: "×")
            throw CommandFailure(
                "\(samples.source): stacked digits are images of 28×28×3 or 32×32×3, not of "
                    + "\(found); give such images")
        }
        return shape[0]
    }

    /// The images in −1…1.
    private func scaled(_ samples: Samples) throws -> [Float] {
        switch samples.content {
        case .images(let images): images.scaled(Array(0..<images.count))
        case .array(let images): images.scaled
        case .points:
            throw CommandFailure(
                "\(samples.source) holds points, not images; give images of 28×28×3 or 32×32×3")
        }
    }
}
