import FileTestSupport
import Foundation
import TensorGraph
import Testing

@testable import XLAExecutor

@Suite("The cache of compiled programs")
struct ProgramCacheTests {
    private let folder: TemporaryFolder
    private let cache: ProgramCache

    init() throws {
        folder = try TemporaryFolder()
        cache = ProgramCache(in: folder.url.path + "/a/programs")
    }

    private func files() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.url.appendingPathComponent("a/programs"), includingPropertiesForKeys: nil)
    }

    @Test("gives what was kept, and nothing for other keys")
    func roundTrip() {
        #expect(cache.value(for: [1, 2]) == nil)
        cache.keep([7, 8, 9], for: [1, 2])
        #expect(cache.value(for: [1, 2]) == [7, 8, 9])
        #expect(cache.value(for: [1]) == nil)
        #expect(cache.value(for: [1, 2, 7]) == nil)
        cache.keep([], for: [1, 2])
        #expect(cache.value(for: [1, 2]) == [])
    }

    @Test("takes a file with any damage for none")
    func damage() throws {
        let key = Array("key".utf8)
        cache.keep(Array(0..<50), for: key)
        let file = try #require(try files().first)
        let whole = try Data(contentsOf: file)
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: file)
            #expect(cache.value(for: key) == nil, "byte \(place)")
            try whole.prefix(place).write(to: file)
            #expect(cache.value(for: key) == nil, "cut at \(place)")
        }
        try whole.write(to: file)
        #expect(cache.value(for: key) == Array(0..<50))
    }

    @Test("drops what was not used for longest")
    func eviction() throws {
        let key = { (number: Int) in Array("program \(number)".utf8) }
        cache.keep([0], for: key(0))
        for file in try files() {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file.path)
        }
        for number in 1...ProgramCache.capacity + 5 { cache.keep([1], for: key(number)) }
        #expect(try files().count == ProgramCache.capacity)
        #expect(cache.value(for: key(0)) == nil)
        #expect(cache.value(for: key(ProgramCache.capacity + 5)) == [1])
    }

    @Test("does without a folder that cannot be written")
    func unwritable() throws {
        let file = folder.url.appendingPathComponent("file")
        try Data([1]).write(to: file)
        let cache = ProgramCache(in: file.path + "/below")
        cache.keep([1], for: [1])
        #expect(cache.value(for: [1]) == nil)
    }

    @Test(
        "spares a compilation, and replaces bytes that are no program",
        .enabled(if: TestPlugin.isInstalled, TestPlugin.absence))
    func programs() throws {
        let x = Tensor.input("x", [2])
        let sum = try Program(outputs: [("y", x + 1)])
        let product = try Program(outputs: [("y", x * 8)])
        let result = { (program: Program) in
            let device = try TestPlugin.device(cache: cache)
            let executable = try device.compile(program)
            _ = executable.input("x").update(from: [1, 2])
            try executable.run(RandomClock())
            return Array(executable.output("y"))
        }
        #expect(try result(sum) == [2, 3])
        #expect(try result(sum) == [2, 3])
        #expect(try result(product) == [8, 16])
        #expect(try files().count == 2)
        let device = try TestPlugin.device(cache: cache)
        let key = { device.cacheKey(of: try Lowering.module($0)) }
        let kept = try #require(cache.value(for: key(sum)))
        // What the cache has is what runs.
        cache.keep(kept, for: try key(product))
        #expect(try result(product) == [2, 3])
        cache.keep(Array("no program".utf8), for: try key(product))
        #expect(try result(product) == [8, 16])
        #expect(try cache.value(for: key(product))?.count ?? 0 > 100)
    }
}
