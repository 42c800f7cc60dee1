import ArgumentParser

/// The settings of measures; each concerns some of them.
struct MeasureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Weights of the points of A.", valueName: "file"))
    var weightsA: String?

    @Option(help: ArgumentHelp("Weights of the points of B.", valueName: "file"))
    var weightsB: String?

    @Option(
        help: ArgumentHelp(
            "What features are: pixels, mnist, fashion-mnist or a .safetensors network.",
            valueName: "name|file"))
    var extractor = "pixels"

    @Option(help: "Take the first samples of each side alone.")
    var count: Int?

    @Option(help: "Resize images of folders to this many pixels a side.")
    var size: Int?

    @Option(
        help: ArgumentHelp(
            "What black and white are in arrays of fractions.", valueName: "low,high"))
    var range = "-1,1"

    @Option(
        help: ArgumentHelp(
            "The folder with the files of mnist:… and fashion-mnist:….", valueName: "folder"))
    var data: String?

    @Option(help: "Directions of sliced, searches of max-sliced.")
    var directions: Int?

    @Option(help: "The order p of sliced, max-sliced and sinkhorn.")
    var order = 2.0

    @Option(help: "The regularisation of sinkhorn, in the unit of the costs.")
    var epsilon = 0.05

    @Option(help: "The standard deviation of modes.")
    var deviation: Double?

    @Option(help: "The neighbour that sets the size of a ball in prdc.")
    var neighbour = 5

    @Option(help: "Subsets of kid.")
    var subsets = 100

    @Option(help: "Samples in a subset of kid.")
    var subsetSize: Int?

    @Option(help: "Parts whose scores is averages.")
    var splits = 10

    @Option(help: "What all random choices are a function of.")
    var seed: UInt64 = 0

    @Option(help: "Threads of the extractor; by default one for each processor.")
    var threads: Int?

    /// Refuses numbers that make no sense.
    func check() throws {
        for (name, value, range) in [
            ("count", count, 1...Int.max), ("size", size, 1...4096),
            ("threads", threads, 1...1024), ("subset-size", subsetSize, 2...1_000_000),
        ] {
            guard let value, !range.contains(value) else { continue }
            throw CommandFailure(
                "--\(name) \(value) makes no sense; give at least \(range.lowerBound)"
                    + (range.upperBound == .max ? "" : " and at most \(range.upperBound)"))
        }
    }

    /// What black and full intensity are in arrays of fractions.
    func pixelRange() throws -> ClosedRange<Float> {
        let bounds = range.split(separator: ",").map { Float($0) }
        guard bounds.count == 2, let low = bounds[0], let high = bounds[1],
            low.isFinite, high.isFinite, low < high
        else {
            throw CommandFailure(
                "--range '\(range.prefix(80))' is no range; give two numbers, such as 0,1")
        }
        return low...high
    }
}
