import Foundation

/// A training of the smallest networks on images of 4×4 pixels, done in moments.
enum SmallImages {
    /// Line 17, the last, says how long it is.
    static let yaml = """
        name: small
        data: {idx: {images: images.idx}}
        batchSize: 8
        latent: {size: 2}
        generator:
          layers:
            - linear: 16
            - reshape: {channels: 1, height: 4, width: 4}
            - tanh
          optimiser: {rmsprop: {learningRate: 1e-3}}
        critic:
          layers:
            - flatten
            - linear: 1
          optimiser: {rmsprop: {learningRate: 1e-3}}
        constraint: clipping
        steps: 4

        """

    /// Sixteen images as an IDX file.
    static let idx = Data(
        [0, 0, 8, 3, 0, 0, 0, 16, 0, 0, 0, 4, 0, 0, 0, 4] + (0..<256).map { UInt8($0) })

    /// A working folder with the configuration `small.yaml` and its images.
    static func place() throws -> Workplace {
        let place = try Workplace()
        try place.write(yaml, to: "small.yaml")
        try place.write(idx, to: "images.idx")
        return place
    }

    /// Arguments that train on another file of images of this shape, with its labels if any.
    static func arguments(
        images: String, labels: String? = nil, height: Int = 28, width: Int = 28, channels: Int = 1
    ) -> [String] {
        let labelling = labels.map { ", labels: '\($0)'" } ?? ""
        let shape = "{channels: \(channels), height: \(height), width: \(width)}"
        let settings = [
            "data={idx: {images: '\(images)'\(labelling)}}",
            "generator.layers.0.linear=\(height * width * channels)",
            "generator.layers.1.reshape=\(shape)",
        ]
        return ["train", "small.yaml", "--steps", "1"] + settings.flatMap { ["--set", $0] }
    }
}
