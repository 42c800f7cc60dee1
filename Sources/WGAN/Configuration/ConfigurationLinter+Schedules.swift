import NeuralNetworks
import StrictYAML

extension ConfigurationLinter {
    /// Numbers that have not reached their last value when the training ends.
    var unfinishedSchedules: [String] {
        guard case .steps(let steps) = length else { return [] }
        let samples = setup.schedule.updates(beforeStep: steps).critic * setup.realBatchSize
        let bySamples = scheduledNumbers.compactMap { name, number in
            warning(name, number, reaches: samples, "sample")
        }
        let factor = warning("learningRate", setup.learningRate, reaches: steps, "step")
        return bySamples + [factor].compactMap { $0 }
    }

    private func warning(
        _ name: String, _ number: ScheduledNumber, reaches last: Int, _ unit: String
    ) -> String? {
        guard let end = number.end, end > last else { return nil }
        return "\(name) changes over \(counted(end, unit)), and the training has only "
            + "\(counted(last, unit)): it ends with \(number.value(at: last)) on the way; set the "
            + "schedule's \(unit)s lower"
    }

    /// All numbers that are functions of the samples shown, by their keys.
    private var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        var numbers: [(name: String, number: ScheduledNumber)] = []
        for (network, optimiser) in [
            ("generator", setup.generatorOptimiser), ("critic", setup.criticOptimiser),
        ] {
            for (name, number) in (optimiser as? any ConfigurableOptimiser)?.scheduledNumbers ?? []
            {
                numbers.append(("\(network).optimiser.\(name)", number))
            }
        }
        for penalty in constraints(setup.constraint).compactMap({ $0 as? GradientPenalty }) {
            numbers.append(("the penalty's coefficient", penalty.coefficient))
        }
        if case .scheduled(let number)? = setup.augmentation?.probability {
            numbers.append(("augmentation.probability", number))
        }
        if case .halfLife(let number, _)? = setup.averaging?.memory {
            numbers.append(("averaging.halfLife", number))
        }
        return numbers
    }
}
