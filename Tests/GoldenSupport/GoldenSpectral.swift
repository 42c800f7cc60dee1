import FileTestSupport
import NeuralNetworks
import TensorGraph

extension GoldenTraining {
    /// Reproduces the cases about spectral norms with `runner`.
    package static func reproduceSpectral(
        _ precision: GoldenPrecision, _ runner: @escaping ProgramRunner
    ) throws -> GoldenReport {
        let file = try GoldenFile.read(GoldenFiles.spectralFile)
        var report = GoldenReport()
        for subject in file.cases { try reproduce(subject, file, precision, runner, &report) }
        return report
    }

    private static func reproduce(
        _ subject: GoldenFile.Case, _ file: GoldenFile,
        _ precision: GoldenPrecision, _ runner: ProgramRunner, _ report: inout GoldenReport
    ) throws {
        let role: Parameter.Role
        switch (subject.metric, subject.params["layout"]?.word) {
        case ("spectral_norm", _): role = .linearWeight
        case ("spectral_norm_conv", "out,in,kh,kw"): role = .convolutionWeight
        case ("spectral_norm_conv", "in,out,kh,kw"): role = .transposedConvolutionWeight
        default: throw GoldenError("\(subject.id): the harness does not know \(subject.metric)")
        }
        let inputs = try Dictionary(
            uniqueKeysWithValues: subject.inputs.keys.map { name in
                (name, try file.tensor(name, of: subject).reference)
            })
        let program = try program(inputs.mapValues(\.shape), role)
        let needed = Set(program.inputs.map(\.name))
        let outputs = try runner(program, inputs.filter { needed.contains($0.key) }, [:]).outputs
        let tolerance = precision == .double ? subject.tol : subject.tolF32
        // The singular values below the largest are not computed by anything here.
        for (name, value) in subject.expected where name != "singular_values" {
            guard let numbers = value.numbers else {
                throw GoldenError("\(subject.id): the harness does not know \(name)")
            }
            let expected = ReferenceTensor(shape: [numbers.count], values: numbers)
            report.compare("\(subject.id) \(name)", outputs[name], with: expected, tolerance)
        }
    }

    private static func program(
        _ shapes: [String: Shape], _ role: Parameter.Role
    ) throws -> Program {
        let weight = Tensor.input("w", shapes["w"] ?? [])
        let parameter = Parameter(Variable("w", weight.shape), role: role)
        let matrix = parameter.matrix(of: weight)
        let sigma = SpectralNorm.exact(matrix)
        var outputs = [("sigma", sigma)]
        if let shape = shapes["u0"] {
            let start = Tensor.input("u0", shape)
            for iterations in [1, 5] {
                let estimate = SpectralNorm.powerIteration(
                    matrix, from: start, iterations: iterations)
                outputs.append(("power_\(iterations)", estimate.sigma))
            }
        }
        if let shape = shapes["g"] {
            let loss = (Tensor.input("g", shape) * SpectralNorm.divided(matrix, by: sigma)).sum()
            outputs.append(("grad", gradients(of: loss, withRespectTo: [weight])[0]))
        }
        return try Program(outputs: outputs)
    }
}
