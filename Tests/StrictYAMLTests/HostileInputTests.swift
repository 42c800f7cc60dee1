import Foundation
import Testing

@testable import StrictYAML

@Suite("Hostile input")
struct HostileInputTests {
    @Test("Deep nesting is refused")
    func nesting() {
        let flow = "a: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        #expect(
            errorText(flow)
                == "run.yaml:1:68: values are nested more than 64 deep; flatten them")
        let block = (0..<70).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(errorText(block).contains("values are nested more than 64 deep"))
        for unit in ["[", "{a: ", "[{a: ", "- ", "? "] {
            let yaml = String(repeating: unit, count: 100_000)
            #expect(errorText(yaml) != "no error")
            #expect(errorText("a: 1", "a=\(yaml)") != "no error")
        }
    }

    @Test("Keys nested in keys are refused")
    func nestedKeys() {
        let yaml =
            String(repeating: "{", count: 400) + String(repeating: "x, ", count: 2_000)
            + String(repeating: "}", count: 400)
        #expect(errorText(yaml) != "no error")
    }

    @Test("Text over the limit is refused, and the limit itself is not")
    func size() throws {
        let line = "a: 1 #"
        let limit = DocumentParser.maximumSize
        let largest = line + String(repeating: "x", count: limit - line.count)
        #expect(try document(largest).root.value("a", .integer()) == 1)
        #expect(
            errorText(largest + "x")
                == "run.yaml:1:1: the text is larger than 1 MiB, the limit for a configuration; "
                + "keep only settings in it")
    }

    @Test("A mebibyte of noise is an error", arguments: 0..<3)
    func noise(seed: Int) {
        var random = SplitMix64(state: UInt64(seed))
        let alphabet = Array("ab: -[]{},\n\t'\"#&*!|>%@?~0.\u{e9}".unicodeScalars)
        var yaml = String.UnicodeScalarView()
        for _ in 0..<500_000 { yaml.append(alphabet.randomElement(using: &random) ?? "a") }
        #expect(errorText(String(yaml)) != "no error")
    }

    @Test("A mebibyte of keys is read, and its first unknown key reported")
    func manyKeys() {
        let yaml = (0..<60_000).map { "k\($0): 1\n" }.joined()
        let message = errorText(yaml) { root in
            _ = try root.value("k0", .integer())
            try root.finish()
        }
        #expect(message == "run.yaml:2:1: unknown key 'k1'; did you mean 'k0'?")
    }

    @Test("Long and odd text is shortened and escaped in messages")
    func longText() {
        let long = String(repeating: "x", count: 10_000)
        #expect(
            errorText("\(long): 1") { root in try root.finish() }
                .count < 400)
        #expect(
            errorText("a: \"x\\n\\u0007\(long)\"") { root in
                _ = try root.value("a", .integer())
            }.hasPrefix("run.yaml:1:4: 'a' must be a whole number, but is the text 'x\\n\\u{07}xxx")
        )
    }

    @Test("NUL and other control characters are refused with their place")
    func control() {
        #expect(
            errorText("a: 1\nb: \u{0}2\n")
                == "run.yaml:2:4: the text cannot be read (U+0000: control characters are not "
                + "allowed); remove the character or save the file as UTF-8")
        #expect(errorText("é: \u{7}").hasPrefix("run.yaml:1:4: the text cannot be read (U+0007"))
    }

    @Test("A byte order mark and Windows line ends are read")
    func marks() throws {
        let root = try document("\u{FEFF}a: 1\r\nb: x\r\n").root
        #expect(try root.value("a", .integer()) == 1)
        #expect(try root.value("b", .text) == "x")
        #expect(root.location == .position(file: "run.yaml", line: 1, column: 1))
    }

    @Test("No mutation of the sample crashes, and what is still accepted resolves to itself")
    func mutations() throws {
        var random = SplitMix64(state: 42)
        let sample = Array(Sample.yaml.utf8)
        let spice = Array(":-[]{},'\"#&*!|>%@?~\n\t 0.e\0".utf8) + [0xC3, 0xFF, 0xE2]
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let byte = spice.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                }
            }
            do throws(ConfigurationError) {
                let document = try ConfigurationDocument(
                    bytes: Data(bytes), file: "run.yaml", vocabulary: Sample.vocabulary)
                let value = try Sample(document)
                accepted += 1
                let again = try ConfigurationDocument(yaml: document.resolvedYAML, file: "again")
                #expect(try Sample(again) == value)
            } catch {
                #expect(error.description.hasPrefix("run.yaml:"))
                #expect(!error.description.contains("\n"))
            }
        }
        #expect(accepted > 100)
    }

    @Test("No mutation of an override crashes")
    func mutatedOverrides() throws {
        var random = SplitMix64(state: 43)
        let alphabet = Array("critc.layers.0.1=[]{}: ,'\"#&*!|generator.linear\n\0-")
        let starts = ["critic.", "generator.layers.", "generator.layers.0.linear.", "data=", ""]
        for _ in 0..<5_000 {
            var override = starts.randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                override.append(alphabet.randomElement(using: &random) ?? "a")
            }
            do throws(ConfigurationError) {
                _ = try Sample(document(Sample.yaml, override))
            } catch {
                #expect(!error.description.contains("\n"))
            }
        }
    }
}

/// A small generator with a fixed sequence for each seed.
///
/// Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
