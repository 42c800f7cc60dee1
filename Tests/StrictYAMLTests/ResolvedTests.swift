import StrictYAML
import Testing

@Suite("The resolved configuration")
struct ResolvedTests {
    @Test("Everything read is written in reading order, defaults included")
    func sample() throws {
        let document = try document(Sample.yaml, "critic.clip=0.1")
        _ = try Sample(document)
        #expect(
            document.resolvedYAML == """
                name: "grid: 25"
                seed: 7
                mode: exact
                data: mnist
                critic:
                  iterations: 5
                  clip: 0.1
                  optimiser:
                    adam:
                      learningRate: 0.0001
                      beta1: 0.5
                      nesterov: false
                  constraint:
                    clipping:
                      bound: 0.01
                generator:
                  layers:
                  - linear:
                      outputs: 100
                      bias: true
                  - relu
                  - reshape:
                      shape: [128, 7, 7]
                  - linear:
                      outputs: 1000
                      bias: true
                note: null

                """)
    }

    @Test("The resolved configuration reads back to the same values and the same text")
    func roundTrip() throws {
        let first = try document(Sample.yaml, "seed=9")
        let sample = try Sample(first)
        let second = try document(first.resolvedYAML)
        #expect(try Sample(second) == sample)
        #expect(second.resolvedYAML == first.resolvedYAML)
    }

    @Test("A document of which nothing was read resolves to an empty mapping")
    func nothing() throws {
        let document = try document("a: 1")
        #expect(document.resolvedYAML == "{}\n")
        #expect(try ConfigurationDocument(yaml: "{}", file: "x").resolvedYAML == "{}\n")
    }

    @Test("Reading a key twice writes it once")
    func twice() throws {
        let document = try document("a: 1")
        _ = try document.root.value("a", .integer())
        _ = try document.root.value("a", .integer())
        #expect(document.resolvedYAML == "a: 1\n")
    }

    @Test("Numbers come back with the same bits")
    func numbers() throws {
        var random = SplitMix64(state: 1)
        var values = [
            0.1, 1e-05, -0.0, 1e22, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude,
            1.0 / 3,
        ]
        while values.count < 2_000 {
            let value = Double(bitPattern: random.next())
            if value.isFinite { values.append(value) }
        }
        let first = try document("{}")
        for (index, value) in values.enumerated() {
            #expect(try first.root.value("v\(index)", .number(), default: value) == value)
        }
        let second = try document(first.resolvedYAML)
        for (index, value) in values.enumerated() {
            #expect(try second.root.value("v\(index)", .number()).bitPattern == value.bitPattern)
        }
    }

    @Test("Text comes back the same, and readers of any YAML version take it for text")
    func strings() throws {
        let texts =
            ["", " ", "true", "no", "~", "null", "1e3", ".5", "-.5", "0x1F", "1:30", "2026-01-01"]
            + ["a: b", "a #b", "- x", "*x", "&x", "!x", "@x", "%x", "'q'", "\"q\"", "\\", "a\nb"]
            + [
                "tail ", "\ttab", "\u{0}", "\u{7}", "\u{85}", "\u{2028}", "x\u{FEFF}", "é ü 日本",
                "🙂",
            ]
            + ["/data/my images", "C:\\x", "a,b", "[x]", "{x}", "<<", "=", ".inf", "plain-word"]
            + [String(repeating: "long text ", count: 500), "\r\n", "| x", "> x", "? x", "---"]
        let first = try document("{}")
        for (index, text) in texts.enumerated() {
            _ = try first.root.value("s\(index)", .text, default: text)
        }
        let resolved = first.resolvedYAML
        let second = try document(resolved)
        for (index, text) in texts.enumerated() {
            #expect(try second.root.value("s\(index)", .text) == text, "\(text.debugDescription)")
        }
        for quoted in ["true", "no", "null", "1e3", "-.5", "0x1F", "1:30", "2026-01-01", ".inf"] {
            #expect(resolved.contains(": \"\(quoted)\"\n"))
        }
        #expect(resolved.contains(": plain-word\n"))
        #expect(resolved.contains(": /data/my images\n"))
    }
}
