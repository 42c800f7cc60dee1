import Evaluation
import Testing

@Suite("The catalogue of measures")
struct MeasureCatalogueTests {
    @Test("has unique names of lower-case letters, digits and hyphens")
    func names() {
        let names = MeasureCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(name)")
        }
    }

    @Test("describes each measure in one line that fits a list")
    func summaries() {
        for entry in MeasureCatalogue.all {
            #expect(!entry.summary.isEmpty && entry.summary.count <= 90, "\(entry.name)")
            #expect(!entry.summary.contains("\n") && !entry.source.isEmpty, "\(entry.name)")
        }
    }

    @Test("says of measures of images that they take pairs, and names each once")
    func pairs() {
        #expect(
            MeasureCatalogue.imageMeasures.allSatisfy { $0.description.input == .imagePairs })
        #expect(
            Set(MeasureCatalogue.all.map(\.name)).count == MeasureCatalogue.all.count)
    }

    @Test("has an entry for each kind of measure that the reference files know")
    func completeness() throws {
        let names = Set(MeasureCatalogue.all.map(\.name))
        for name in [
            "psnr", "ssim", "ms-ssim", "gmsd", "ms-gmsd", "ms-gmsdc", "mdsi", "haarpsi", "fid",
            "kid", "precision", "recall", "density", "coverage",
        ] {
            #expect(names.contains(name), "\(name)")
        }
    }
}
