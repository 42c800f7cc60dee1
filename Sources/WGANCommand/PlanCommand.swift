import ArgumentParser
import CPUExecutor
import Files
import NeuralNetworks
import Runs
import TensorGraph
import WGAN
import XLAExecutor

/// `wgan plan`.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a training consists of: layers, parameters, arithmetic and memory.",
        discussion: """
            Examples:
              wgan plan mnist-gp
              wgan plan mnist-gp --show critic-steps
              wgan plan mixture --show critic-graphviz | dot -Tsvg > critic.svg
            """)

    /// What can be shown.
    enum View: String, CaseIterable, ExpressibleByArgument {
        case summary
        case criticSteps = "critic-steps"
        case generatorSteps = "generator-steps"
        case criticProgram = "critic-program"
        case generatorProgram = "generator-program"
        case criticGraphviz = "critic-graphviz"
        case generatorGraphviz = "generator-graphviz"
        case criticStableHLO = "critic-stablehlo"
        case penaltyFreeStableHLO = "critic-penalty-free-stablehlo"
        case generatorStableHLO = "generator-stablehlo"
        case updatesStableHLO = "updates-stablehlo"
    }

    @OptionGroup var training: TrainingOptions

    @Option(help: "What to show.")
    var show = View.summary

    func run() throws {
        if training.data != nil { note("--data has no effect, as a plan reads no data") }
        let (device, plan) = try Refusal.guarding {
            (try training.device(), try TrainingPlan(training.request.configuration()))
        }
        switch show {
        case .summary: try print(plan.summary(on: device))
        case .criticSteps: try print(device.describe(plan.critic))
        case .generatorSteps: try print(device.describe(plan.generator))
        case .criticProgram: try print(plan.critic)
        case .generatorProgram: try print(plan.generator)
        case .criticGraphviz: try print(plan.critic.graphviz)
        case .generatorGraphviz: try print(plan.generator.graphviz)
        case .criticStableHLO: try print(XLADevice.text(of: plan.critic))
        case .penaltyFreeStableHLO:
            guard let program = plan.penaltyFree else {
                throw Refusal(
                    cause: CommandFailure(
                        "all critic updates of \(training.preset) are one program; show "
                            + "critic-stablehlo"))
            }
            try print(XLADevice.text(of: program))
        case .generatorStableHLO: try print(XLADevice.text(of: plan.generator))
        case .updatesStableHLO: try print(plan.updates)
        }
    }
}

/// The two programs of a training with what they are made of.
struct TrainingPlan {
    let critic: Program
    let generator: Program
    /// The critic's update without a penalty; nil where each update has it.
    let penaltyFree: Program?
    private let scheduled: [String: ScheduledNumber]
    private let setup: TrainingSetup
    private let sampleShape: Shape

    init(_ configuration: TrainingConfiguration) throws {
        setup = configuration.setup
        sampleShape = setup.sampleShape
        var parameters = setup.parameters
        critic = try CriticStep(setup, sampleShape: sampleShape, in: &parameters).program
        penaltyFree =
            try setup.penaltyInterval > 1
            ? CriticStep(
                setup, sampleShape: sampleShape, hasPenalty: false, in: &parameters
            ).program : nil
        generator = try GeneratorStep(setup, sampleShape: sampleShape, in: &parameters).program
        scheduled = parameters.scheduled
    }

    /// The program that carries out many updates by one call, in StableHLO, with a table of a
    /// thousand images where the data is images.
    var updates: String {
        get throws {
            let programs = [critic, generator] + (penaltyFree.map { [$0] } ?? [])
            let bytes = [UInt8](repeating: 0, count: 1000 * sampleShape.count)
            return try XLADevice.text(
                of: programs,
                tables: sampleShape.rank == 3
                    ? [CriticStep.realInput: ByteTable(bytes, rowShape: sampleShape)] : [:])
        }
    }

