public import CPUExecutor
import Datasets
import Foundation
public import MessagePassing
import NeuralNetworks
import StrictYAML
import Synchronization
import TensorGraph
import WGAN

/// The processes of a launcher, such as MPI's, that carry out one training together.
///
/// All do the same steps, each with its share of every batch's shards. The first one leads: it
/// alone reads settings, writes the run and says when to stop; the others follow.
///
/// ```swift
/// if let processes = try TrainingProcesses.joined(), !processes.leads {
///     try processes.follow()
/// }
/// ```
public final class TrainingProcesses: ShardExchange {
    /// How this process reaches the others.
    public let group: ProcessGroup
    /// Threads of each process where nothing is said of them: a machine's processors are shared
    /// evenly by its processes, and all processes have as many as the one with the fewest.
    public let usualThreads: Int
    private let hasBegun = Mutex(false)

    private init(_ group: ProcessGroup) throws {
        self.group = group
        let counts = try group.allGather(
            Array("\(ProcessInfo.processInfo.activeProcessorCount)".utf8)
        ).map { Int(String(decoding: $0, as: UTF8.self)) ?? 1 }
        usualThreads =
            zip(counts, group.hosts).map { count, host in
                max(1, count / group.hosts.count { $0 == host })
            }.min() ?? 1
    }

    /// Joins the processes that were started with this one; nil where it was started alone.
    ///
    /// - Throws: `MessagePassingError`, of one sentence, where they cannot be reached.
    public static func joined() throws -> TrainingProcesses? {
        guard let launcher = Launcher(), launcher.size > 1 else { return nil }
        return try TrainingProcesses(ProcessGroup(launcher))
    }

    /// Whether this is the process that leads the others.
    public var leads: Bool { group.rank == 0 }

    // MARK: Shards

    /// The number of this process, counted from 0.
    public var process: Int { group.rank }
    /// How many processes there are.
    public var processes: Int { group.size }

    /// Begins to add the parts of all processes' shards: see `ShardExchange`.
    public func begin(
        sum parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) -> any Sendable {
        group.begin(sum: parts, count: count, into: target, shards: parts.count * group.size)
    }

    /// Waits until a sum is there.
    ///
    /// - Throws: `MessagePassingError` where the group has failed.
    public func wait(_ sum: any Sendable) throws {
        guard let ticket = sum as? ProcessGroup.Ticket else {
            preconditionFailure("sums are those that were begun here")
        }
        try group.wait(ticket)
    }

