import ConfigurationTestSupport
import NeuralNetworks
import StrictYAML
import Testing
import WGAN

@Suite("Constraints and critic schedules in configuration files")
struct ConstraintReadingTests {
    static let constraints: [(yaml: String, expected: any LipschitzConstraint)] = [
        ("clipping", WeightClipping()),
        (
            "{clipping: {bound: 0.1, onlyConvolutionKernels: true}}",
            WeightClipping(bound: 0.1, onlyConvolutionKernels: true)
        ),
        ("spectralProjection", SpectralProjection(method: .freshVector(iterations: 1))),
        ("{spectralProjection: {method: exact}}", SpectralProjection(method: .exact)),
        (
            "{spectralProjection: {iterations: 2}}",
            SpectralProjection(method: .freshVector(iterations: 2))
        ),
        (
            "{spectralProjection: {method: persistentVector, iterations: 3}}",
            SpectralProjection(method: .persistentVector(iterations: 3))
        ),
        ("orthonormal", OrthonormalWeights()),
        ("{orthonormal: {order: 3, iterations: 8}}", OrthonormalWeights(order: 3, iterations: 8)),
        ("spectralReparametrisation", SpectralReparametrisation()),
        (
            "{spectralReparametrisation: {method: exact}}",
            SpectralReparametrisation(method: .exact)
        ),
        ("gradientPenalty", GradientPenalty()),
        (
            "{gradientPenalty: {coefficient: 2, target: 0, sides: above, points: real}}",
            GradientPenalty(coefficient: 2, target: 0, sides: .above, points: .real)
        ),
        (
            "{gradientPenalty: {points: generated}}",
            GradientPenalty(points: .generated)
        ),
        ("{gradientPenalty: {points: aroundData}}", GradientPenalty.aroundData()),
        ("dragan", GradientPenalty.aroundData(coefficient: 10)),
        ("{dragan: {coefficient: 1}}", GradientPenalty.aroundData(coefficient: 1)),
        ("r1", GradientPenalty.r1()),
        ("{r1: {gamma: 1}}", GradientPenalty.r1(gamma: 1)),
        ("r2", GradientPenalty.r2()),
        ("{r2: {gamma: 1}}", GradientPenalty.r2(gamma: 1)),
        ("{combined: []}", CombinedConstraint([])),
        (
            "{combined: [clipping, {r1: {gamma: 2}}]}",
            CombinedConstraint([WeightClipping(), GradientPenalty.r1(gamma: 2)])
        ),
    ]

    @Test(
        "a constraint is read as Swift would make it, and its resolved form reads back",
        arguments: constraints.indices)
    func constraint(number: Int) throws {
        let (yaml, expected) = Self.constraints[number]
        let (setting, document) = try tagged(yaml)
        #expect(try areEqual(ConstraintCatalogue.read(setting), expected))
        try document.finish()
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        #expect(try areEqual(ConstraintCatalogue.read(again.root.tagged("x")), expected))
        #expect(again.resolvedYAML == document.resolvedYAML)
    }

    @Test("every constraint of the catalogue is among the cases")
    func coverage() {
        let names = Self.constraints.map { pair in
            String(pair.yaml.drop { $0 == "{" }.prefix { $0 != ":" })
        }
        #expect(Set(names) == Set(ConstraintCatalogue.all.map { $0.configurationName }))
    }

    @Test(
        "a setting of a constraint that makes no sense is an error at its place",
        arguments: [
            (
                "{clipping: {bound: 0}}",
                "a.yaml:1:23: 'x.clipping.bound' must be a finite number greater than 0, but is 0"
            ),
            (
                "{spectralProjection: {method: exact, iterations: 2}}",
                "a.yaml:1:53: 'x.spectralProjection.iterations' has no effect with the method "
                    + "exact; remove it"
            ),
            (
                "{spectralProjection: {method: svd}}",
                "a.yaml:1:34: 'x.spectralProjection.method' must be one of exact, freshVector, "
                    + "persistentVector, but is the text 'svd'"
            ),
            (
                "{gradientPenalty: {bound: 0.01}}",
                "a.yaml:1:23: unknown key 'x.gradientPenalty.bound'; known here: coefficient, "
                    + "target, sides and points"
            ),
            (
                "{combined: [clipping, cliping]}",
                "a.yaml:1:26: unknown kind 'cliping' for 'x.combined.constraints.1'; "
                    + "did you mean 'clipping'?"
            ),
        ])
    func mistakes(yaml: String, message: String) throws {
        let found = try failure {
            let (setting, document) = try tagged(yaml)
            _ = try ConstraintCatalogue.read(setting)
            try document.finish()
        }
        #expect(found == message)
    }

    @Test(
        "a critic schedule is read by its name",
        arguments: [
            ("fixed", CriticSchedule.fixed(iterations: 5)),
            ("{fixed: 1}", .fixed(iterations: 1)),
            ("{warmedUp: {iterations: 3}}", .warmedUp(iterations: 3)),
            ("alternating", .alternating(period: 5)),
            ("{alternating: {period: 2}}", .alternating(period: 2)),
        ])
    func schedule(yaml: String, expected: CriticSchedule) throws {
        let (setting, document) = try tagged(yaml)
        #expect(try CriticSchedule(reading: setting) == expected)
        try document.finish()
    }

    @Test("a period without a critic step is refused")
    func period() throws {
        let found = try failure {
            _ = try CriticSchedule(reading: tagged("{alternating: 1}").setting)
        }
        #expect(
            found
                == "a.yaml:1:18: 'x.alternating.period' must be a whole number from 2 to 10000, "
                + "but is 1")
    }
}
