import GraphTestSupport
import TensorGraph
import Testing

@Suite("Derivatives of primitives")
struct PrimitiveDerivativeTests {
    @Test("every primitive has a derivative check, in which it takes part")
    func tableIsComplete() throws {
        #expect(Set(PrimitiveCatalogue.names) == Set(PrimitiveCases.table.keys))
        for (name, cases) in PrimitiveCases.table {
            for test in cases {
                let program = try traced(test.function(test.tensors))
                #expect(program.names.contains(name), "\(name): \(test)")
            }
        }
    }

    @Test(
        "first and second derivatives are those of central differences, or zero",
        arguments: PrimitiveCatalogue.names)
    func derivatives(name: String) throws {
        for test in try #require(PrimitiveCases.table[name]) {
            let check = try DerivativeCheck(test)
            switch test.expectation {
            case .zero:
                #expect(check.areZero, "\(test)")
            case .centralDifferences:
                #expect(!check.areZero, "\(test)")
                #expect(check.first <= DerivativeCheck.tolerance, "\(test)")
                #expect(check.second <= DerivativeCheck.tolerance, "\(test)")
            }
        }
    }

    @Test("the check notices a first derivative that is off by a hundred-thousandth")
    func wrongFirstDerivative() throws {
        let check = try DerivativeCheck(
            .init("slightly wrong", [3]) { .apply(CrookedSquare(slope: { 2.00002 * $0 }), $0[0]) })
        #expect(check.first > DerivativeCheck.tolerance)
        #expect(check.first < 1e-4)
    }

    @Test("the check notices a derivative that cannot be differentiated again")
    func wrongSecondDerivative() throws {
        let check = try DerivativeCheck(
            .init("opaque", [3]) {
                .apply(CrookedSquare(slope: { (2 * $0).stoppingGradient() }), $0[0])
            })
        #expect(check.first <= DerivativeCheck.tolerance)
        #expect(check.second > 0.01)
    }
}

/// x² with a derivative that may be wrong.
private struct CrookedSquare: Operation {
    let slope: @Sendable (Tensor) -> Tensor
    var name: String { "crooked_square" }

    static func == (a: Self, b: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}

    func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { operands[0] }
    func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        [cotangent * slope(operands[0])]
    }
    func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        ReferenceTensor(shape: operands[0].shape, values: operands[0].values.map { $0 * $0 })
    }
}