    /// Puts all processes' shards one after the other: see `ShardExchange`.
    ///
    /// - Throws: `MessagePassingError` where the group has failed.
    public func gather(
        _ parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) throws {
        var own: [UInt8] = []
        own.reserveCapacity(parts.count * count * 4)
        for part in parts {
            own.append(contentsOf: UnsafeRawBufferPointer(start: part, count: count * 4))
        }
        var place = UnsafeMutableRawPointer(target)
        for bytes in try group.allGather(own) {
            bytes.withUnsafeBytes { place.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            place += bytes.count
        }
    }

    // MARK: Leading

    /// What the others are told before a training.
    fileprivate struct Invitation: Codable {
        /// The resolved settings.
        var configuration: String
        /// The folder with the data's files, where one was named.
        var data: String?
        var threads: Int
        /// What the bits depend on beside.
        var program: String
    }

    /// What a process that follows answers.
    fileprivate struct Answer: Codable {
        var problem: String?
        /// The sum of its data's files.
        var data: String?
    }

    /// The version and the instructions, which all processes must have in common.
    fileprivate static var program: String {
        "wgan \(RunEnvironment.version), oneDNN \(CPUDevice.libraryVersion), \(VectorLevel.inUse)"
    }

    /// Has the other processes make ready for a training and brings them to where it is.
    ///
    /// - Throws: ``RunFailure/unusable(_:)`` where one of them cannot take part.
    func begin(_ training: PreparedTraining, data folder: String?) throws {
        let invitation = Invitation(
            configuration: training.configuration.resolvedYAML, data: folder,
            threads: training.device.processorThreads, program: Self.program)
        hasBegun.withLock { $0 = true }
        _ = try group.broadcast(Array(JSONEncoder().encode(invitation)))
        let answers = try group.gather([]) ?? []
        for (rank, bytes) in answers.enumerated().dropFirst() {
            let answer = try JSONDecoder().decode(Answer.self, from: Data(bytes))
            let problem =
                answer.problem
                ?? (answer.data == training.fingerprint?.sum
                    ? nil : "its data files are others than those of process 0")
            guard let problem else { continue }
            _ = try group.broadcast([])
            throw RunFailure.unusable("process \(rank) on \(group.hosts[rank]): \(problem)")
        }
        _ = try group.broadcast(Self.bytes(of: training.trainer.state))
    }

    /// Tells the others whether the training goes on after a step.
    func tell(goesOn: Bool) throws { _ = try group.broadcast([goesOn ? 1 : 0]) }

    /// Tells the others that the training goes on from an earlier state.
    func tell(of trainer: Trainer) throws {
        _ = try group.broadcast(Self.bytes(of: trainer.state))
    }

    /// Tells the others that a training has failed for good.
    func giveUp() throws { _ = try group.broadcast([]) }

    /// Lets all processes leave; those that wait for a training are told that there is none.
    ///
    /// - Throws: `MessagePassingError` where the group has failed.
    public func leave() throws {
        if leads, !hasBegun.withLock({ $0 }) { _ = try group.broadcast([]) }
        try group.leave()
    }

    // MARK: Following

    /// Follows the leading process through a training, to its end.
    ///
    /// - Parameters:
    ///   - folder: The folder with the data's files on this machine; nil for the one that the
    ///     leading process names.
    ///   - shouldStop: Asked after every step: where it is true, all processes are asked to stop.
    /// - Throws: `MessagePassingError` where the group has failed.
    public func follow(
        dataAt folder: String? = nil, shouldStop: () -> Bool = { false }
    ) throws {
        let bytes = try group.broadcast([])
        guard !bytes.isEmpty else { return }
        let invitation = try JSONDecoder().decode(Invitation.self, from: Data(bytes))
        let prepared = Result { try prepare(invitation, folder) }
        var answer = Answer()
        switch prepared {
        case .success(let training): answer.data = training.fingerprint?.sum
        case .failure(let error): answer.problem = "\(error)"
        }
        _ = try group.gather(Array(JSONEncoder().encode(answer)))
        let state = try group.broadcast([])
        guard case .success(let training) = prepared, !state.isEmpty else { return }
        try Self.restore(state, to: training.trainer)
        try train(training.trainer, to: training.steps, shouldStop)
    }

    private func prepare(_ invitation: Invitation, _ folder: String?) throws -> PreparedTraining {
        guard invitation.program == Self.program else {
            throw RunFailure.unusable(
                "it is \(Self.program), and process 0 is \(invitation.program); start the same "
                    + "program everywhere, with WGAN_VECTORS set to what all machines have")
        }
        let document = try ConfigurationDocument(
            yaml: invitation.configuration, file: "the configuration of process 0",
            vocabulary: TrainingConfiguration.vocabulary)
        return try PreparedTraining(
            TrainingConfiguration(document), data: folder ?? invitation.data,
            on: CPUDevice(threads: invitation.threads, exchange: self),
            progress: OpeningProgress())
    }

    /// Does the leading process's steps until it says that there are no more.
    private func train(
        _ trainer: Trainer, to steps: Int, _ shouldStop: () -> Bool
    ) throws {
        struct Stop: Error {}
        while trainer.step < steps {
            do {
                try trainer.train(to: steps) { trainer in
                    if shouldStop() { group.requestStop() }
                    if trainer.step < steps, try group.broadcast([]) == [0] { throw Stop() }
                }
            } catch TrainingError.nonFinite {
                let state = try group.broadcast([])
                guard !state.isEmpty else { return }
                try Self.restore(state, to: trainer)
            } catch is Stop {
                return
            }
        }
    }

    // MARK: States as bytes

    /// The counts, then all values in the order of the parameters.
    private static func bytes(of state: TrainerState) -> [UInt8] {
        let counts = [state.step, state.criticUpdates, state.generatorUpdates, state.reductions]
        var bytes = counts.flatMap { withUnsafeBytes(of: $0, Array.init) }
        for tensor in state.tensors {
            tensor.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func restore(_ bytes: [UInt8], to trainer: Trainer) throws {
        var state = TrainerState(tensors: [])
        bytes.withUnsafeBytes { bytes in
            let counts = (0..<4).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self) }
            (state.step, state.criticUpdates) = (counts[0], counts[1])
            (state.generatorUpdates, state.reductions) = (counts[2], counts[3])
            var place = 32
            for parameter in trainer.parameters.parameters {
                let values = (0..<parameter.shape.count).map {
                    bytes.loadUnaligned(fromByteOffset: place + 4 * $0, as: Float.self)
                }
                state.tensors.append(
                    .init(name: parameter.name, shape: parameter.shape, values: values))
                place += 4 * values.count
            }
        }
        _ = try trainer.restore(state)
    }
}
