import NeuralNetworks
import TensorGraph

extension TrainingSetup {
    /// The share of the critic's clipped weights whose magnitude is the bound, up to rounding; nil
    /// where nothing is clipped.
    func shareAtClipBound(on device: any Device) -> Double? {
        guard let clipping = constraint.clipping else { return nil }
        let limit = Float(abs(clipping.bound)) * (1 - 1e-5)
        var (atBound, count) = (0, 0)
        for parameter in parameters.trainable(in: "critic")
        where !clipping.onlyConvolutionKernels || parameter.isConvolutionKernel {
            for value in device.value(of: parameter.variable) ?? [] {
                count += 1
                if abs(value) >= limit { atBound += 1 }
            }
        }
        return count > 0 ? Double(atBound) / Double(count) : nil
    }
}

extension LipschitzConstraint {
    /// The clipping that this constraint is, or is combined of.
    fileprivate var clipping: WeightClipping? {
        if let combined = self as? CombinedConstraint {
            return combined.constraints.lazy.compactMap(\.clipping).first
        }
        return self as? WeightClipping
    }
}
