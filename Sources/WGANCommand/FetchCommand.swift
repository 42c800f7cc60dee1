import ArgumentParser
import Datasets
import Files
import Foundation
import Runs

/// `wgan fetch`.
struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch the files of a data set.",
        discussion: """
            The files are checked against the published checksums. What a broken connection leaves \
            is kept, and the same command goes on from there; what is there already is only \
            checked. They go to where trainings look for them: a folder with the data set's name \
            within --data, within the folder that WGAN_DATA names, or within the cache folder. \
            Servers are trusted as the system trusts them, or by the certificates in the file that \
            SSL_CERT_FILE names.

            Examples:
              wgan fetch mnist
              wgan fetch fashion-mnist --data ~/data
              wgan fetch mnist --mirror https://example.org/mnist
            """)

    @Argument(
        help: ArgumentHelp(
            "Which: \(PublishedDataset.all.map(\.name).joined(separator: " or ")).",
            valueName: "data set"))
    var dataset: String

    @Option(
        help: ArgumentHelp(
            "The address of a folder that has the files, in place of the known ones.",
            valueName: "address"))
    var mirror: String?

    @Option(help: ArgumentHelp("The folder of all data sets.", valueName: "folder"))
    var data: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    func run() throws {
        let fetcher = try Refusal.guarding { try prepare() }
        let files = fetcher.dataset.files
        let bar = ProgressBar(
            total: Self.kilobytes(files.reduce(0) { $0 + $1.byteCount }), isQuiet: quiet)
        // In kilobytes, so that the line has numbers that can be read.
        let paths = try fetcher.fetch { progress in
            let earlier = files.prefix { $0 != progress.file }.reduce(0) { $0 + $1.byteCount }
            bar.update(
                iteration: Self.kilobytes(earlier + progress.received),
                fields: ["kB of \(progress.file.name)"])
        }
        bar.finish()
        if !quiet {
            try print("\(counted(paths.count, "file")), checked, in \(fetcher.folder)")
        }
    }

    private static func kilobytes(_ bytes: Int) -> Int { (bytes + 999) / 1000 }

    private func prepare() throws -> DatasetFetcher {
        guard let known = PublishedDataset.all.first(where: { $0.name == dataset }) else {
            let names = PublishedDataset.all.map(\.name).joined(separator: " or ")
            throw CommandFailure("there is no data set '\(dataset)' to fetch; choose \(names)")
        }
        if data?.isEmpty == true {
            throw CommandFailure("--data is empty; name a folder")
        }
        // A folder that holds the files itself is left as it is.
        let folders = DatasetLocation(name: known.name, folder: data).folders
        let present = folders.first { folder in
            known.files.contains { FileManager.default.fileExists(atPath: "\(folder)/\($0.name)") }
        }
        return try DatasetFetcher(known, into: present ?? folders[0], from: mirror)
    }
}
