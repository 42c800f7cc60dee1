import CKernels
import Philox
import Testing

@Suite("Rows made orthonormal")
struct OrthonormalTests {
    @Test("have the bits of the sums in their order")
    func bits() {
        var rows: [Double] = [3, 4, 0, 1, 2, 3]
        #expect(wk_orthonormalise(&rows, 2, 3) == 0)
        #expect(
            rows == [
                0.6, 0.8, 0, -0.10573097607281438, 0.0792982320546107, 0.9912279006826347,
            ])
    }

    @Test(
        "have length 1 and right angles, whatever is left of the last lanes", arguments: [40, 43])
    func orthonormal(length: Int) {
        var random = RandomStream(seed: 1, stream: 0)
        let count = 30
        var rows = (0..<count * length).map { _ in Double(random.nextUniform()) - 0.5 }
        #expect(wk_orthonormalise(&rows, Int64(count), Int64(length)) == 0)
        for row in 0..<count {
            for other in 0...row {
                let product = (0..<length).reduce(0) {
                    $0 + rows[row * length + $1] * rows[other * length + $1]
                }
                #expect(abs(product - (row == other ? 1 : 0)) < 1e-12)
            }
        }
    }

    @Test("are refused where one depends on others")
    func dependent() {
        var rows: [Double] = [1, 2, 3, 2, 4, 6]
        #expect(wk_orthonormalise(&rows, 2, 3) == 1)
    }
}
