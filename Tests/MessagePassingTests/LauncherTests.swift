import Testing

@testable import MessagePassing

@Suite("What launchers leave in the environment")
struct LauncherTests {
    private func found(_ environment: [String: String]) -> [Int]? {
        Launcher(environment: environment).map { [$0.rank, $0.size] }
    }

    private func implementations(_ environment: [String: String]) -> [MPIImplementation]? {
        Launcher(environment: environment)?.implementations
    }

    private let openMPI = [
        "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "PMIX_RANK": "3",
        "PMIX_NAMESPACE": "1390215169",
    ]
    private let hydra = ["PMI_SIZE": "2", "PMI_RANK": "0", "PMI_FD": "6", "MPI_LOCALNRANKS": "2"]
    private let batchScript = [
        "SLURM_JOB_ID": "7", "SLURM_NTASKS": "8", "SLURM_NPROCS": "8", "SLURM_PROCID": "0",
        "SLURM_LOCALID": "0",
    ]
    private let step = [
        "SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "8",
        "SLURM_NTASKS": "8", "SLURM_PROCID": "5",
    ]

    @Test("mpirun of Open MPI says it with its own names, mpirun of MPICH with PMI's")
    func mpirun() {
        #expect(found(openMPI) == [3, 4])
        #expect(implementations(openMPI) == [.openMPI])
        #expect(found(hydra) == [0, 2])
        #expect(implementations(hydra) == [.mpich])
    }

    @Test("a task of Slurm says it with PMI's or PMIx's names")
    func slurm() {
        let pmi2 = step.merging(["PMI_SIZE": "8", "PMI_RANK": "5"]) { $1 }
        #expect(found(pmi2) == [5, 8])
        #expect(implementations(pmi2) == [.mpich, .openMPI])
        let pmix = step.merging(["PMIX_RANK": "5", "PMIX_NAMESPACE": "slurm.pmix.7.0"]) { $1 }
        #expect(found(pmix) == [5, 8])
        #expect(implementations(pmix) == [.openMPI, .mpich])
    }

    @Test("mpirun within what Slurm has given is believed before Slurm")
    func mpirunWithinSlurm() {
        #expect(found(batchScript.merging(openMPI) { $1 }) == [3, 4])
        let terminal = step.merging(["SLURM_PTY_PORT": "40001"]) { $1 }
        #expect(found(terminal.merging(hydra) { $1 }) == [0, 2])
        #expect(implementations(terminal.merging(hydra) { $1 }) == [.mpich])
        #expect(found(terminal.merging(openMPI) { $1 }) == [3, 4])
    }

    @Test("an ordinary process, a batch script, a task without MPI and a terminal say nothing")
    func ordinary() {
        #expect(found([:]) == nil)
        #expect(found(batchScript) == nil)
        #expect(found(step) == nil)
        let terminal = ["SLURM_PTY_PORT": "40001", "PMI_SIZE": "8", "PMI_RANK": "0"]
        #expect(found(step.merging(terminal) { $1 }) == nil)
        #expect(found(["PMIX_RANK": "0", "PMIX_NAMESPACE": "a"]) == nil)
    }

    @Test("numbers that make no sense are nobody's")
    func nonsense() {
        let pairs = [("", "0"), ("two", "0"), ("2", ""), ("2", "2"), ("2", "-1"), ("0", "0")]
        for (size, rank) in pairs {
            #expect(found(["PMI_SIZE": size, "PMI_RANK": rank]) == nil)
            #expect(found(["OMPI_COMM_WORLD_SIZE": size, "OMPI_COMM_WORLD_RANK": rank]) == nil)
        }
        #expect(found(["PMI_SIZE": "2"]) == nil)
        #expect(found(["PMI_RANK": "1"]) == nil)
    }

    @Test("a launcher of one process, and none, give a group of one without MPI")
    func alone() throws {
        let single = try #require(Launcher(environment: ["PMI_SIZE": "1", "PMI_RANK": "0"]))
        for launcher in [nil, single] {
            let group = try ProcessGroup(launcher)
            #expect((group.rank, group.size, group.hosts.count) == (0, 1, 1))
            #expect(group.library == nil)
            #expect(try group.sum(shards: 3, count: 7) == reference(shards: 3, count: 7))
            #expect(try group.broadcast([1, 2]) == [1, 2])
            #expect(try group.gather([3]) == [[3]])
            #expect(try group.allGather([4]) == [[4]])
            try group.barrier()
            group.requestStop()
            #expect(group.isStopRequested)
            try group.leave()
            #expect(group.counters.bytesSent == 0)
        }
    }
}
