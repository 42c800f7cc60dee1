/// An implementation of MPI, the standard by which processes send each other messages.
public enum MPIImplementation: String, CaseIterable, Sendable {
    /// Open MPI.
    case openMPI = "openmpi"
    /// MPICH, and those that share its binary interface, such as Intel MPI.
    case mpich

    /// What people call it.
    public var name: String {
        switch self {
        case .openMPI: "Open MPI"
        case .mpich: "MPICH"
        }
    }

    /// How it is installed on Debian, and this project's library for it made.
    package var remedy: String {
        switch self {
        case .openMPI: "install openmpi-bin and libopenmpi-dev, and run scripts/setup"
        case .mpich: "install mpich and libmpich-dev, and run scripts/setup"
        }
    }
}
