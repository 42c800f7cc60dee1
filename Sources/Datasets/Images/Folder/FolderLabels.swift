import Files

/// The classes of a folder's images: the subfolders that they are in.
struct FolderLabels {
    /// The subfolders with images, sorted by the bytes of their names; empty where they are no
    /// classes.
    let classes: [String]
    /// The class of each image; nil where there are none.
    let labels: [UInt16]?
    /// Why subfolders are no classes, where there are several: a sentence.
    let note: String?

    /// The classes of images by their paths from the folder on.
    init(of files: [String], in folder: String) {
        let folders = files.map(ImageFolderIndex.topFolder)
        let names = Set(folders.compactMap { $0 })
        note = Self.note(
            names.count, outside: folders.firstIndex(of: nil).map { files[$0] }, folder)
        guard !folders.contains(nil), names.count <= ImageSet.mostClasses else {
            (classes, labels) = ([], nil)
            return
        }
        classes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        // Not `UInt16.min...`, which traps after its last number.
        let numbers = Dictionary(
            uniqueKeysWithValues: zip(classes, UInt16.min...UInt16.max))
        labels = folders.compactMap { $0.flatMap { numbers[$0] } }
    }

    private static func note(_ count: Int, outside file: String?, _ folder: String) -> String? {
        if let file, count > 1 {
            return "The image \(file.shown()) is in none of the \(count) subfolders of "
                + "\(folder.shown()), so these are no classes and the images have no labels."
        }
        guard count > ImageSet.mostClasses else { return nil }
        return "The folder \(folder.shown()) has \(count) subfolders with images, more than the "
            + "\(ImageSet.mostClasses) classes that labels can tell apart, so its images have no "
            + "labels."
    }
}
