import FileTestSupport
import OptimalTransport

extension GoldenFile {
    /// The points of one role with the weights of another, if the case has any.
    func measure(_ test: Case, _ points: String, _ weights: String = "") throws -> DiscreteMeasure {
        let tensor = try tensor(points, of: test)
        let dimensions = tensor.shape.count == 2 ? tensor.shape[1] : 1
        guard test.inputs[weights] != nil else {
            return try DiscreteMeasure(tensor.data, dimensions: dimensions)
        }
        return try DiscreteMeasure(
            tensor.data, dimensions: dimensions, weights: self.tensor(weights, of: test).data)
    }
}
