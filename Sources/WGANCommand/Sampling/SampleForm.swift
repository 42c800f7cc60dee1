public import ArgumentParser
import ArrayFiles
import Figures
import Files
import Foundation
import Runs
import TensorGraph
public import WGAN

/// The form of samples that the end of a path asks for.
enum SampleForm: String, CaseIterable {
    case npy = ".npy"
    case csv = ".csv"
    case png = ".png"
    case gif = ".gif"
    case webp = ".webp"
    case folder = "/"

    /// Where samples go: a file, or a folder that is empty so far.
    enum Place {
        case file(URL)
        case folder(RunFolder)
    }

    /// The form of what is to be at `path`.
    init(_ path: String) throws {
        let end = path.hasSuffix("/") ? "/" : "." + (path as NSString).pathExtension.lowercased()
        guard let form = SampleForm(rawValue: end) else {
            let endings = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "\(path) ends in none of \(endings); choose one, it decides what is written")
        }
        self = form
    }

    var isAnimation: Bool { self == .gif || self == .webp }

    /// How many samples there are where nobody says it.
    ///
    /// - Parameter classes: How many classes are to be shown beside each other, if any.
    func usualCount(classes: Int?) -> Int {
        guard let classes else { return isAnimation ? 16 : 64 }
        return isAnimation ? min(4 * classes, 400) : min(10 * classes, 1000)
    }

    /// Refuses pictures of samples that have none, and more samples than memory should hold.
    func check(_ samples: SampleDrawing) throws {
        let shape = samples.sampleShape
        switch self {
        case .npy, .csv: break
        case .png:
            guard shape == [2] || shape.rank == 3 else {
                throw CommandFailure(
                    "samples of shape \(shape) are neither points of the plane nor images, and "
                        + "have no picture; choose .npy or .csv")
            }
        case .gif, .webp, .folder:
            guard shape.rank == 3 else {
                throw CommandFailure(
                    "samples of shape \(shape) are no images, which "
                        + (self == .folder ? "a folder of pictures" : "an animation")
                        + " is made of; choose .npy, .csv or .png")
            }
        }
        try checkCount(samples.count, shape)
        if let walk = samples.walk { try check(walk, samples) }
    }

    private func checkCount(_ count: Int, _ shape: Shape) throws {
        let numbers = self == .csv ? 1 << 25 : 1 << 28
        let most =
            switch self {
            case .npy, .csv: numbers
            case .png: 10_000
            case .folder: 100_000
            case .gif, .webp: 400
            }
        let largest = min(max(numbers / shape.count, 1), most)
        guard count <= largest else {
            throw CommandFailure(
                "--count \(count) is too many for one \(rawValue) of such samples; give at most "
                    + "\(largest), and draw more with other seeds")
        }
    }

    private func check(_ walk: LatentWalk, _ samples: SampleDrawing) throws {
        let latent = samples.sampler.latent
        guard walk.way.isFit(for: latent.distribution) else {
            throw CommandFailure(
                "--interpolate \(walk.way) leads out of the cube that this run's uniform latents "
                    + "fill; choose linear")
        }
        let side = samples.columns * (max(samples.sampleShape[0], samples.sampleShape[1], 56) + 2)
        guard side * side * 3 * 2 * walk.frames <= 1 << 30 else {
            throw CommandFailure(
                "\(samples.count) images in \(walk.frames) frames are more than an animation "
                    + "should hold; give a smaller --count or --frames")
        }
    }

    /// The place at `path`, found to be writable.
    func place(at path: String) throws -> Place {
        let url = URL(fileURLWithPath: path)
        guard self == .folder else {
            // What cannot be written is better known before the samples are made.
            try AtomicFileWriter(to: url).abandon()
            return .file(url)
        }
        return .folder(try RunFolder.create(at: url))
    }

    /// Makes the samples and writes them.
    func write(_ samples: SampleDrawing, to place: Place) throws {
        switch place {
        case .file(let url): try write(samples, to: url)
        case .folder(let folder): try samples.writePictures(to: folder)
        }
    }

    private func write(_ samples: SampleDrawing, to url: URL) throws {
        switch self {
        case .npy:
            try NumpyFile.write(
                shape: [samples.count] + samples.sampleShape.dimensions, values: samples.values(),
                to: url)
        case .csv: try AtomicFile.write(samples.csv(), to: url)
        case .png: try AtomicFile.write(samples.stamped(samples.pngData()), to: url)
        case .gif: try AtomicFile.write(samples.animation().gifData(), to: url)
        case .webp: try AtomicFile.write(samples.animation().webpData(), to: url)
        case .folder: preconditionFailure("a folder is no file")
        }
    }
}

/// The ways between latents are arguments by their names.
extension Interpolation: ExpressibleByArgument {}
