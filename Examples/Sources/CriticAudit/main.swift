// Draws how well the critics of three constraints estimate the Wasserstein distance while they
// train on the two-mode mixture: Documentation/images/critic-audit.svg and .png.

import CPUExecutor
import Datasets
import Figures
import Foundation
import NeuralNetworks
import WGAN

/// The preset mixture's networks, with more critic updates, so that the critic has a chance.
func setup(_ constraint: any LipschitzConstraint) -> TrainingSetup {
    var parameters = ParameterStore(initialisation: .xavier)
    let networks = [("generator", 2), ("critic", 1)].map { name, outputs in
        parameters.scoped(name) { store in
            Sequential(
                in: &store,
                [
                    { Linear(2, 100, in: &$0) }, { _ in ReLU() },
                    { Linear(100, outputs, in: &$0) },
                ])
        }
    }
    var setup = TrainingSetup(
        latent: Latent(size: 2), generator: networks[0], critic: networks[1],
        parameters: parameters, constraint: constraint,
        optimiser: Adam(learningRate: 1e-3, beta1: 0, beta2: 0.9),
        schedule: .fixed(iterations: 20), batchSize: 200, seed: 1)
    setup.generatorOptimiser = Adam(learningRate: 1e-4, beta1: 0, beta2: 0.9)
    return setup
}

/// One constraint's training with an audit every 20 steps.
func panel(_ name: String, _ constraint: any LipschitzConstraint) throws -> LineChart {
    let data = PointSource(try MixtureOnGrid(count: 2), seed: 1)
    let trainer = try Trainer(setup(constraint), data: data, on: CPUDevice())
    var steps: [Double] = []
    var audits: [CriticAudit] = []
    try trainer.train(to: 1000) { trainer in
        guard trainer.step % 20 == 0 else { return }
        steps.append(Double(trainer.step))
        audits.append(try trainer.auditCritic(sampleCount: 500, seed: UInt64(trainer.step)))
    }
    let audit = audits[audits.count - 1]
    print("\(name): slope \(audit.lipschitzConstant); \(audit.verdict)")
    let lines: [(String, KeyPath<CriticAudit, Double>)] = [
        ("exact W₁", \.exactW1), ("critic's estimate", \.estimate),
        ("estimate / slope", \.scaledEstimate), ("W₁ of two real samples", \.floorW1),
    ]
    return LineChart(
        name,
        series: lines.map { label, value in
            .init(label, x: steps, y: audits.map { $0[keyPath: value] })
        }, xAxis: Axis("generator step"), yAxis: Axis("distance", range: 0...1.4),
        size: FigureSize(420, 340))
}

let figure = Panels(
    [
        try panel("Weight clipping, 0.1", WeightClipping(bound: 0.1)),
        try panel("Spectral projection", SpectralProjection(method: .exact)),
        try panel("Gradient penalty, 10", GradientPenalty(coefficient: 10)),
    ], columns: 3, title: "What the critic says and what is true")
let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Documentation/images").standardizedFileURL
try figure.svgData.write(to: folder.appending(path: "critic-audit.svg"))
try figure.pngData().write(to: folder.appending(path: "critic-audit.png"))