    func summary(on device: CPUDevice) throws -> String {
        var lines = layers("generator", setup.generator, [setup.latent.size])
        lines += [""] + layers("critic", setup.critic, sampleShape) + [""]
        let free = penaltyFree.map { [("critic step without penalty", $0)] } ?? []
        for (name, program) in [("critic step", critic)] + free + [("generator step", generator)] {
            let plan = try device.plan(program)
            lines.append(
                "\(name): \(counted(plan.steps.count, "operation")), "
                    + "\(scaled(program.cost.flops, "FLOP")), "
                    + "\(scaled(plan.memory.arenaBytes + plan.memory.scratchBytes, "B")) of memory "
                    + "for "
                    + counted(setup.batchSize, "sample"))
        }
        return (lines + changes).joined(separator: "\n")
    }

    /// A line for each number that changes over the training, after an empty one.
    private var changes: [String] {
        var lines = scheduled.sorted { $0.key < $1.key }.map { name, number in
            "\(name): \(number) samples"
        }
        if setup.learningRate != 1 {
            lines.append("learning rates times \(setup.learningRate) steps")
        }
        switch setup.averaging?.memory {
        case .halfLife(let number, let rampUp)?:
            let ramp = rampUp.map { ", at most \($0) times the samples before" } ?? ""
            lines.append("half-life of averages: \(number) samples\(ramp)")
        case .decay?, nil: break
        }
        if let augmentation = setup.augmentation {
            let names = augmentation.transformations.map { "\(type(of: $0))" }
            lines.append("augmentation: " + names.joined(separator: ", "))
            if case .adaptive(let adaptive) = augmentation.probability {
                lines.append(
                    "augmentation's probability: adaptive, from \(adaptive.initial), to keep the "
                        + "overfitting at \(adaptive.target)")
            }
        }
        if setup.penaltyInterval > 1 {
            lines.append("penalty: in one of \(setup.penaltyInterval) critic updates")
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    /// One line for each layer: its number, type, output and parameters; below a layer that is made
    /// of others, one for each scope of parameters in it.
    private func layers(_ name: String, _ network: any Layer, _ input: Shape) -> [String] {
        var pass = ForwardPass(.inference)
        if setup.condition != nil { pass.labels = .input("labels", [1]) }
        var value = Tensor.input("x", Shape([1] + input.dimensions))
        let count = { (scope: String) in
            setup.parameters.trainable(in: scope).map(\.shape.count).reduce(0, +)
        }
        var rows: [[String]] = []
        var parts: [[[String]]] = []
        let members = (network as? Sequential)?.layers ?? [network]
        for (number, layer) in members.enumerated() {
            value = layer(value, &pass)
            let shape = Shape(Array(value.shape.dimensions.dropFirst()))
            let scope = "\(name).\(number)"
            rows.append(["\(number)", "\(type(of: layer))", "\(shape)", "\(count(scope))"])
            let names = layer.parts.isEmpty ? [] : scopes(in: scope)
            parts.append(names.map { [$0, "\(count("\(scope).\($0)"))"] })
        }
        let table = TextTable(
            .leading(atLeast: 2), .leading(atLeast: 26), .leading(atLeast: 14), .leading,
            rows: rows)
        let lines = zip(table.lines, parts).flatMap { line, parts -> [String] in
            // So wide that all counts begin one below the other.
            let below = TextTable(.leading(atLeast: 42), .leading, rows: parts)
            return ["  " + line] + below.lines.map { "      " + $0 }
        }
        return ["\(name): \(counted(count(name), "parameter")), input \(input)"] + lines
    }

    /// The dotted names under which a layer's parts have their parameters, in order.
    private func scopes(in layer: String) -> [String] {
        let names = setup.parameters.trainable(in: layer).map { parameter in
            parameter.name.dropFirst(layer.count + 1).split(separator: ".").dropLast()
                .joined(separator: ".")
        }
        var seen: Set<String> = [""]
        return names.filter { seen.insert($0).inserted }
    }
}
