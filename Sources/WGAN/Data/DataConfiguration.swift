public import Datasets
public import TensorGraph

/// Data that a training was configured with: known in its shape, and not yet read.
public protocol DataConfiguration: Sendable {
    /// The extents of one sample: `[2]` for points of the plane, `[H, W, C]` for images.
    var sampleShape: Shape { get }
    /// What points are drawn from; nil for images, whose number is finite.
    var distribution: (any PointDistribution)? { get }

    /// Opens the data.
    ///
    /// - Parameters:
    ///   - batchSize: Samples in a batch.
    ///   - seed: What the order of finite data is a function of.
    ///   - folder: Where the files of named data sets are; where nil, `DatasetLocation` says it.
    /// - Throws: `ImageSetError`, `IDXError` or `EpochOrderError` for files that are missing, cannot
    ///   be read or hold too little.
    func source(batchSize: Int, seed: UInt64, folder: String?) throws -> any SampleSource
}

/// Points drawn from a distribution.
struct PointData: DataConfiguration {
    private let drawn: any PointDistribution

    init(_ distribution: any PointDistribution) { drawn = distribution }

    var sampleShape: Shape { [drawn.dimensions] }
    var distribution: (any PointDistribution)? { drawn }

    func source(batchSize: Int, seed: UInt64, folder: String?) -> any SampleSource {
        PointSource(drawn)
    }
}

/// Images that are read from files.
struct ImageData: DataConfiguration {
    let sampleShape: Shape
    var distribution: (any PointDistribution)? { nil }
    private let load: @Sendable (_ folder: String?) throws -> ImageSet

    /// Images of this shape, `[H, W, C]`, that `load` reads.
    init(_ sampleShape: Shape, load: @escaping @Sendable (_ folder: String?) throws -> ImageSet) {
        self.sampleShape = sampleShape
        self.load = load
    }

    func source(batchSize: Int, seed: UInt64, folder: String?) throws -> any SampleSource {
        try ImageSource(load(folder), batchSize: batchSize, seed: seed)
    }
}
