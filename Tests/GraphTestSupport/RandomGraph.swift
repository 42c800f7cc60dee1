package import TensorGraph

/// A well-formed random graph with values for its inputs and variables, for testing executors.
///
/// Every primitive turns up; extents include 1, primes and sizes beyond a vector register. The
/// numbers are chosen so that single precision is enough: rounding every result to float32 moves
/// nothing by more than 1e-5, and no comparison is decided by rounding.
package struct RandomGraph: Sendable {
    /// The results that a program computes; at least one.
    package let outputs: [(name: String, tensor: Tensor)]
    /// New values for some of the variables.
    package let updates: [(variable: Variable, value: Tensor)]
    /// Values for the inputs of the traced program; simplification may need fewer.
    package let inputs: [String: ReferenceTensor]
    /// Values for the variables that the program reads.
    package let variables: [String: ReferenceTensor]
    /// The clock under which the numbers are well conditioned.
    package let clock: RandomClock

    /// The graph number `seed`, of about 5–80 operations.
    ///
    /// - Parameter isLarge: Grow it from one tensor of about a hundred thousand elements, so that
    ///   an executor uses its threads; the reference then needs seconds.
    package init(seed: UInt64, isLarge: Bool = false) {
        clock = RandomClock(seed: seed, step: seed % 5)
        var growth = GraphGrowth(seed: seed, isLarge: isLarge, clock: clock)
        growth.grow()
        let outputs = growth.chosenOutputs()
        let updates = growth.chosenUpdates()
        let nodes = topologicalOrder((outputs.map(\.tensor) + updates.map(\.value)).map(\.node))
        var inputs: [String: ReferenceTensor] = [:]
        var variables: [String: ReferenceTensor] = [:]
        for node in nodes {
            if let input = node.operation as? Input {
                inputs[input.label] = growth.evaluation.exact(Tensor(node))
            }
            if let read = node.operation as? VariableRead {
                variables[read.variable.name] = growth.evaluation.exact(Tensor(node))
            }
        }
        (self.outputs, self.updates) = (outputs, updates)
        (self.inputs, self.variables) = (inputs, variables)
    }
}
