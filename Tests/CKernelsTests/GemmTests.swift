import CKernels
import GraphTestSupport
import Testing

@Suite("Matrix products") struct GemmTests {
    private static let sizes: [Int64] = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 40, 100, 130]

    /// A repeatable source of numbers in -1...1 (a 64-bit linear congruence's upper half).
    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }

        mutating func floats(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float(next() % 2001) / 1000 - 1 }
        }

        mutating func size() -> Int64 {
            GemmTests.sizes[Int(next() % UInt64(GemmTests.sizes.count))]
        }
    }

    private func naive(_ s: wk_gemm_shape, _ a: [Float], _ b: [Float]) -> [Double] {
        let (m, n, k) = (Int(s.m), Int(s.n), Int(s.k))
        var c = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                for p in 0..<k {
                    let left = a[s.transpose_a == 1 ? p * m + i : i * k + p]
                    let right = b[s.transpose_b == 1 ? j * k + p : p * n + j]
                    c[i * n + j] += Double(left) * Double(right)
                }
            }
        }
        return c
    }

    /// The product with a guard behind C, which no kernel may touch.
    private func product(
        _ shape: wk_gemm_shape, _ a: [Float], _ b: [Float], level: Int32 = wk_level(),
        addedTo start: Float = 12345
    ) -> [Float] {
        var c = [Float](repeating: start, count: Int(shape.m * shape.n))
        c += [Float](repeating: 12345, count: 64)
        withUnsafePointer(to: shape) { wk_gemm_at_level(level, $0, whole(shape), a, b, &c) }
        #expect(c.suffix(64).allSatisfy { $0 == 12345 }, "wrote beyond C: \(shape)")
        return Array(c.dropLast(64))
    }

    private func whole(_ shape: wk_gemm_shape) -> wk_gemm_part {
        wk_gemm_part(first_row: 0, rows: shape.m, first_column: 0, columns: shape.n)
    }

    @Test("agree with their definition for every transpose and size", arguments: UInt64(1)...200)
    func agrees(seed: UInt64) {
        var numbers = Numbers(state: seed)
        var shape = wk_gemm_shape(
            m: numbers.size(), n: numbers.size(), k: numbers.size(),
            transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2), accumulates: 0)
        if seed % 10 == 0 { shape.k = 300 }
        // More rows than a block of the left operand has.
        if seed % 25 == 0 { shape.m = 391 }
        let a = numbers.floats(Int(shape.m * shape.k))
        let b = numbers.floats(Int(shape.k * shape.n))
        let expected = naive(shape, a, b)
        for level in 0...wk_best_level() {
            let found = product(shape, a, b, level: level)
            let worst = zip(found, expected).map { abs(Double($0) - $1) }.largestError
            #expect(worst <= 1e-6 * Double(shape.k), "level \(level): \(shape)")
        }
    }

    @Test("in parts of rows have the bits of the whole", arguments: UInt64(1)...60)
    func splits(seed: UInt64) {
        var numbers = Numbers(state: seed &* 77)
        let shape = wk_gemm_shape(
            m: 2 + numbers.size(), n: numbers.size(), k: numbers.size(),
            transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2), accumulates: 0)
        let a = numbers.floats(Int(shape.m * shape.k))
        let b = numbers.floats(Int(shape.k * shape.n))
        let cut = shape.m / 3
        for level in 0...wk_best_level() {
            var parts = [Float](repeating: .nan, count: Int(shape.m * shape.n))
            withUnsafePointer(to: shape) {
                var part = whole($0.pointee)
                part.rows = cut
                wk_gemm_at_level(level, $0, part, a, b, &parts)
                (part.first_row, part.rows) = (cut, shape.m - cut)
                wk_gemm_at_level(level, $0, part, a, b, &parts)
            }
            #expect(parts == product(shape, a, b, level: level), "level \(level): \(shape)")
        }
    }

    @Test("add to what is there", arguments: UInt64(1)...60)
    func accumulates(seed: UInt64) {
        var numbers = Numbers(state: seed &* 31)
        var shape = wk_gemm_shape(
            m: numbers.size(), n: numbers.size(), k: numbers.size(),
            transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2), accumulates: 1)
        if seed % 10 == 0 { shape.k = 300 }
        let a = numbers.floats(Int(shape.m * shape.k))
        let b = numbers.floats(Int(shape.k * shape.n))
        let expected = naive(shape, a, b)
        for level in 0...wk_best_level() {
            let found = product(shape, a, b, level: level, addedTo: 0.5)
            let bound = 1e-6 * Double(shape.k + 1)
            #expect(
                zip(found, expected).allSatisfy { abs(Double($0) - $1 - 0.5) <= bound },
                "level \(level): \(shape)")
        }
    }

    @Test("of a batch have the same bits for any number of threads", arguments: UInt64(1)...40)
    func threads(seed: UInt64) {
        var numbers = Numbers(state: seed &* 13)
        let batch = Int64(1 + seed % 4)
        let shape = wk_gemm_shape(
            m: numbers.size(), n: numbers.size(), k: numbers.size(),
            transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2), accumulates: 0)
        let (left, right) = (Int(shape.m * shape.k), Int(shape.k * shape.n))
        let (a, b) = (numbers.floats(Int(batch) * left), numbers.floats(Int(batch) * right))
        var expected: [Float] = []
        for index in 0..<Int(batch) {
            let ownA = Array(a[(index * left)..<((index + 1) * left)])
            let ownB = Array(b[(index * right)..<((index + 1) * right)])
            expected += product(shape, ownA, ownB)
        }
        for threads in [1, 2, 3] as [Int32] {
            #expect(
                shared(shape, batch, a, b, threads: threads) == expected,
                "\(threads) threads, \(batch) × \(shape)")
        }
    }

    /// The products of a batch by threads; places that are not written are not numbers.
    private func shared(
        _ shape: wk_gemm_shape, _ batch: Int64, _ a: [Float], _ b: [Float], mirroredSide: Int64 = 0,
        threads: Int32
    ) -> [Float] {
        var c = [Float](repeating: .nan, count: Int(batch * shape.m * shape.n))
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    var kernel = wk_product_kernel(
                        shape: shape, batch: batch, a: a.baseAddress, b: b.baseAddress,
                        c: c.baseAddress, mirrored_side: mirroredSide, threads: threads)
                    #expect(wk_run_product(&kernel) == 0)
                }
            }
        }
        return c
    }

    @Test("of a matrix with itself have the same numbers in blocks up to the diagonal")
    func mirrored() {
        var numbers = Numbers(state: 3)
        for (side, rows, inner) in [(16, 5, 40), (32, 2, 7), (128, 3, 64)]
            as [(Int64, Int64, Int64)]
        {
            for transpose in [0, 1] as [Int32] {
                let shape = wk_gemm_shape(
                    m: side * rows, n: side * rows, k: inner, transpose_a: transpose,
                    transpose_b: 1 - transpose, accumulates: 0)
                let a = numbers.floats(Int(shape.m * inner))
                let whole = product(shape, a, a)
                for threads in [1, 2, 7] as [Int32] {
                    let half = shared(shape, 1, a, a, mirroredSide: side, threads: threads)
                    for element in half.indices {
                        let (row, column) = (
                            Int64(element) / shape.n / side, Int64(element) % shape.n / side
                        )
                        #expect(
                            column <= row
                                ? half[element] == whole[element] : half[element].isNaN)
                    }
                }
            }
        }
    }

    @Test("use the instructions of the level in use")
    func usesLevel() {
        var numbers = Numbers(state: 5)
        let shape = wk_gemm_shape(
            m: 33, n: 20, k: 50, transpose_a: 0, transpose_b: 0, accumulates: 0)
        let a = numbers.floats(33 * 50)
        let b = numbers.floats(50 * 20)
        var c = [Float](repeating: .nan, count: 33 * 20)
        withUnsafePointer(to: shape) { wk_gemm($0, a, b, &c) }
        #expect(c == product(shape, a, b))
    }

    @Test("with a bias, rectified, are that of the product", arguments: UInt64(1)...150)
    func rectified(seed: UInt64) {
        var numbers = Numbers(state: seed &* 77)
        var shape = wk_gemm_shape(
            m: numbers.size(), n: numbers.size(), k: numbers.size(),
            transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2), accumulates: 0)
        if seed % 3 == 0 { shape.k = 2 }
        let (m, n) = (Int(shape.m), Int(shape.n))
        let a = numbers.floats(m * Int(shape.k))
        var (b, bias) = (numbers.floats(Int(shape.k) * n), numbers.floats(n))
        b[0] = .nan
        bias[n - 1] = -.infinity
        let bare = product(shape, a, b)
        let expected = bare.indices.map { place in
            let sum = bare[place] + bias[place % n]
            return sum <= 0 ? 0 : sum
        }
        var c = [Float](repeating: 12345, count: m * n + 64)
        // In two parts, as threads would.
        for rows in [0..<m / 2, m / 2..<m] {
            let part = wk_gemm_part(
                first_row: Int64(rows.lowerBound), rows: Int64(rows.count), first_column: 0,
                columns: shape.n)
            withUnsafePointer(to: shape) { wk_gemm_rectified($0, part, a, b, bias, &c) }
        }
        #expect(c.suffix(64).allSatisfy { $0 == 12345 }, "wrote beyond C: \(shape)")
        for (found, expected) in zip(c, expected) {
            #expect(found == expected || found.isNaN && expected.isNaN, "\(shape)")
        }
    }

    @Test("over an empty sum are zero")
    func emptySum() {
        let shape = wk_gemm_shape(m: 2, n: 3, k: 0, transpose_a: 0, transpose_b: 0, accumulates: 0)
        #expect(product(shape, [0], [0]) == [0, 0, 0, 0, 0, 0])
    }

    @Test("keep infinities and report undefined products as NaN")
    func specialValues() {
        let shape = wk_gemm_shape(m: 1, n: 1, k: 20, transpose_a: 0, transpose_b: 1, accumulates: 0)
        var a = [Float](repeating: 1, count: 20)
        let b = [Float](repeating: 1, count: 20)
        a[9] = .infinity
        #expect(product(shape, a, b) == [.infinity])
        a[10] = -.infinity
        #expect(product(shape, a, b)[0].isNaN)
    }
}
