import Foundation
import ParserTestSupport
import Testing

/// Files that were found while parsers were fuzzed (`scripts/fuzz`), and those it began with.
@Suite("Seeds of the fuzzer")
struct SeedTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Seeds")

    private func seeds(of parser: HostileParser) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: parser.rawValue), includingPropertiesForKeys: nil)
    }

    @Test("are read or refused, some of each", arguments: HostileParser.allCases)
    func rerun(parser: HostileParser) throws {
        var accepted = 0
        let seeds = try seeds(of: parser)
        for seed in seeds {
            if try parser.accepts(Data(contentsOf: seed)) { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < seeds.count, "\(accepted) of \(seeds.count)")
    }

    @Test("are read or refused when cut off anywhere", arguments: HostileParser.allCases)
    func truncation(parser: HostileParser) throws {
        for seed in try seeds(of: parser) {
            let data = try Data(contentsOf: seed)
            for length in stride(from: 0, to: data.count, by: data.count / 20 + 1) {
                _ = try parser.accepts(data.prefix(length))
            }
        }
    }
}
