import Foundation
import Philox

/// The distributions that random numbers can have.
package enum RandomKind: String, CaseIterable, Sendable {
    /// 0 ≤ u < 1 in multiples of 2⁻²⁴.
    case uniform
    /// Standard normal, by the Box–Muller transform of two neighbouring uniform numbers.
    case normal

    var primitiveName: String { "rng_\(rawValue)" }
}

/// Random numbers as a pure function of seed, step, stream and element number.
///
/// Element i comes from word i mod 4 of block i div 4 of Philox 4×32-10 with the counter (block,
/// stream, step) and the seed as key: the same numbers on every executor and for any split of work.
///
/// In a divided program each shard draws the numbers of its own rows of the whole batch.
package struct RandomNumbers: Operation {
    package let kind: RandomKind
    package let declared: Shape
    package let stream: UInt32
    /// Whether this is a shard's part of more numbers: then element 0 of shard s is element
    /// s · count of the stream.
    package var isShard = false
    package var name: String { kind.primitiveName }
    package var attributes: String { "stream \(stream)\(isShard ? ", a shard's" : "")" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { declared }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let start = isShard ? clock.shard * declared.count : 0
        let word = { (element: Int) in
            Philox.block(
                index: UInt32(element / 4), seed: clock.seed, stream: stream, step: clock.step)[
                    element % 4]
        }
        switch kind {
        case .uniform: return ReferenceTensor(declared) { Double(Philox.uniform(word(start + $0))) }
        case .normal:
            return ReferenceTensor(declared) {
                let element = start + $0
                let first = element & ~1
                let radius = sqrt(-2 * log(1 - Double(Philox.uniform(word(first)))))
                let angle = 2 * Double.pi * Double(Philox.uniform(word(first + 1)))
                return element == first ? radius * cos(angle) : radius * sin(angle)
            }
        }
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { 40 * output.count }
}

extension Tensor {
    /// Standard normal numbers of a stream; two tensors with one stream hold the same numbers.
    public static func randomNormal(_ shape: Shape, stream: UInt32) -> Tensor {
        .apply(RandomNumbers(kind: .normal, declared: shape, stream: stream))
    }

    /// Uniform numbers 0 ≤ u < 1 of a stream.
    public static func randomUniform(_ shape: Shape, stream: UInt32) -> Tensor {
        .apply(RandomNumbers(kind: .uniform, declared: shape, stream: stream))
    }
}
