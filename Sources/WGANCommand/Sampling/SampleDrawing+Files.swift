import ArrayFiles
import Datasets
import Figures
import Foundation
import Runs
import TensorGraph
import WGAN

extension SampleDrawing {
    /// The samples as text, one in each row.
    func csv() throws -> Data {
        let (values, size) = (try values(), sampleShape.count)
        let header = size == 2 ? ["x", "y"] : (0..<size).map { "value\($0)" }
        let rows = (0..<count).lazy.map { row in
            values[row * size..<(row + 1) * size].map(Double.init)
        }
        return try CSV.encode(header: header, rows: rows)
    }

    /// A picture with texts that tell which weights drew it.
    func stamped(_ png: Data) -> Data { PNGText.adding(stamp.texts, to: png) }

    /// A picture: images side by side, points of the plane over real ones.
    func pngData() throws -> Data {
        guard let distribution = configuration.data.distribution else {
            return try picture().pngData()
        }
        let view = PointView(
            distribution, seed: configuration.setup.seed, name: configuration.name)
        var figure = view.background("\(configuration.name): \(count) generated points")
        figure.series.append(
            .init("generated", points: points(try values()), color: .red, opacity: 0.5))
        return try figure.pngData()
    }

    /// The frames as an animation that plays for ever.
    func animation() throws -> AnimatedGIF { try AnimatedGIF(frames: frames(), delay: 0.07) }

    /// Each image as a file of its own, of the size that the generator makes; those of a
    /// conditional generator in a subfolder for each class.
    func writePictures(to folder: RunFolder) throws {
        let (values, labels, size) = (try values(), labels, sampleShape.count)
        let digits = max(String(count - 1).count, 3)
        for index in 0..<count {
            let image = try PixelImage(
                values: values[index * size..<(index + 1) * size], width: sampleShape[1],
                height: sampleShape[0], channels: sampleShape[2])
            let number = String(index)
            let name = String(repeating: "0", count: digits - number.count) + number
            let subfolder = labels.map { "\($0[index])/" } ?? ""
            try folder.write(stamped(image.pngData()), at: "\(subfolder)\(name).png")
        }
    }
}
