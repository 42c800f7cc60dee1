import CKernels
import Foundation
import Testing

@Suite("Levels of vector instructions") struct LevelTests {
    @Test("are known by their names, and by no others")
    func names() {
        let names = (0...2).map { String(cString: wk_level_name($0)) }
        #expect(names == ["baseline", "avx2", "avx512"])
        for level in Int32(0)...2 { #expect(wk_level_named(wk_level_name(level)) == level) }
        for name in ["", "AVX2", "avx", "avx2 ", "avx512f", "sse", "2"] {
            #expect(wk_level_named(name) == -1, "\(name)")
        }
    }

    @Test("the one in use is the best, or what the environment asks for where that is lower")
    func inUse() {
        let name = ProcessInfo.processInfo.environment["WGAN_VECTORS"] ?? ""
        let wanted = wk_level_named(name)
        #expect(wk_level() == (wanted < 0 ? wk_best_level() : min(wanted, wk_best_level())))
    }

    @Test("laying out operands differs between them, as their vectors do")
    func panels() {
        let shape = wk_strassen_shape(m: 256, n: 512, k: 512, transpose_b: 0)
        let counts = (0...2).map { level in
            withUnsafePointer(to: shape) { wk_strassen_planes_count(level, $0) }
        }
        #expect(counts == counts.sorted(by: >) && Set(counts).count == 3)
        #expect(counts[2] > 7 * 256 * 256)
    }
}
