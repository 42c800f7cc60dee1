import CPUExecutor
import NeuralNetworks
import TensorGraph
import WGAN

/// The times of a workload's single operations.
enum WorkloadProfile {
    /// One table for each of the two programs.
    static func profiles(
        of workload: Workload, batchSize: Int?, width: Int?, runs: Int, on device: CPUDevice
    ) throws -> [(name: String, table: String)] {
        let (critic, generator, store) = try workload.programs(
            batchSize: batchSize, width: width)
        for (variable, values) in try store.initialValues(seed: 0) {
            try device.set(variable, to: values)
        }
        return try [("critic step", critic), ("generator step", generator)].map {
            ($0, try device.profile($1, runs: runs))
        }
    }
}
