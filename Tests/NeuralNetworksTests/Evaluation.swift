import GraphTestSupport
import NeuralNetworks
import TensorGraph

/// What a layer without parameters makes of constant numbers.
func apply(
    _ layer: any Layer, _ values: [Double], _ shape: Shape,
    mode: ForwardPass.Mode = .training
) throws -> [Double] {
    var pass = ForwardPass(mode)
    return try evaluate([layer(.constant(values, shape), &pass)])[0]
}
