package import Datasets
import Files
import Foundation
import StrictYAML
import WGAN

/// How a run came to be: what its bits depend on beside its configuration, and where its data is.
///
/// It is in the run's folder, as `run.json`, before the first step is done.
package struct RunRecord: Codable {
    /// The record's place in the run folder.
    package static let path = "run.json"

    /// The part of a training that one process did.
    struct Session: Codable {
        /// Steps that were done before.
        var step: Int
        /// Where and with how many threads it took place.
        var environment: RunEnvironment
        /// The complete configuration; nil where it is that of the session before.
        var configuration: String?
        /// The checksum of the data; nil for data that is drawn.
        var data: String?
        /// Whether it went on from weights alone, with optimisers that began anew.
        var isFromWeights = false
    }

    /// When the run began, as in ISO 8601; nil where no record was kept then.
    var begun: String?
    /// ``begun`` in seconds since 1970.
    package var beginning: Double? {
        begun.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince1970
    }

    /// The file whose weights the run began with; nil where it began with random ones.
    var imported: String?
    /// The data's files; nil for data that is drawn.
    package var data: RunData?
    /// Whether a program describes the training; nil, as in old records, where a preset or file
    /// does.
    var isProgrammed: Bool?
    /// Whether a checkpoint was ever written.
    var hasCheckpoint = false
    /// The processes that trained, in order.
    var sessions: [Session] = []

    /// The record of a run without a process so far.
    package init(begun: String?, imported: String? = nil) {
        (self.begun, self.imported) = (begun, imported)
    }

    /// Reads a run's record; nil where none was kept.
    package static func of(_ run: RunFolder) throws -> RunRecord? { try run.decoded(path) }

    /// Adds a process's part.
    mutating func add(_ session: Session) {
        var session = session
        if session.configuration == sessions.last(where: { $0.configuration != nil })?.configuration
        {
            session.configuration = nil
        }
        sessions.append(session)
    }

    /// Writes the record, and before it what the data's files hold, where that is known.
    func write(_ data: DataFingerprint?, in run: RunFolder) throws {
        if let data { try run.write(Data(data.listing), at: RunData.path) }
        try write(in: run)
    }

    /// Writes the record alone.
    package func write(in run: RunFolder) throws {
        try run.write(try JSONEncoder.sorted.encode(self), at: Self.path)
    }

    /// Remembers that the run has a checkpoint: from now on it never begins anew.
    static func noteCheckpoint(in run: RunFolder) throws {
        guard var record = try of(run), !record.hasCheckpoint else { return }
        record.hasCheckpoint = true
        try record.write(in: run)
    }
}

/// The files of a run's data, as they were.
package struct RunData: Codable {
    /// The place of the files' checksums in the run folder.
    package static let path = "data.xxh64"

    /// The folder that they were in, from the root on.
    package var folder: String
    /// How many they were.
    var files: Int
    /// The checksum of all names and bytes.
    var xxh64: String

    init(_ fingerprint: DataFingerprint) {
        // WGAN_DATA may be relative.
        (folder, files) = (absolutePath(fingerprint.folder), fingerprint.count)
        xxh64 = fingerprint.sum
    }

    /// Tells the data that a generator is measured on from other data.
    ///
    /// - Parameter sum: The checksum of the data's files; nil for data that is drawn.
    static func measured(on distribution: (any PointDistribution)?, sum: String?) -> String {
        sum ?? Checkpoint.hash(ofConfiguration: distribution.map { "\($0)" } ?? "")
    }

    /// Compares the data with what it was when a run's record was written.
    ///
    /// - Parameters:
    ///   - isAccepted: Whether the user has said that the data is to be used as it is.
    /// - Returns: A note, where it is other data and accepted.
    /// - Throws: ``RunFailure/unusable(_:)`` where it is other data and not accepted.
    package static func check(
        _ present: DataFingerprint?, against record: RunRecord?, of run: RunFolder,
        isAccepted: Bool
    ) throws -> String? {
        guard let present, let former = record?.data, present.sum != former.xxh64 else {
            return nil
        }
        let listed = (try? run.read(path)).flatMap {
            DataFingerprint(listing: $0, of: former.folder)
        }
        let change =
            listed.flatMap { $0.sum == former.xxh64 ? present.change(since: $0) : nil }
            ?? "files differ"
        let sentence = "the data in \(present.folder) is not what the training was on (\(change))"
        guard isAccepted else {
            throw RunFailure.unusable(
                "\(sentence); restore it, or accept it as it is with --data \(present.folder)")
        }
        return "\(sentence); it is used as it is now"
    }
}

