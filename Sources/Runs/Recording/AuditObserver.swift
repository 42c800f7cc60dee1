import WGAN

/// Examines the critic every so many steps and notes what it finds.
struct AuditObserver: TrainingObserver {
    private typealias Metrics = [(name: String, value: @Sendable (CriticAudit) -> Double)]

    private static let estimates: Metrics = [
        ("audit/criticEstimate", { $0.estimate }), ("audit/scaledEstimate", { $0.scaledEstimate }),
    ]
    private static let differences: Metrics = [("audit/scoreDifference", { $0.estimate })]
    private static let others: Metrics = [
        ("audit/exactW1", { $0.exactW1 }), ("audit/floorW1", { $0.floorW1 }),
        ("audit/slicedW1", { $0.slicedW1 }), ("audit/largestPairSlope", { $0.largestPairSlope }),
        ("audit/largestGradient", { $0.gradientNorms.largest }),
        ("audit/medianGradient", { $0.gradientNorms.median }),
        ("audit/lowerQuartileGradient", { $0.gradientNorms.lowerQuartile }),
        ("audit/smallestGradient", { $0.gradientNorms.smallest }),
        ("audit/spectralProduct", { $0.spectralProduct }),
        ("audit/shareAtBound", { $0.shareAtBound ?? .nan }),
    ]

    private static let yardstick: Metrics = [
        ("audit/cTransform", { $0.yardstick?.cTransform ?? .nan }),
        ("audit/heldOutPotentials", { $0.yardstick?.heldOutPotentials ?? .nan }),
    ]

    private let settings: OutputConfiguration.Audit
    private let last: Int
    private let journal: RunJournal
    private let metrics: Metrics

    /// An examination before the training, after every so many steps and after the last one.
    init(
        _ settings: OutputConfiguration.Audit, last: Int, of objective: any Objective,
        _ journal: RunJournal
    ) throws {
        let first = objective.estimatesWasserstein ? Self.estimates : Self.differences
        metrics = first + Self.others + (settings.hasYardstick ? Self.yardstick : [])
        (self.settings, self.last, self.journal) = (settings, last, journal)
        guard journal.resumedStep != last else { return }
        try journal.dropEnd(of: metrics.map(\.name), notedEvery: settings.every)
    }

    func began(_ trainer: Trainer) throws {
        if trainer.step == 0 { try note(trainer) }
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool {
        step % settings.every == 0 || step == last
    }

    func stepped(_ trainer: Trainer) throws {
        guard needsState(of: trainer, atStep: trainer.step) else { return }
        try note(trainer)
    }

    private func note(_ trainer: Trainer) throws {
        let audit = try trainer.auditCritic(
            sampleCount: settings.samples, seed: UInt64(trainer.step),
            hasYardstick: settings.hasYardstick)
        try journal.note(step: trainer.step, metrics.map { ($0.name, $0.value(audit)) })
    }
}
