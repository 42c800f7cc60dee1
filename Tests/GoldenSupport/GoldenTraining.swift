import NeuralNetworks

/// Reproduces the golden training files with any executor.
package enum GoldenTraining {
    /// Reproduces every case of the training file `name` with `runner`.
    ///
    /// - Throws: Also when the file holds anything that the harness does not know.
    package static func reproduce(
        _ name: String, _ precision: GoldenPrecision, _ runner: @escaping ProgramRunner
    ) throws -> GoldenReport {
        if name == GoldenFiles.spectralFile { return try reproduceSpectral(precision, runner) }
        let file = try GoldenFiles.read(name, as: GoldenTrainingFile.self)
        guard file.schema == "wgan-golden-training/1" else {
            throw GoldenError("the harness does not know the schema \(file.schema)")
        }
        let tolerance = precision == .double ? file.tol : file.tolF32
        var report = GoldenReport()
        for subject in file.cases {
            var session = try GoldenSession(subject, tolerance, precision, runner)
            session.report = report
            switch subject.kind {
            case "critic_step": try session.reproduceCriticStep()
            case "generator_step": try session.reproduceGeneratorStep()
            case "training_loop": try session.reproduceTrainingLoop()
            default: throw GoldenError("the harness knows no case of kind \(subject.kind)")
            }
            report = session.report
        }
        return report
    }
}
