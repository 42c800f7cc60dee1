import NeuralNetworks
import TensorGraph

extension GoldenTraining {
    /// Reproduces the cases about spectral norms with `runner`.
    package static func reproduceSpectral(
        _ precision: GoldenPrecision, _ runner: @escaping ProgramRunner
    ) throws -> GoldenReport {
        let file = try GoldenFiles.read(
            GoldenFiles.spectralFile, as: GoldenSpectralFile.self)
        guard file.schema == "wgan-golden/1" else {
            throw GoldenError("the harness does not know the schema \(file.schema)")
        }
        var report = GoldenReport()
        for subject in file.cases {
            try reproduce(subject, file.tensors, precision, runner, &report)
        }
        return report
    }

    private static func reproduce(
        _ subject: GoldenSpectralFile.Case, _ tensors: [String: GoldenTensor],
        _ precision: GoldenPrecision, _ runner: ProgramRunner, _ report: inout GoldenReport
    ) throws {
        let role: Parameter.Role
        switch (subject.metric, subject.params.layout) {
        case ("spectral_norm", _): role = .linearWeight
        case ("spectral_norm_conv", "out,in,kh,kw"): role = .convolutionWeight
        case ("spectral_norm_conv", "in,out,kh,kw"): role = .transposedConvolutionWeight
        default: throw GoldenError("\(subject.id): the harness does not know \(subject.metric)")
        }
        let inputs = try subject.inputs.mapValues { name in
            guard let tensor = tensors[name] else { throw GoldenError("no tensor \(name)") }
            return tensor.reference
        }
        let program = try program(inputs.mapValues(\.shape), role)
        let needed = Set(program.inputs.map(\.name))
        let outputs = try runner(program, inputs.filter { needed.contains($0.key) }, [:]).outputs
        let tolerance = precision == .double ? subject.tol : subject.tolF32
        // The singular values below the largest are not computed by anything here.
        for (name, value) in subject.expected where name != "singular_values" {
            let expected: ReferenceTensor
            switch value {
            case .number(let number): expected = ReferenceTensor(shape: [], values: [number])
            case .numbers(let numbers):
                expected = ReferenceTensor(shape: [numbers.count], values: numbers)
            default: throw GoldenError("\(subject.id): the harness does not know \(name)")
            }
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
