import Foundation

/// What a launcher, such as `mpirun`, told this process: that it is one of several.
///
/// These rules are tried in order; the first that holds decides.
///
/// 1. `OMPI_COMM_WORLD_SIZE` and `OMPI_COMM_WORLD_RANK`: `mpirun` of Open MPI.
/// 2. `PMI_SIZE` and `PMI_RANK`: `mpirun` of MPICH or of its relatives, or `srun --mpi=pmi2`.
/// 3. `PMIX_RANK`, `PMIX_NAMESPACE` and `SLURM_STEP_NUM_TASKS`: `srun --mpi=pmix`.
///
/// Slurm's own variables alone are never believed: the first process of a batch script and an
/// interactive shell have them too. What Slurm gives to a terminal, of `srun --pty`, counts as no
/// launch. Both numbers must make sense: 0 ≤ rank < size.
public struct Launcher: Hashable, Sendable {
    /// The number of this process, from 0.
    public let rank: Int
    /// How many processes were started.
    public let size: Int
    /// The implementations that can talk to this launcher, the likeliest first.
    public let implementations: [MPIImplementation]

    /// What this process's variables say, or nil where no launcher has started it.
    public init?() { self.init(environment: ProcessInfo.processInfo.environment) }

    /// What the variables of a process say, or nil where no launcher has started it.
    public init?(environment: [String: String]) {
        func numbers(_ size: String, _ rank: String) -> (size: Int, rank: Int)? {
            guard let size = environment[size].flatMap({ Int($0) }),
                let rank = environment[rank].flatMap({ Int($0) }), (0..<size).contains(rank)
            else { return nil }
            return (size, rank)
        }
        if let found = numbers("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK") {
            (size, rank, implementations) = (found.size, found.rank, [.openMPI])
            return
        }
        // MPICH's launcher may itself run in a terminal that Slurm gave.
        let isOfHydra = environment["MPI_LOCALNRANKS"] != nil
        let isOfSlurm = environment["SLURM_STEP_NUM_TASKS"] != nil && !isOfHydra
        if isOfSlurm && environment["SLURM_PTY_PORT"] != nil { return nil }
        if let found = numbers("PMI_SIZE", "PMI_RANK") {
            (size, rank) = found
            implementations = isOfSlurm ? [.mpich, .openMPI] : [.mpich]
        } else if environment["PMIX_NAMESPACE"] != nil,
            let found = numbers("SLURM_STEP_NUM_TASKS", "PMIX_RANK")
        {
            (size, rank, implementations) = (found.size, found.rank, [.openMPI, .mpich])
        } else {
            return nil
        }
    }
}
