import CKernels
import Foundation
import Testing

@Suite("Elementary functions of the fused kernel") struct MathFunctionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let opcode: wk_opcode
        let exact: @Sendable (Double) -> Double
        /// Allowed units in the last place.
        let tolerance: Double
        /// Arguments around which a method changes over or a result reaches a limit.
        let turns: [Float]
    }

    static let cases = [
        Case(
            testDescription: "exp", opcode: WK_EXP, exact: { exp($0) }, tolerance: 2,
            turns: [-103.97, -87.33655, -87, 88.7, 88.72283, 0.34657359, -0.34657359]),
        Case(
            testDescription: "log", opcode: WK_LOG, exact: { log($0) }, tolerance: 2,
            turns: [0x1p-149, .leastNormalMagnitude, 0.70710678, 1, 1.41421356, 2]),
        Case(
            testDescription: "tanh", opcode: WK_TANH, exact: { tanh($0) }, tolerance: 3,
            turns: [-9.01, -0.625, 0.625, 9.01, 44.4]),
        Case(
            testDescription: "logistic", opcode: WK_LOGISTIC, exact: { 1 / (1 + exp(-$0)) },
            tolerance: 4, turns: [-88.72283, -87.33655, -1, 1, 17, 87.33655, 88.7]),
        Case(
            testDescription: "sqrt", opcode: WK_SQRT, exact: { $0.squareRoot() }, tolerance: 0.5,
            turns: [.leastNormalMagnitude, 1, 4]),
    ]

    private static let special: [Float] = [
        0, -0.0, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude,
        -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 1, -1,
    ]

    /// Numbers with every sign, exponent and kind of significand, and finely spaced ones in
    /// −110…110.
    private static let samples: [Float] =
        stride(from: UInt32(0), to: .max - 65521, by: 65521).map(Float.init(bitPattern:))
        + (0..<30_000).map { Float($0) * 0.007_333 - 110 } + special

    /// 1,000 neighbours on either side.
    private static func neighbours(_ turn: Float) -> [Float] {
        let magnitude = turn.magnitude.bitPattern
        return (max(magnitude, 1000) - 1000...magnitude + 1000).map {
            turn < 0 ? -Float(bitPattern: $0) : Float(bitPattern: $0)
        }
    }

    @Test("are within a few units of the exact value everywhere", arguments: cases)
    func accuracy(of function: Case) {
        let arguments = Self.samples + function.turns.flatMap(Self.neighbours)
        let found = FusedChain.unary(function.opcode, arguments)
        var worst = (error: -1.0, argument: Float.nan, found: Float.nan)
        for (x, y) in zip(arguments, found) {
            let exact = function.exact(Double(x))
            // Results below the smallest normal number may be zero.
            if y == 0, abs(exact) < Double(Float.leastNormalMagnitude) { continue }
            let error = unitsInLastPlace(y, from: exact)
            if error > worst.error { worst = (error, x, y) }
        }
        #expect(worst.error <= function.tolerance, "\(worst)")
    }

    @Test("have their exact values at zero, one and infinity")
    func exactValues() {
        #expect(
            FusedChain.unary(WK_EXP, [0, -0.0, -.infinity, .infinity]) == [1, 1, 0, .infinity])
        #expect(
            FusedChain.unary(WK_LOG, [1, 0, -0.0, .infinity]) == [
                0, -.infinity, -.infinity, .infinity,
            ])
        #expect(FusedChain.unary(WK_TANH, [0, -.infinity, .infinity]) == [0, -1, 1])
        #expect(FusedChain.unary(WK_LOGISTIC, [0, -.infinity, .infinity]) == [0.5, 0, 1])
        #expect(FusedChain.unary(WK_SQRT, [0, 4, .infinity]) == [0, 2, .infinity])
        #expect(FusedChain.unary(WK_LOG, [-1, -.infinity]).allSatisfy { $0.isNaN })
        #expect(FusedChain.unary(WK_SQRT, [-1, -.infinity]).allSatisfy { $0.isNaN })
    }

    @Test("have the same bits wherever in an array their argument stands", arguments: cases)
    func position(of function: Case) {
        let argument: Float = 0.7345
        let alone = FusedChain.unary(function.opcode, [argument])[0]
        for count in 1...70 {
            let found = FusedChain.unary(
                function.opcode, Array(repeating: argument, count: count), tile: 32)
            #expect(found.allSatisfy { $0.bitPattern == alone.bitPattern }, "\(count) elements")
        }
    }

    @Test("keep NaN and the order of two numbers in maximum, minimum and comparisons")
    func specialOperands() {
        let numbers: [Float] = [1, -1, 0, .nan, .infinity, -.infinity]
        for (a, b) in numbers.flatMap({ a in numbers.map { (a, $0) } }) {
            let isNaN = a.isNaN || b.isNaN
            let largest = binary(WK_MAXIMUM, a, b)
            let smallest = binary(WK_MINIMUM, a, b)
            #expect(isNaN ? largest.isNaN : largest == max(a, b), "maximum of \(a) and \(b)")
            #expect(isNaN ? smallest.isNaN : smallest == min(a, b), "minimum of \(a) and \(b)")
            #expect(binary(WK_GREATER, a, b) == (a > b ? 1 : 0))
            #expect(binary(WK_GREATER_EQUAL, a, b) == (a >= b ? 1 : 0))
            #expect(binary(WK_LESS, a, b) == (a < b ? 1 : 0))
            #expect(binary(WK_LESS_EQUAL, a, b) == (a <= b ? 1 : 0))
            #expect(binary(WK_EQUAL, a, b) == (a == b ? 1 : 0))
            #expect(binary(WK_NOT_EQUAL, a, b) == (a != b ? 1 : 0))
        }
    }

    private func binary(_ opcode: wk_opcode, _ a: Float, _ b: Float) -> Float {
        var chain = FusedChain(
            extents: [1],
            loads: [a, b].map { .init(values: [$0], strides: [1], isDense: true) })
        chain.operations = [
            wk_operation(opcode: Int32(opcode.rawValue), target: 2, a: 0, b: 1, c: 0, d: 0)
        ]
        chain.stored = [2]
        return chain.run().stored[0][0]
    }
}
