import Evaluation
import Runs
import WGAN

/// An observer: prints the losses now and then.
struct LossPrinter: TrainingObserver {
    let every: Int

    func stepped(_ trainer: Trainer) {
        guard trainer.step % every == 0 else { return }
        print("step \(trainer.step): critic \(trainer.losses.criticLoss)")
    }
}

/// A measure of images: the mean absolute difference of their pixels.
struct MeanDifference: ImageMeasure {
    var description: MeasureDescription {
        MeasureDescription(
            name: "mean-difference", title: "Mean difference", input: .imagePairs, better: .lower,
            range: 0...1, summary: "mean absolute difference of pixels", source: "this example")
    }

    func value(ofChecked pair: ImagePair) -> Double {
        let differences = zip(pair.x.planes, pair.y.planes).map { x, y in
            x.combined(with: y) { abs($0 - $1) }.mean
        }
        return differences.reduce(0, +) / Double(differences.count)
    }
}
