import Foundation
public import StrictYAML

/// A training that comes with the product: a configuration file inside the binary.
public struct Preset: Hashable, Sendable {
    /// What the preset is called, as the file is, without `.yaml`.
    public let name: String
    /// The text of its configuration file, which ``document()`` parses.
    public let yaml: String

    init(_ name: String, _ bytes: [UInt8]) {
        (self.name, yaml) = (name, String(decoding: bytes, as: UTF8.self))
    }

    /// The configuration, ready for overrides.
    public func document() throws(ConfigurationError) -> ConfigurationDocument {
        try ConfigurationDocument(
            yaml: yaml, file: "\(name).yaml", vocabulary: TrainingConfiguration.vocabulary)
    }
}

/// The trainings that come with the product.
///
/// They are compiled into the binary, which may therefore be moved anywhere.
public enum Presets {
    /// All presets, by their names' order.
    public static let all = [
        Preset("digits", PackageResources.digits_yaml),
        Preset("fashion", PackageResources.fashion_yaml),
        Preset("few-photos", PackageResources.few_photos_yaml),
        Preset("gaussians25", PackageResources.gaussians25_yaml),
        Preset("gaussians5", PackageResources.gaussians5_yaml),
        Preset("gaussians8", PackageResources.gaussians8_yaml),
        Preset("gaussians8-orthonormal", PackageResources.gaussians8_orthonormal_yaml),
        Preset("images-gp", PackageResources.images_gp_yaml),
        Preset("images128-gp", PackageResources.images128_gp_yaml),
        Preset("mixture", PackageResources.mixture_yaml),
        Preset("mixture-orthonormal", PackageResources.mixture_orthonormal_yaml),
        Preset("mnist-conditional", PackageResources.mnist_conditional_yaml),
        Preset("mnist-dcgan", PackageResources.mnist_dcgan_yaml),
        Preset("mnist-gp", PackageResources.mnist_gp_yaml),
        Preset("mnist-keras", PackageResources.mnist_keras_yaml),
        Preset("photos128", PackageResources.photos128_yaml),
        Preset("photos64", PackageResources.photos64_yaml),
        Preset("pokemon", PackageResources.pokemon_yaml),
        Preset("stacked-digits", PackageResources.stacked_digits_yaml),
        Preset("swiss-roll", PackageResources.swiss_roll_yaml),
        Preset("swiss-roll-orthonormal", PackageResources.swiss_roll_orthonormal_yaml),
    ]

    /// The preset called `name`.
    ///
    /// - Throws: A `ConfigurationError` that names the nearest preset where there is none.
    public static func named(_ name: String) throws(ConfigurationError) -> Preset {
        if let preset = all.first(where: { $0.name == name }) { return preset }
        let names = all.map(\.name)
        let remedy =
            NearestName.find(name, among: names).map { "did you mean '\($0)'?" }
            ?? "name one of \(names.joined(separator: ", ")), or a file that ends in .yaml"
        throw ConfigurationError(
            location: .file(name), message: "there is no preset of this name; \(remedy)")
    }
}

extension TrainingConfiguration {
    /// The document of a preset or a file, ready for overrides.
    ///
    /// - Parameter argument: The path of a file that exists or ends in `.yaml` or `.yml`; else the
    ///   name of a preset.
    public static func document(
        presetOrFile argument: String
    ) throws(ConfigurationError) -> ConfigurationDocument {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
        let isFile = exists && !isFolder.boolValue
        guard isFile || argument.hasSuffix(".yaml") || argument.hasSuffix(".yml") else {
            return try Presets.named(argument).document()
        }
        return try ConfigurationDocument(
            contentsOf: URL(fileURLWithPath: argument), vocabulary: vocabulary)
    }
}