extension RunRecord {
    /// The processes whose steps made the weights after `step` steps, with their configurations.
    private func parts(upTo step: Int) -> [(session: Session, configuration: String)] {
        var configuration = ""
        var parts: [(session: Session, configuration: String)] = []
        for session in sessions {
            configuration = session.configuration ?? configuration
            // What a later process did again was lost.
            parts.removeAll { $0.session.step >= session.step }
            parts.append((session, configuration))
        }
        return parts.filter { $0.session.step == 0 || $0.session.step < step }
    }

    /// The steps at which the training went on.
    func resumptions(upTo step: Int) -> [Int] {
        parts(upTo: step).map(\.session.step).filter { $0 > 0 }
    }

    /// Why a configuration does not train the weights after `step` steps again: clauses, none
    /// where it does.
    func deviations(of present: String, upTo step: Int) -> [String] {
        let parts = parts(upTo: step)
        var reasons = imported.map { ["the run began with the weights of \($0)"] } ?? []
        if let first = parts.first?.session, first.step > 0, !first.isFromWeights {
            reasons.append("what was done before step \(first.step) is not recorded")
        }
        for part in parts where part.session.isFromWeights && part.session.step > 0 {
            reasons.append("the optimisers began anew at step \(part.session.step)")
        }
        for (former, part) in zip(parts, parts.dropFirst()) {
            reasons += Self.deviations(former, part).map { "\($0) until step \(part.session.step)" }
        }
        if let last = parts.last {
            reasons += Self.changes(from: last.configuration, to: present).map {
                "\($0.key) was \($0.value ?? "absent") in the training"
            }
        }
        return reasons
    }

    private static func deviations(
        _ former: (session: Session, configuration: String),
        _ part: (session: Session, configuration: String)
    ) -> [String] {
        var reasons = changes(from: former.configuration, to: part.configuration).map {
            "\($0.key) was \($0.value ?? "absent")"
        }
        let (before, now) = (former.session, part.session)
        let devices = [before, now].map { $0.environment.device ?? TrainingDevice.processor }
        if devices[0] != devices[1] { reasons.append("the device was \(devices[0])") }
        if before.environment.threads != now.environment.threads {
            reasons.append("the threads were \(before.environment.threads)")
        }
        if before.environment.vectorInstructions != now.environment.vectorInstructions {
            reasons.append("the vector code was \(before.environment.vectorInstructions)")
        }
        if before.data != now.data { reasons.append("the data was other") }
        return reasons
    }

    /// Settings that leave the weights' bits as they are.
    private static let harmless: Set<String> = ["name", "summary", "steps", "epochs", "outputs"]

    /// The settings in which two configurations differ and that the weights depend on, with their
    /// former values. Where files were, the checksums tell more.
    private static func changes(from former: String, to present: String)
        -> [ConfigurationDifference]
    {
        guard former != present, let before = try? ConfigurationChanges.document(former),
            let now = try? ConfigurationChanges.document(present)
        else { return [] }
        return before.differences(from: now).filter { difference in
            !harmless.contains(String(difference.key.prefix { $0 != "." }))
                && !DataCatalogue.fileSettings.contains(difference.key)
        }
    }
}
