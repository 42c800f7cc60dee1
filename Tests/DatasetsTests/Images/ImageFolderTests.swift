import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite("Folders of images")
struct ImageFolderTests {
    @Test("subfolders are classes, labelled in sorted order")
    func classes() throws {
        try withTemporaryFolder { folder in
            try add("rgb.png", as: "zebra/1.png", to: folder)
            try add("grey.png", as: "ant/deep/er/2.png", to: folder)
            try add("rgb.png", as: "ant/1.png", to: folder)
            try Data("notes".utf8).write(to: folder.appending(path: "README.md"))
            try add("rgb.png", as: ".hidden/1.png", to: folder)
            let found = try ImageFolder(contentsOf: folder.path, as: ImagePreparation(size: 4))
            #expect(found.files == ["ant/1.png", "ant/deep/er/2.png", "zebra/1.png"])
            #expect(found.classes == ["ant", "zebra"])
            #expect(found.images.labels == [0, 0, 1])
            #expect(found.images[2].label == 1)
            #expect(found.skipped.map(\.file) == ["README.md"])
        }
    }

    @Test("classes can be chosen by name, and an unknown one is answered with those there are")
    func chosenClasses() throws {
        try withTemporaryFolder { folder in
            for name in ["a", "b", "c"] { try add("rgb.png", as: "\(name)/1.png", to: folder) }
            let preparation = try ImagePreparation(size: 4)
            let found = try ImageFolder(
                contentsOf: folder.path, as: preparation, classes: ["c", "a"])
            #expect(found.classes == ["a", "c"] && found.images.labels == [0, 1])
            #expect(
                throws: ImageFolderError.unknownClass(
                    "d", folder: folder.path, known: ["a", "b", "c"])
            ) {
                try ImageFolder(contentsOf: folder.path, as: preparation, classes: ["d"])
            }
        }
    }

    @Test("an image beside the subfolders makes a flat folder, without labels")
    func flat() throws {
        try withTemporaryFolder { folder in
            try add("rgb.png", as: "b.png", to: folder)
            try add("rgb.png", as: "a/1.png", to: folder)
            let found = try ImageFolder(contentsOf: folder.path, as: ImagePreparation(size: 4))
            #expect(found.files == ["a/1.png", "b.png"])
            #expect(found.classes.isEmpty && found.images.labels == nil)
        }
    }

    @Test("loops of links end, links to folders and files are followed")
    func links() throws {
        try withTemporaryFolder { folder in
            try add("rgb.png", as: "real/1.png", to: folder)
            let link = { (name: String, target: String) in
                try FileManager.default.createSymbolicLink(
                    atPath: folder.appending(path: name).path, withDestinationPath: target)
            }
            try link("real/up", "..")
            try link("again", "real")
            try link("self", "self")
            try link("nowhere", "missing.png")
            try link("picture.png", "real/1.png")
            let found = try ImageFolder(contentsOf: folder.path, as: ImagePreparation(size: 4))
            #expect(found.files == ["picture.png", "real/1.png"])
            #expect(found.skipped.map(\.file) == ["nowhere", "self"])
        }
    }

    @Test("pipes and files that may not be read are named, and nothing waits for them")
    func unreadable() throws {
        try withTemporaryFolder { folder in
            try add("rgb.png", as: "a.png", to: folder)
            #expect(mkfifo(folder.appending(path: "pipe.png").path, 0o600) == 0)
            let found = try ImageFolder(contentsOf: folder.path, as: ImagePreparation(size: 4))
            #expect(
                found.skipped
                    == [SkippedFile(file: "pipe.png", reason: "it is not a regular file")])
        }
    }

    @Test("names that are not UTF-8 are read")
    func names() throws {
        try withTemporaryFolder { folder in
            try add("rgb.png", as: "a.png", to: folder)
            let odd = Array(folder.path.utf8) + Array("/b".utf8) + [0xFF, 0x80, 0]
            let from = folder.appending(path: "a.png").path
            #expect(rename(from, odd.map { CChar(bitPattern: $0) }) == 0)
            let found = try ImageFolder(contentsOf: folder.path, as: ImagePreparation(size: 4))
            #expect(found.images.count == 1)
        }
    }

    @Test("the number of workers changes neither order, pixels nor reasons", arguments: [2, 3, 8])
    func workers(workers: Int) throws {
        try withTemporaryFolder { folder in
            for index in 0..<40 {
                try add(index % 3 == 0 ? "wide.jpg" : "rgb.png", as: "\(index).png", to: folder)
                let whole = try Data(contentsOf: folder.appending(path: "\(index).png"))
                try whole.prefix(60 + index).write(to: folder.appending(path: "\(index)-cut"))
            }
            let preparation = try ImagePreparation(size: 8)
            let one = try ImageFolder(contentsOf: folder.path, as: preparation, workers: 1)
            let many = try ImageFolder(contentsOf: folder.path, as: preparation, workers: workers)
            #expect(one.files.count == 40 && one.skipped.count == 40)
            #expect(many.files == one.files && many.skipped == one.skipped)
            let pixelsAgree = many.images.pixels == one.images.pixels
            #expect(pixelsAgree)
        }
    }

    @Test("progress is told and can end the work")
    func progress() throws {
        struct Ended: Error {}
        try withTemporaryFolder { folder in
            for index in 0..<5 { try add("rgb.png", as: "\(index).png", to: folder) }
            let preparation = try ImagePreparation(size: 2048)
            var told: [Int] = []
            _ = try ImageFolder(contentsOf: folder.path, as: preparation, workers: 2) {
                told.append($0)
                #expect($1 == 5)
            }
            #expect(told == [0, 2, 4, 5])
            #expect(throws: Ended.self) {
                try ImageFolder(contentsOf: folder.path, as: preparation) { _, _ in throw Ended() }
            }
        }
    }

    @Test("folders without an image are refused, with what was found instead")
    func nothing() throws {
        try withTemporaryFolder { folder in
            let preparation = try ImagePreparation(size: 4)
            let sentence = {
                do {
                    _ = try ImageFolder(contentsOf: folder.path, as: preparation)
                    return "it was read"
                } catch {
                    return "\(error)"
                }
            }
            #expect(
                sentence().hasPrefix(
                    "The data set found no image that can be read in \(folder.path), which holds"))
            try Data("text".utf8).write(to: folder.appending(path: "a.png"))
            #expect(sentence().contains("(one file was skipped; a.png: it is not an image"))
            #expect(throws: ImageFolderError.self) {
                try ImageFolder(contentsOf: folder.path + "/a.png", as: preparation)
            }
            #expect(throws: ImageFolderError.self) {
                try ImageFolder(contentsOf: folder.path + "/none", as: preparation)
            }
        }
    }
}

/// Copies a file of the fixtures.
func add(_ fixture: String, as name: String, to folder: URL) throws {
    let target = folder.appending(path: name)
    try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
        atPath: "\(DecodingReference.folder)/\(fixture)", toPath: target.path)
}
