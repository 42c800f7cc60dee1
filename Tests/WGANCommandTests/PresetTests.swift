import Testing
import WGAN

@Suite("Presets at the command")
struct PresetTests {
    @Test("are listed by name and summary")
    func list() throws {
        let outcome = try Workplace().wgan(["presets"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.isEmpty)
        let lines = outcome.output.split(separator: "\n")
        #expect(
            lines.compactMap { $0.split(separator: " ").first } == Presets.all.map { $0.name[...] })
        #expect(lines.allSatisfy { $0.hasSuffix(".") && $0.split(separator: " ").count > 4 })
    }

    @Test("are printed as files that mean the same", arguments: Presets.all.map(\.name))
    func printing(name: String) throws {
        let place = try Workplace()
        let printed = try place.wgan(["presets", name])
        #expect(printed.code == 0)
        #expect(printed.output == (try Presets.named(name)).yaml)
        try place.write(printed.output, to: "mine.yaml")
        let ofFile = try place.wgan(["plan", "mine.yaml"])
        #expect(ofFile.code == 0, "\(ofFile.errors)")
        #expect(ofFile.output == (try place.wgan(["plan", name])).output)
    }
}
