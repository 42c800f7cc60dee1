import ConfigurationTestSupport
import NeuralNetworks
import StrictYAML
import Testing

@Suite("Optimisers, initialisations and schedules in configuration files")
struct OptimiserReadingTests {
    static let optimisers: [(yaml: String, expected: any Optimiser, hasMomentum: Bool)] = [
        ("{adam: {learningRate: 1e-3}}", Adam(learningRate: 1e-3), true),
        (
            "{adam: {learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.1}}",
            Adam(learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.1), false
        ),
        ("{adamW: {learningRate: 1e-3}}", AdamW(learningRate: 1e-3), true),
        (
            "{adamW: {learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.1}}",
            AdamW(learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.1), false
        ),
        (
            "{tensorFlowAdam: {learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4}}",
            TensorFlowAdam(learningRate: 1, beta1: 0, beta2: 0.9, epsilon: 1e-4), false
        ),
        ("{tensorFlowAdam: {learningRate: 1}}", TensorFlowAdam(learningRate: 1), true),
        ("{rmsprop: {learningRate: 5e-5}}", RMSprop(learningRate: 5e-5), false),
        (
            "{rmsprop: {learningRate: 1, alpha: 0.5, epsilon: 1e-4, momentum: 0.9, weightDecay: "
                + "0.1}}",
            RMSprop(learningRate: 1, alpha: 0.5, epsilon: 1e-4, momentum: 0.9, weightDecay: 0.1),
            true
        ),
        ("{tensorFlowRMSprop: {learningRate: 1}}", TensorFlowRMSprop(learningRate: 1), false),
        (
            "{tensorFlowRMSprop: {learningRate: 1, rho: 0.5, epsilon: 1e-4, momentum: 0.9, "
                + "initialAccumulator: 0}}",
            TensorFlowRMSprop(
                learningRate: 1, rho: 0.5, epsilon: 1e-4, momentum: 0.9, initialAccumulator: 0),
            true
        ),
        ("{sgd: {learningRate: 0.1}}", SGD(learningRate: 0.1), false),
        (
            "{sgd: {learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1}}",
            SGD(learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1), true
        ),
    ]

    @Test(
        "an optimiser is read as Swift would make it, with defaults and with all settings",
        arguments: optimisers.indices)
    func optimiser(number: Int) throws {
        let (yaml, expected, hasMomentum) = Self.optimisers[number]
        let (setting, document) = try tagged(yaml)
        let optimiser = try OptimiserCatalogue.read(setting)
        try document.finish()
        #expect(areEqual(optimiser, expected), "\(optimiser)")
        #expect(optimiser.hasMomentum == hasMomentum)
        let again = try reread(document)
        #expect(areEqual(again, expected), "\(again)")
    }

    @Test("every optimiser of the catalogue is among the cases")
    func coverage() {
        let read = Set(Self.optimisers.map { String($0.yaml.dropFirst().prefix { $0 != ":" }) })
        #expect(read == Set(OptimiserCatalogue.all.map { $0.configurationName }))
    }

    @Test(
        "a setting of an optimiser that is out of range is an error at its place",
        arguments: [
            (
                "{adam: {learningRate: .nan}}",
                "a.yaml:1:26: 'x.adam.learningRate' must be a finite number greater than 0, but is "
                    + ".nan"
            ),
            (
                "{adam: {learningRate: 0}}",
                "a.yaml:1:26: 'x.adam.learningRate' must be a finite number greater than 0, but is "
                    + "0"
            ),
            (
                "{adam: {learningRate: 1, beta1: 1}}",
                "a.yaml:1:36: 'x.adam.beta1' must be a finite number from 0 up to but not 1, but "
                    + "is 1"
            ),
            (
                "rmsprop",
                "a.yaml:1:4: 'x.rmsprop.learningRate' is missing; give it a finite number greater "
                    + "than 0"
            ),
            (
                "{sgd: {learningRate: 1, nesterov: true}}",
                "a.yaml:1:38: 'x.sgd.nesterov' has no effect without momentum; set that above 0"
            ),
            ("rmsProp", "a.yaml:1:4: unknown kind 'rmsProp' for 'x'; did you mean 'rmsprop'?"),
            (
                "{sgd: {learningRate: 1, beta1: 0}}",
                "a.yaml:1:28: unknown key 'x.sgd.beta1'; known here: learningRate, momentum, "
                    + "nesterov and weightDecay"
            ),
        ])
    func mistakes(yaml: String, message: String) throws {
        let found = try failure {
            let (setting, document) = try tagged(yaml)
            _ = try OptimiserCatalogue.read(setting)
            try document.finish()
        }
        #expect(found == message)
    }

