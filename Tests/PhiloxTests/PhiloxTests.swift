import Philox
import Testing

@Suite("Philox 4×32-10")
struct PhiloxTests {
    @Test("reproduces the published test vectors of Random123")
    func publishedVectors() {
        #expect(
            Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
                == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        #expect(
            Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
                == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        #expect(
            Philox.block(
                counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
                key: SIMD2(0xA409_3822, 0x299F_31D0))
                == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }

    @Test("a stream is a function of seed, stream and step alone")
    func streamsAreReproducible() {
        var first = RandomStream(seed: 7, stream: 1, step: 3)
        var same = RandomStream(seed: 7, stream: 1, step: 3)
        var other = RandomStream(seed: 7, stream: 1, step: 4)
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in same.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
    }

    @Test("normal numbers have mean 0, variance 1 and kurtosis 3")
    func moments() {
        var stream = RandomStream(seed: 1, stream: 0)
        let sample = (0..<200_000).map { _ in Double(stream.nextNormal()) }
        let moment = { (k: Int) in
            sample.reduce(0.0) { sum, x in sum + (0..<k).reduce(1.0) { p, _ in p * x } }
                / Double(sample.count)
        }
        #expect(abs(moment(1)) < 0.01)
        #expect(abs(moment(2) - 1) < 0.02)
        #expect(abs(moment(4) - 3) < 0.1)
    }

    @Test("every purpose has random streams of its own")
    func reservedStreams() {
        #expect(Set(ReservedStream.all).count == ReservedStream.all.count)
    }
}
