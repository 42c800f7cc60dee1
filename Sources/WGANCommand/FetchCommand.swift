import ArgumentParser
import ArrayFiles
import Datasets
import FeatureNetworks
import Files
import Foundation
import Runs

/// `wgan fetch`.
struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch the files of a data set, or the weights of Inception.",
        discussion: """
            The files are checked against the published checksums. What a broken connection leaves \
            is kept, and the same command goes on from there; what is there already is only \
            checked. They go to where trainings look for them: a folder with the data set's name \
            within --data, within the folder that WGAN_DATA names, or within the cache folder. \
            Servers are trusted as the system trusts them, or by the certificates in the file that \
            SSL_CERT_FILE names.

            inception is the network of the literature's FID, for --extractor inception: 91 MiB \
            from pytorch-fid's page, kept in the cache folder. Where there is no network, bring \
            the file pt_inception-2015-12-05-6726825d.pth and name it by --from.

            Examples:
              wgan fetch mnist
              wgan fetch fashion-mnist --data ~/data
              wgan fetch mnist --mirror https://example.org/mnist
              wgan fetch inception
              wgan fetch inception --from pt_inception-2015-12-05-6726825d.pth
            """)

    @Argument(
        help: ArgumentHelp(
            "Which: \(Self.names.joined(separator: ", ")).",
            valueName: "data set"))
    var dataset: String

    @Option(
        help: ArgumentHelp(
            "The address of a folder that has the files, in place of the known ones.",
            valueName: "address"))
    var mirror: String?

    @Option(help: ArgumentHelp("The folder of all data sets.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("A file with the weights of Inception.", valueName: "file"))
    var from: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    private static let names = PublishedDataset.all.map(\.name) + [Inception.published.name]

    func run() throws {
        if let from {
            try Refusal.guarding {
                guard dataset == Inception.published.name, mirror == nil else {
                    throw CommandFailure(
                        "--from names a file of Inception's weights; give it with 'inception' and "
                            + "without --mirror")
                }
                try keepInception(URL(fileURLWithPath: from))
            }
            return
        }
        let fetcher = try Refusal.guarding { try prepare() }
        if dataset == Inception.published.name, Inception.isFetched { return try tellOfInception() }
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
        if dataset == Inception.published.name {
            try keepInception(URL(fileURLWithPath: paths[0]))
            try FileManager.default.removeItem(atPath: paths[0])
        } else if !quiet {
            try print("\(counted(paths.count, "file")), checked, in \(fetcher.folder)")
        }
    }

    /// Keeps a published file's weights in the form that the extractor reads.
    private func keepInception(_ file: URL) throws {
        let sum = SHA256.digest(of: Data(try ReadableFile(file).bytes()))
        if sum != Inception.published.files[0].sha256 {
            note("\(file.path) is not the published file; its numbers are not those of papers")
        }
        let weights = try Inception.safetensors(
            of: PyTorchArchive(contentsOf: file), sha256: sum)
        try Folder.make(Inception.file.deletingLastPathComponent().path)
        try AtomicFile.write(weights, to: Inception.file)
        try tellOfInception()
    }

    private func tellOfInception() throws {
        if !quiet { try print("the weights of Inception, in \(Inception.file.path)") }
    }

    private static func kilobytes(_ bytes: Int) -> Int { (bytes + 999) / 1000 }

    private func prepare() throws -> DatasetFetcher {
        let all = PublishedDataset.all + [Inception.published]
        guard let known = all.first(where: { $0.name == dataset }) else {
            throw CommandFailure(
                "there is no data set '\(dataset)' to fetch; choose one of "
                    + Self.names.joined(separator: ", "))
        }
        if data?.isEmpty == true {
            throw CommandFailure("--data is empty; name a folder")
        }
        guard known != Inception.published else {
            guard data == nil else {
                throw CommandFailure(
                    "--data has no effect on inception, which is kept in the cache; leave it out")
            }
            return try DatasetFetcher(
                known, into: Inception.file.deletingLastPathComponent().path, from: mirror)
        }
        // A folder that holds the files itself is left as it is.
        let folders = DatasetLocation(name: known.name, folder: data).folders
        let present = folders.first { folder in
            known.files.contains { FileManager.default.fileExists(atPath: "\(folder)/\($0.name)") }
        }
        return try DatasetFetcher(known, into: present ?? folders[0], from: mirror)
    }
}
