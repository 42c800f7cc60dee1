import CPUExecutor
import Foundation
import StrictYAML
import Testing
import WGAN

@testable import Runs
@testable import WGANCommand

@Suite("Trainings on disks that fail, and with clocks that jump")
struct DiskFaultTests {
    /// A folder of the working folder on a file system of its own, where one may be mounted.
    private func withDisk(
        _ options: String, in place: Workplace, _ body: (_ remount: (UInt) -> Int32) throws -> Void
    ) throws {
        let path = place.url("disk").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else {
            let reason = String(cString: strerror(errno))
            try Test.cancel("a file system cannot be mounted here: \(reason)")
        }
        defer { umount2(path, Int32(MNT_DETACH)) }
        try body { mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | $0, options) }
    }

    @Test("a full disk is told, keeps the checkpoints, and the training goes on once there is room")
    func fullDisk() throws {
        let place = try SmallImages.place()
        try withDisk("size=2m", in: place) { _ in
            let settings = [
                "--quiet", "--steps", "300", "--set",
                "outputs={metrics: {every: 10}, checkpoints: {every: 1, keep: 1000}}",
            ]
            let outcome = try place.wgan(["train", "small.yaml", "--out", "disk/run"] + settings)
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("the disk is full or a quota is used up"))
            let store = try CheckpointStore(in: RunFolder(opening: place.url("disk/run")))
            let (file, notes) = try store.latest()
            let last = try store.list().last?.step
            #expect(notes.isEmpty && file?.step == last)
            for entry in try store.list().dropLast() {
                try FileManager.default.removeItem(at: entry.url)
            }
            try place.succeed([
                "resume", "disk/run", "--quiet", "--set", "outputs.checkpoints.keep=2",
            ])
            try place.succeed(
                ["train", "small.yaml", "--out", "whole"] + settings + [
                    "--set", "outputs.checkpoints.keep=2",
                ])
            try ResumeTests.expectEqual("disk/run", "whole", in: place)
        }
    }

    @Test("a folder that may only be read is refused before any work")
    func readOnly() throws {
        let place = try SmallImages.place()
        try withDisk("size=4m", in: place) { remount in
            try place.succeed(["train", "small.yaml", "--out", "disk/run", "--quiet"])
            try #require(remount(UInt(MS_RDONLY)) == 0)
            try expectRefusal(
                ["resume", "disk/run", "--steps", "6"], saying: ["Cannot write", "read-only"],
                in: place)
            try expectRefusal(
                ["train", "small.yaml", "--out", "disk/new"], saying: ["read-only"], in: place)
        }
    }

    @Test("a clock that jumps makes one checkpoint too many or too few, never a flood or none")
    func clock() throws {
        let place = try Workplace()
        let document = try Presets.named("mixture").document()
        for setting in ["outputs={checkpoints: {minutes: 1, keep: 100}}", "steps=100"] {
            try document.set(setting)
        }
        let prepared = try PreparedTraining(
            TrainingConfiguration(document), data: nil, on: CPUDevice(threads: 1),
            progress: OpeningProgress())
        let trainer = prepared.trainer
        let folder = try RunFolder.create(at: place.url("run"))
        let run = RecordedTraining(
            Run(folder, try RunLock(of: folder), prepared), trainer, to: prepared.steps)
        let journal = try RunJournal(in: folder, hasEvents: false)
        var time = Duration.zero
        let observer = try CheckpointObserver(
            of: run, settling: [], journal, now: { time })
        try observer.began(trainer)
        // Seconds at which the steps end: on time, a year ahead, back again, and on.
        for (index, second) in [30, 60, 90, 31_536_000, 31_536_001, 10, 40, 70, 71].enumerated() {
            time = .seconds(second)
            try trainer.train(to: index + 1)
            try observer.stepped(trainer)
        }
        #expect(try run.checkpoints().list().map(\.step) == [2, 4, 8])
    }
}
