import Testing

@testable import MessagePassing

@Suite(
    "Processes under the launchers of MPI", .serialized,
    .enabled(if: !MPI.installed.isEmpty, MPI.absence))
struct MPITests {
    private static let cases = MPI.installed.flatMap { mpi in (1...4).map { (mpi, $0) } }

    @Test("add in the order of the tree, and pass bytes", arguments: cases)
    func work(mpi: MPIImplementation, processes: Int) throws {
        let outcome = try MPI.run(mpi, processes: processes, ["work"])
        #expect(outcome.code == 0, "\(outcome.text)")
        #expect(
            outcome.lines == (0..<processes).map { "rank \($0) of \(processes): all is right" },
            "\(outcome.text)")
    }

    @Test("go on where one computes for longer than the patience", arguments: MPI.installed)
    func busy(mpi: MPIImplementation) throws {
        let outcome = try MPI.run(mpi, processes: 2, ["busy"])
        #expect(outcome.code == 0, "\(outcome.text)")
        #expect(outcome.lines == ["rank 0: done", "rank 1: done"], "\(outcome.text)")
    }

    @Test("hear why one of them has failed", arguments: MPI.installed)
    func endAll(mpi: MPIImplementation) throws {
        let outcome = try MPI.run(mpi, processes: 4, ["end", "2"])
        #expect(outcome.code != 0)
        for rank in 0..<4 {
            #expect(
                outcome.text.contains(try Regex("rank \(rank): rank 2 on .*: the disk is full\n")),
                "\(outcome.text)")
        }
        #expect(outcome.seconds < 30)
    }

    @Test(
        "end where one is killed and the launcher lets them go on, and say which",
        .enabled(if: MPI.isInstalled(.openMPI), "only Open MPI's launcher lets the others go on"),
        arguments: [0, 1])
    func killed(lost: Int) throws {
        let outcome = try MPI.run(
            .openMPI, processes: 3, ["kill", "\(lost)"], options: ["--enable-recovery"])
        try expectLoss(of: lost, outcome)
    }

    @Test("end where one stops answering, and say which", arguments: MPI.installed, [0, 2])
    func frozen(mpi: MPIImplementation, lost: Int) throws {
        let outcome = try MPI.run(mpi, processes: 3, ["freeze", "\(lost)"])
        #expect(outcome.code != 0)
        try expectLoss(of: lost, outcome)
    }

    /// All but the lost one end with its name.
    private func expectLoss(of lost: Int, _ outcome: MPI.Outcome) throws {
        for rank in 0..<3 where rank != lost {
            let words = "rank \(rank): rank \(lost) on .* has not answered for 3.0 seconds\n"
            #expect(outcome.text.contains(try Regex(words)), "\(outcome.text)")
        }
        #expect(outcome.seconds < 40)
    }

    @Test("end soon by the launcher's own rules where one is killed", arguments: MPI.installed)
    func killedByDefault(mpi: MPIImplementation) throws {
        let outcome = try MPI.run(mpi, processes: 3, ["kill", "1"])
        #expect(outcome.code != 0)
        #expect(outcome.seconds < 40)
    }

    @Test(
        "are told where the launcher is that of another MPI",
        .enabled(if: MPI.installed.count == 2, "needs Open MPI and MPICH"))
    func otherLauncher() throws {
        let outcome = try MPI.run(.mpich, processes: 2, ["mistaken"])
        #expect(outcome.code != 0)
        #expect(
            outcome.text.contains(
                "the launcher says that this is rank 1 of 2, but Open MPI"), "\(outcome.text)")
    }
}
