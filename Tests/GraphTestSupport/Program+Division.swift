package import TensorGraph

extension Program {
    /// The program with everything divided that falls into so many parts along its first axis;
    /// nil where nothing does.
    package func dividedWherePossible(into shards: Int) throws -> Program? {
        let extents = instructions.compactMap { instruction in
            instruction.operation is Input || instruction.operation is RandomNumbers
                ? instruction.shape.dimensions.first : nil
        }
        let batches = Set(extents.filter { $0 > 0 && $0.isMultiple(of: shards) })
        return batches.isEmpty ? nil : try divided(into: shards, batches: batches)
    }
}
