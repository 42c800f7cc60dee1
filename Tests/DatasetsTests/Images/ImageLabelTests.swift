import ArrayFiles
import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite("Labels of many classes")
struct ImageLabelTests {
    @Test("a folder has as many classes as subfolders", arguments: [2, 255, 256, 257, 300, 1000])
    func subfolders(count: Int) throws {
        let image = RawPictures.png(width: 1, depth: 8, colour: 0, rows: [[7]])
        try withTemporaryFolder { folder in
            for index in 0..<count {
                let place = folder.appending(path: "class-\(10_000 + index)")
                try FileManager.default.createDirectory(
                    at: place, withIntermediateDirectories: false)
                try image.write(to: place.appending(path: "a.png"))
            }
            let found = try ImageFolder(
                contentsOf: folder.path, as: ImagePreparation(size: 1, channels: 1))
            #expect(found.images.labels == (0..<count).map { UInt16($0) })
            #expect(found.classes.count == count && found.notes.isEmpty)
            let last = try found.images.filtered(toClass: count - 1)
            #expect(last.count == 1 && last[0].label == count - 1)
            #expect(found.images.labelCounts == [Int](repeating: 1, count: count))
        }
    }

    @Test("labels reach 65535, and where that is too little a note says so")
    func limit() {
        let names = (0..<ImageSet.mostClasses).map { "c\(100_000 + $0)/a.png" }
        let most = FolderLabels(of: names, in: "f")
        #expect(most.labels?.last == .max && most.classes.count == 65_536 && most.note == nil)
        let more = FolderLabels(of: names + ["d/a.png"], in: "f")
        #expect(more.labels == nil && more.classes.isEmpty)
        #expect(more.note?.contains("65537 subfolders") == true)
    }

    @Test("an image beside the subfolders is named as the reason for having no labels")
    func outside() {
        let mixed = FolderLabels(of: ["a/1.png", "b/1.png", "cover.jpg"], in: "f")
        #expect(mixed.labels == nil && mixed.note?.contains("cover.jpg") == true)
        #expect(FolderLabels(of: ["a.png", "b.png"], in: "f").note == nil)
    }

    /// An IDX file of labels.
    private func labels(
        _ element: ElementType, _ bytes: [UInt8], in folder: URL
    ) throws -> IDXFile {
        let codes: [ElementType: UInt8] = [
            .uint8: 8, .int8: 9, .int16: 11, .int32: 12, .float32: 13, .float64: 14,
        ]
        let file = folder.appending(path: "labels")
        let count = UInt8(bytes.count / element.byteCount)
        try Data([0, 0, codes[element]!, 1, 0, 0, 0, count] + bytes).write(to: file)
        return try IDXFile(contentsOf: file.path)
    }

    private func images(_ count: Int, in folder: URL) throws -> IDXFile {
        let file = folder.appending(path: "images")
        let head: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 1, 0, 0, 0, 1]
        try Data(head + [UInt8](repeating: 5, count: count)).write(to: file)
        return try IDXFile(contentsOf: file.path)
    }

    @Test("an IDX file may hold labels of any type of number")
    func elements() throws {
        try withTemporaryFolder { folder in
            for (element, bytes, expected) in [
                (ElementType.uint8, [0, 255], [0, 255]), (.int8, [0, 127], [0, 127]),
                (.int16, [1, 0, 1, 44], [256, 300]),
                (.int32, [0, 0, 255, 255, 0, 0, 1, 1], [65_535, 257]),
                (.float32, [0x43, 0x96, 0, 0, 0, 0, 0, 0], [300, 0]),
            ] as [(ElementType, [UInt8], [UInt16])] {
                let set = try ImageSet(
                    images: images(2, in: folder), labels: labels(element, bytes, in: folder))
                #expect(set.labels == expected, "\(element)")
            }
        }
    }

    @Test("labels that are no class numbers are refused with their place")
    func refusals() throws {
        try withTemporaryFolder { folder in
            for (element, bytes, value) in [
                (ElementType.int8, [0, 255], -1), (.int32, [0, 0, 0, 1, 0, 1, 0, 0], 65_536),
                (.float32, [0, 0, 0, 0, 0x3F, 0, 0, 0], 0.5),
            ] as [(ElementType, [UInt8], Double)] {
                let file = try labels(element, bytes, in: folder)
                #expect(
                    throws: ImageSetError.labelOutOfRange(path: file.path, place: 1, value: value)
                ) {
                    try ImageSet(images: images(2, in: folder), labels: file)
                }
            }
        }
    }
}

@Suite("Images with rows and columns exchanged")
struct TransposedImageTests {
    @Test("are turned pixel by pixel, whatever their shape, and keep their labels")
    func sets() throws {
        let set = try ImageSet(
            height: 2, width: 3, channels: 3, pixels: (0..<36).map { UInt8($0) }, labels: [4, 9])
        let turned = set.transposed()
        #expect(turned.height == 3 && turned.width == 2 && turned.labels == [4, 9])
        for image in 0..<2 {
            for row in 0..<3 {
                for column in 0..<2 {
                    for channel in 0..<3 {
                        #expect(
                            turned[image].pixels[(row * 2 + column) * 3 + channel]
                                == set[image].pixels[(column * 3 + row) * 3 + channel])
                    }
                }
            }
        }
        #expect(turned.transposed().pixels == set.pixels)
    }

    @Test("are decoded from folders too, and kept apart in the cache")
    func folders() throws {
        let image = RawPictures.png(width: 3, depth: 8, colour: 0, rows: [[1, 2, 3], [4, 5, 6]])
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "images")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try image.write(to: place.appending(path: "a.png"))
            let storage = ImageStorage(
                memoryLimit: 0, cacheFolder: folder.appending(path: "cache").path)
            var preparation = try ImagePreparation(height: 3, width: 2, channels: 1)
            preparation.isTransposed = true
            for _ in 0..<2 {
                let turned = try ImageFolder(
                    contentsOf: place.path, as: preparation, storage: storage)
                #expect(turned.images.pixels == [1, 4, 2, 5, 3, 6])
                let plain = try ImageFolder(
                    contentsOf: place.path,
                    as: ImagePreparation(height: 2, width: 3, channels: 1), storage: storage)
                #expect(plain.images.pixels == [1, 2, 3, 4, 5, 6])
            }
        }
    }
}
