import TensorGraph

extension Trainer {
    /// Batches from here on are out of any training's reach.
    private static let firstBatch = 1 << 40

    /// Real samples that the training has not seen in this order, `[count, …]` in row-major order.
    ///
    /// - Parameter seed: Which ones.
    public func realSamples(_ count: Int, seed: UInt64 = 0) -> [Float] {
        // A copy: what the source remembers of its last epoch stays the training's.
        var source = data
        let batchCount = setup.realBatchSize * sampleShape.count
        var samples: [Float] = []
        var batch = Self.firstBatch + Int(seed % (1 << 20)) << 20
        let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: batchCount)
        defer { memory.deallocate() }
        memory.initialize(repeating: 0)
        while samples.count < count * sampleShape.count {
            source.fill(memory, batch: batch, seed: setup.seed)
            samples += memory.prefix(count * sampleShape.count - samples.count)
            batch += 1
        }
        return samples
    }

    /// Examines the critic as it is now, on fresh samples.
    ///
    /// The training goes on with the same numbers as if nothing had happened.
    ///
    /// - Parameters:
    ///   - sampleCount: Samples of each kind, at least 2; the exact distance between 500 points of
    ///     the plane takes some ten milliseconds.
    ///   - seed: Which samples.
    /// - Throws: ``TrainingError`` where a score or gradient is not finite, and what compiling
    ///   throws.
    public func auditCritic(sampleCount: Int = 500, seed: UInt64 = 0) throws -> CriticAudit {
        if auditor?.sampleCount != sampleCount {
            auditor = try CriticAuditor(
                setup, sampleShape: sampleShape, sampleCount: sampleCount, on: device)
        }
        let real = realSamples(2 * sampleCount, seed: seed)
        return try auditor!.audit(
            real: Array(real.prefix(real.count / 2)),
            generated: sample(sampleCount, seed: seed),
            otherReal: Array(real.suffix(real.count / 2)), seed: seed)
    }
}
