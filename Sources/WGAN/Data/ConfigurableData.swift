import Datasets
import Foundation
package import NeuralNetworks
package import StrictYAML

/// A name that configuration files can give data, and how its settings are read.
package protocol ConfigurableData: Configurable {
    /// The data that `section` describes.
    static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration

    /// The settings that name the data's files, and what they become where the files are in
    /// another folder; none for data that is drawn, and for data whose files have no setting.
    static func relocations(
        _ section: ConfigurationSection, to folder: String
    ) throws(ConfigurationError) -> [(key: String, path: String)]
}

extension ConfigurableData {
    package static func relocations(
        _ section: ConfigurationSection, to folder: String
    ) throws(ConfigurationError) -> [(key: String, path: String)] { [] }

    /// A file of the same name in another place: a folder, or the file itself.
    static func path(of file: String, in place: String) -> String {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else { return place }
        return (place as NSString).appendingPathComponent((file as NSString).lastPathComponent)
    }
}

/// The data that configuration files can name.
package enum DataCatalogue {
    /// All kinds, by their types' order.
    package static let all: [any ConfigurableData.Type] = [
        FashionMNIST.self, GaussianGrid25.self, GaussianMixture.self, IDXImages.self,
        ImageFolder.self, KantorovichPair.self, MNISTDigits.self, MixtureOnGrid.self,
        MixtureOnRing.self, PointFile.self,
        Rings.self, SampledRing.self, StackedDigits.self, SwissRoll.self, TwoMoons.self,
    ]

    /// The settings that name files, which the checksums of the files say more about.
    package static let fileSettings: Set<String> = [
        "data.points.file", "data.idx.images", "data.idx.labels", "data.imageFolder.path",
    ]

    /// The data that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        try kind(of: setting).read(setting.section)
    }

    /// Makes a configuration read its data from another folder; does nothing where the settings
    /// name no files.
    ///
    /// - Parameter document: The configuration, of which nothing has been read.
    package static func relocate(
        _ document: ConfigurationDocument, to folder: String
    ) throws(ConfigurationError) {
        let setting = try document.unread.root.tagged("data")
        let type = try kind(of: setting)
        for (key, path) in try type.relocations(setting.section, to: folder) {
            try document.set("data.\(type.configurationName).\(key)=\(doubleQuoted(path))")
        }
    }

    private static func kind(
        of setting: TaggedSection
    ) throws(ConfigurationError) -> any ConfigurableData.Type {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
    }
}

extension ConfigurationSection {
    /// What `body` gives; its errors become errors about this section.
    func located<Result>(_ body: () throws -> Result) throws(ConfigurationError) -> Result {
        do {
            return try body()
        } catch {
            // The libraries' sentences have full stops, a configuration's have none.
            var sentence = "\(error)"
            if sentence.last == "." { sentence.removeLast() }
            throw failure("cannot be used: \(sentence)")
        }
    }
}
