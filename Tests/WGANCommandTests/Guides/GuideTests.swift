import FileTestSupport
import Foundation
import Testing

/// Commands that guides show are run, and print what the guides say, but for the numbers.
///
/// A block of the kind `console` holds lines that begin with `$`, each a command, and between them
/// what it prints; a line `…` stands for any lines. A comment before a block,
/// `<!-- shortened: 1000 → 60; … -->`, replaces text of its commands here.
@Suite struct GuideTests {
    /// What a guide shows of one command.
    private struct Example {
        let command: String
        let output: [String]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Documentation/guides").standardizedFileURL

    static let guides = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
        .filter { $0.hasSuffix(".md") }.sorted() ?? []

    @Test func thereAreGuides() { #expect(Self.guides.count >= 3) }

    @Test(arguments: guides)
    func aGuidePrintsWhatItSays(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let examples = Self.examples(in: text)
        try #require(!examples.isEmpty, "a guide without a command")
        let place = try Workplace()
        for example in examples {
            let printed = try place.shell(example.command)
            #expect(
                Self.matches(printed.map(Self.shape), example.output.map(Self.shape)),
                """
                \(example.command)
                says:
                \(example.output.joined(separator: "\n"))
                prints:
                \(printed.joined(separator: "\n"))
                """)
        }
    }

    @Test func shapesAreTakenForWhatTheyAre() {
        let pairs = [
            ("exact W₁   0.36  (a)", "exact W₁ 1.2e-05 (a)", true),
            ("1000 steps in 3.5 s", "60 steps in 12 s", true),
            ("weights 1e1fbf2e1f2403b2", "weights 0000bf2e1f2403b2", true),
            ("critic loss -0.1", "generator loss -0.1", false), ("a 1 2", "a 1", false),
        ]
        for (one, other, areAlike) in pairs {
            #expect((Self.shape(one) == Self.shape(other)) == areAlike, "\(one)")
        }
        #expect(Self.matches(["a", "b", "c"], ["a", "…", "c"]))
        #expect(Self.matches(["a", "c"], ["a", "…", "c"]))
        #expect(!Self.matches(["a", "b"], ["a", "…", "c"]))
        #expect(!Self.matches(["a", "b"], ["a"]))
    }

    private static func examples(in text: String) -> [Example] {
        var (examples, block): ([Example], [String]?) = ([], nil)
        var replacements: [(String, String)] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let match = line.wholeMatch(of: /<!-- shortened: (.*) -->/) {
                replacements = match.1.split(separator: "; ").map {
                    let sides = $0.split(separator: " → ")
                    return (String(sides[0]), String(sides[1]))
                }
            } else if line == "```console" {
                block = []
            } else if line == "```", let lines = block {
                examples += Self.examples(ofBlock: lines, replacements)
                (block, replacements) = (nil, [])
            } else {
                block?.append(line)
            }
        }
        return examples
    }

    private static func examples(
        ofBlock lines: [String], _ replacements: [(String, String)]
    ) -> [Example] {
        let starts = lines.indices.filter { lines[$0].hasPrefix("$ ") }
        return zip(starts, starts.dropFirst() + [lines.endIndex]).map { start, end in
            let command = replacements.reduce(String(lines[start].dropFirst(2))) {
                $0.replacing($1.0, with: $1.1)
            }
            return Example(command: command, output: Array(lines[start + 1..<end]))
        }
    }

    /// A line without its numbers, checksums, and the widths of its columns.
    private static func shape(_ line: String) -> String {
        line.replacing(/\b[0-9a-f]{16}\b/, with: "#")
            .replacing(/[-−+]?[0-9]+([.:][0-9]+)*(e[-+]?[0-9]+)?/, with: "#")
            .replacing(/'wgan [^']*'/, with: "'wgan'").replacing(/on '[^']*'/, with: "on 'host'")
            .split(separator: " ").joined(separator: " ")
    }

    private static func matches(_ lines: [String], _ pattern: [String]) -> Bool {
        guard let first = pattern.first else { return lines.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "…" {
            return (0...lines.count).contains { matches(Array(lines.dropFirst($0)), rest) }
        }
        return lines.first == first && matches(Array(lines.dropFirst()), rest)
    }
}

extension Workplace {
    /// What a shell's command prints, `wgan` being the one that is tested, without progress.
    fileprivate func shell(_ command: String) throws -> [String] {
        let process = Process()
        let file = url("printed-\(UUID().uuidString)")
        try Data().write(to: file)
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder
        process.environment = environment(withProductsInPath: true)
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: file)
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.split(separator: "\n").map(String.init).filter {
            $0.prefixMatch(of: /\s*[0-9]+\/[0-9]+ /) == nil
        }
    }
}
