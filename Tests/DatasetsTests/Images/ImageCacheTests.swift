import FileTestSupport
import Files
import Foundation
import Testing

@testable import Datasets

@Suite("The file of decoded images")
struct ImageCacheTests {
    /// A folder of 24 images, of which some are too many for the memory allowed, and its cache.
    struct Workplace: Sendable {
        let images: String
        let cache: String
        let count = 24

        init(_ folder: URL) throws {
            images = folder.appending(path: "images").path
            cache = folder.appending(path: "cache/deep").path
            for index in 0..<count {
                let name = "\(index % 2)/\(index).image"
                try add(index % 3 == 0 ? "rgba.png" : "wide.jpg", as: "images/\(name)", to: folder)
            }
        }

        func open(memory: Int = 1000, size: Int = 16) throws -> ImageFolder {
            try ImageFolder(
                contentsOf: images, as: ImagePreparation(size: size),
                storage: ImageStorage(memoryLimit: memory, cacheFolder: cache))
        }

        var files: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []).sorted()
        }

        var cacheFile: URL { URL(filePath: "\(cache)/\(files.last ?? "none")") }

        func withCacheFile<Result>(
            _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
        ) throws -> Result {
            try [UInt8](Data(contentsOf: cacheFile)).withUnsafeBufferPointer(body)
        }
    }

    @Test("holds what memory would hold, and is found again without decoding")
    func equality() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            let inMemory = try place.open(memory: 1 << 30)
            #expect(place.files.isEmpty)
            let written = try place.open()
            #expect(place.files.count == 1)
            let stamp = try modification(of: place.cacheFile)
            let found = try place.open()
            #expect(try modification(of: place.cacheFile) == stamp)
            for other in [written, found] {
                #expect(other.files == inMemory.files && other.classes == inMemory.classes)
                #expect(other.images.labels == inMemory.images.labels)
                let agree = other.images.pixels == inMemory.images.pixels
                #expect(agree && other.notes.isEmpty)
                #expect(other.images[7].pixels == inMemory.images[7].pixels)
                #expect(other.images.scaled([3, 3, 20]) == inMemory.images.scaled([3, 3, 20]))
                let chosen = try other.images.filtered(toClasses: [1])
                let expected = try inMemory.images.filtered(toClasses: [1])
                #expect(chosen.count == 12 && chosen[5].pixels == expected[5].pixels)
                #expect(chosen.pixels == expected.pixels)
            }
        }
    }

    @Test("is made anew when a file or an option changes, and replaces the former")
    func changes() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            let before = try place.open()
            _ = try place.open(size: 15)
            #expect(place.files.count == 2)
            // Another picture of the same length, with the same time of modification.
            let victim = "\(place.images)/0/0.image"
            let attributes = try FileManager.default.attributesOfItem(atPath: victim)
            var bytes = try Data(contentsOf: URL(filePath: victim))
            bytes.replaceSubrange(40..<60, with: Data(repeating: 0, count: 20))
            try bytes.write(to: URL(filePath: victim))
            let date = try #require(attributes[.modificationDate])
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: victim)
            let after = try place.open()
            #expect(after.files.count == before.files.count - 1)
            #expect(after.skipped.map(\.file) == ["0/0.image"] && after.notes.isEmpty)
            #expect(place.files.count == 2)
        }
    }

    @Test("written by other rules is made anew without a word, not misread")
    func otherRules() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            let sound = try place.open().images.pixels
            // A file that is whole, of other pixels and another version.
            let pixels = [UInt8](repeating: 7, count: sound.count)
            let trailer = try place.withCacheFile { try CacheFooter.trailer(of: $0) }
            let other = ImageCache.Trailer(
                key: "of a former version", imageSize: trailer.imageSize,
                pixelChecksum: pixels.withUnsafeBytes { CRC32.of($0) }, index: trailer.index)
            try Data(pixels + CacheFooter.appended(to: JSONEncoder().encode(other)))
                .write(to: place.cacheFile, options: .atomic)
            let again = try place.open()
            let agree = again.images.pixels == sound
            #expect(agree && again.notes.isEmpty && place.files.count == 1)
        }
    }

    @Test("damage at any place is noticed, told, and repaired")
    func damage() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            let sound = try place.open()
            let whole = try Data(contentsOf: place.cacheFile)
            var damaged = [Data(), whole + Data([0]), Data(repeating: 0, count: whole.count)]
            for cut in [1, 23, 24, 25, whole.count / 2, whole.count - 1] {
                damaged.append(whole.prefix(whole.count - cut))
            }
            for place in [0, whole.count / 2, whole.count - 24, whole.count - 16, whole.count - 1] {
                var flipped = whole
                flipped[place] ^= 0x10
                damaged.append(flipped)
            }
            for bytes in damaged {
                // Beside it and then renamed: what is mapped must not become shorter.
                try bytes.write(to: place.cacheFile, options: .atomic)
                let repaired = try place.open()
                #expect(repaired.notes.count == 1)
                #expect(repaired.notes.first?.contains("made anew") == true)
                let agree = repaired.images.pixels == sound.images.pixels
                #expect(agree && repaired.files == sound.files)
                #expect(try Data(contentsOf: place.cacheFile).count == whole.count)
            }
        }
    }

    @Test("images that are mapped stay when the file is replaced or deleted")
    func replacement() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            let images = try place.open().images
            let pixels = images.pixels
            try FileManager.default.removeItem(atPath: place.cache)
            let agree = images.pixels == pixels
            #expect(agree)
        }
    }

    @Test("a killed writer leaves nothing that is taken for whole, and the next one cleans up")
    func kills() async throws {
        let temporary = try TemporaryFolder()
        defer { withExtendedLifetime(temporary) {} }
        let place = try Workplace(temporary.url)
        let sound = try place.open(memory: 1 << 30).images.pixels
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<8 {
            let moment = UInt32.random(in: 0..<60_000, using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [place = place as Workplace, moment = moment as UInt32] in
                Thread.detachNewThread {
                    usleep(moment)
                    kill(getpid(), SIGKILL)
                }
                // The folder is written over and over until the end comes.
                while true {
                    try? FileManager.default.removeItem(at: place.cacheFile)
                    _ = try place.open()
                }
            }
            let images = try place.open()
            let agree = images.images.pixels == sound
            #expect(agree && images.notes.isEmpty)
            if place.files.contains(where: { $0.hasSuffix(".partial") }) {
                try FileManager.default.removeItem(at: place.cacheFile)
                _ = try place.open()
            }
            #expect(place.files.count == 1)
        }
    }

    @Test("a folder that cannot be written to is an error that names it")
    func unwritable() throws {
        try withTemporaryFolder { folder in
            let place = try Workplace(folder)
            try Data().write(to: folder.appending(path: "cache"))
            do {
                _ = try place.open()
                Issue.record("the cache was written into a file")
            } catch let error as ImageFolderError {
                #expect("\(error)".contains(folder.appending(path: "cache/deep").path))
            }
        }
    }

    private func modification(of file: URL) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
    }
}

extension ImageCacheTests.Workplace: Codable {
    enum CodingKeys: CodingKey { case images, cache }
}