    static let initialisations: [(yaml: String, expected: any Initialisation)] = [
        ("pyTorch", .pyTorch), ("dcgan", .dcgan), ("heNormal", .heNormal),
        ("lecunNormal", .lecunNormal), ("xavier", .xavier),
        ("fanInNormal", .fanInNormal), ("normal", .normal(deviation: 0.02)),
        ("{normal: 0.5}", .normal(deviation: 0.5)),
    ]

    @Test("an initialisation is read by its name", arguments: initialisations.indices)
    func initialisation(number: Int) throws {
        let (yaml, expected) = Self.initialisations[number]
        let (setting, document) = try tagged(yaml)
        #expect(try areEqual(InitialisationCatalogue.read(setting), expected))
        try document.finish()
    }

    @Test("every initialisation of the catalogue is among the cases")
    func initialisationCoverage() {
        let names = Set(Self.initialisations.map { $0.yaml.filter(\.isLetter) })
        #expect(names == Set(InitialisationCatalogue.all.map { $0.configurationName }))
    }

    @Test(
        "a learning-rate schedule is read by its name",
        arguments: [
            ("constant", ScheduledNumber.constant(1)),
            ("{linear: {steps: 10}}", .linear(from: 1, to: 0, over: 10)),
            ("{linear: {finalFactor: 0.1, steps: 10}}", .linear(from: 1, to: 0.1, over: 10)),
            (
                "{exponential: {factor: 0.5, steps: 10}}",
                .exponential(from: 1, factor: 0.5, over: 10)
            ),
            ("{cosine: {finalFactor: 0.1, steps: 10}}", .cosine(from: 1, to: 0.1, over: 10)),
        ])
    func learningRate(yaml: String, expected: ScheduledNumber) throws {
        let (setting, document) = try tagged(yaml)
        #expect(try ScheduledNumber(readingFactor: setting) == expected)
        try document.finish()
    }

    @Test("an unknown learning-rate schedule is an error that names the known ones")
    func unknownLearningRate() throws {
        let found = try failure {
            _ = try ScheduledNumber(readingFactor: tagged("triangular").setting)
        }
        #expect(
            found
                == "a.yaml:1:4: unknown kind 'triangular' for 'x'; known kinds: constant, linear, "
                + "exponential and cosine")
    }

    @Test(
        "a number that changes with the samples is read by its schedule's name",
        arguments: [
            ("0.5", ScheduledNumber.constant(0.5)),
            (
                "{linear: {from: 0.9, to: 0.5, samples: 1e3}}",
                .linear(from: 0.9, to: 0.5, over: 1000)
            ),
            ("{cosine: {from: 0, to: 0.5, samples: 7}}", .cosine(from: 0, to: 0.5, over: 7)),
            ("{warmUp: {samples: 5, then: 0.5}}", .warmUp(from: 0, over: 5, then: 0.5)),
            (
                "{warmUp: {from: 0.1, samples: 5, then: {linear: {from: 0.9, to: 0, samples: 3}}}}",
                .warmUp(from: 0.1, over: 5, then: .linear(from: 0.9, to: 0, over: 3))
            ),
        ])
    func scheduled(yaml: String, expected: ScheduledNumber) throws {
        let document = try ConfigurationDocument(yaml: "x: \(yaml)\n", file: "a.yaml")
        #expect(try document.root.scheduledNumber("x", default: 0.1, in: .share) == expected)
        try document.finish()
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        #expect(try again.root.scheduledNumber("x", default: 0.1, in: .share) == expected)
    }

    @Test(
        "a mistake in a schedule is an error at its place",
        arguments: [
            (
                "{linear: {from: 0, to: 1, samples: 10}}",
                "a.yaml:1:27: 'x.linear.to' must be a finite number from 0 up to but not 1, but is "
                    + "1"
            ),
            (
                "{linear: {from: 0, to: 0.5}}",
                "a.yaml:1:5: 'x.linear.samples' is missing; give it a whole number from 1 to "
                    + "1000000000000"
            ),
            (
                "{triangular: {}}",
                "a.yaml:1:5: unknown kind 'triangular' for 'x'; known kinds: linear, cosine and "
                    + "warmUp"
            ),
            (
                "{warmUp: {samples: 5}}",
                "a.yaml:1:5: 'x.warmUp.then' is missing; give it a finite number from 0 up to but "
                    + "not 1"
            ),
        ])
    func wrongSchedule(yaml: String, message: String) throws {
        let found = try failure {
            let document = try ConfigurationDocument(yaml: "x: \(yaml)\n", file: "a.yaml")
            _ = try document.root.scheduledNumber("x", in: .share)
        }
        #expect(found == message)
    }

    private func reread(_ document: ConfigurationDocument) throws -> any Optimiser {
        let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "b.yaml")
        return try OptimiserCatalogue.read(again.root.tagged("x"))
    }
}
