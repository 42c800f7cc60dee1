import CPUExecutor
import TensorGraph
import Testing

@Suite("Assignments of variables") struct VariableUpdateTests {
    /// More elements than a chain computes at a time, so that a write comes before some reads.
    private let square: Shape = [40, 40]
    private let a = Variable("a", [40, 40])
    private let b = Variable("b", [40, 40])
    private let row = Variable("row", [40])
    private let x = Tensor.input("x", [40, 40])

    @Test("element by element happen in place, without a copy")
    func inPlace() throws {
        let momentum = 0.9 * b.tensor + x
        let program = try Program(
            outputs: [("norm", (momentum * momentum).sum())],
            updates: [(b, momentum), (a, a.tensor - 0.1 * momentum)])
        let plan = try CPUDevice(threads: 1).plan(program)
        #expect(!plan.hasCopies)
        for variable in [a, b] { #expect(plan.writes(variable)) }
    }

    @Test("can swap two variables and rotate three")
    func swap() throws {
        #expect(
            try Pairing.deviation(updates: [(a, b.tensor), (b, a.tensor)]) == 0)
        let c = Variable("c", square)
        #expect(
            try Pairing.deviation(updates: [(a, b.tensor), (b, c.tensor), (c, a.tensor)]) == 0)
        #expect(
            try Pairing.deviation(
                updates: [(a, 0.5 * b.tensor + 1), (b, a.tensor * 0.25), (c, a.tensor - b.tensor)]
            ) <= 1e-5)
    }

    @Test("show the old value to whoever reads the variable and the new one to whoever uses it")
    func oldAndNew() throws {
        let new = 0.5 * a.tensor + x
        let outputs = [
            ("old", a.tensor), ("new", new), ("change", new - a.tensor), ("sum", new.sum()),
            ("old sum", a.tensor.sum(along: [0])), ("product", 0.1 * new.matmul(a.tensor)),
            ("row of old", a.tensor.sliced(axis: 0, 1..<2)),
            ("rows of new", new.sliced(axis: 0, 2..<40)), ("new transposed", new.transposed()),
        ]
        #expect(try Pairing.deviation(outputs: outputs, updates: [(a, new)]) <= 1e-5)
        for output in outputs {
            #expect(
                try Pairing.deviation(outputs: [output], updates: [(a, new)]) <= 1e-5, "\(output.0)"
            )
        }
    }

    @Test("take values that are moved, repeated, cut or known beforehand")
    func layouts() throws {
        let values: [(String, Tensor)] = [
            ("repeated", row.tensor.broadcast(to: square)), ("transposed", a.tensor.transposed()),
            ("constant", .filled(3, square)), ("numbers", .iota(square, axis: 1)),
            ("cut", .concatenated([b.tensor, a.tensor]).sliced(axis: 0, 20..<60)),
            (
                "cut and padded",
                a.tensor.sliced(axis: 1, 1..<39).padded(low: [0, 1], high: [0, 1])
            ),
            ("input", x), ("random", .randomNormal(square, stream: 2)), ("itself", a.tensor),
            ("reshaped", a.tensor.reshaped([20, 80]).transposed().reshaped(square)),
        ]
        for (name, value) in values {
            let deviation = try Pairing.deviation(
                outputs: [("y", a.tensor.sum(along: [0]))], updates: [(a, value)])
            #expect(deviation <= 1e-5, "\(name)")
        }
        #expect(
            try Pairing.deviation(
                updates: [(row, a.tensor.sliced(axis: 0, 1..<2).reshaped([40])), (a, a.tensor + 1)])
                == 0)
    }

    @Test("may need more of the old value than the element at the same place")
    func mixing() throws {
        let old = a.tensor
        let values: [(String, Tensor)] = [
            ("plus transposed", 0.25 * (old + old.transposed())), ("centred", old - old.mean()),
            ("normalised", old / (1 + (old * old).sum(along: [1]).reshaped([40, 1]))),
            ("product", 0.02 * old.matmul(b.tensor)), ("own product", 0.02 * old.matmul(old)),
            ("first row everywhere", 0.5 * old + old.sliced(axis: 0, 0..<1)),
            (
                "shifted",
                .concatenated([old.sliced(axis: 0, 1..<40), row.tensor.reshaped([1, 40])])
            ),
            ("largest", old - old.max(along: [0])),
        ]
        for (name, value) in values {
            #expect(try Pairing.deviation(updates: [(a, value)]) <= 1e-5, "\(name)")
            let both = try Pairing.deviation(updates: [(a, value), (b, b.tensor + old)])
            #expect(both <= 1e-5, "\(name), with another reader")
        }
    }

    @Test("may give one value to two variables")
    func sharedValue() throws {
        let value = a.tensor * 0.5 + b.tensor
        #expect(try Pairing.deviation(updates: [(a, value), (b, value)]) <= 1e-5)
        #expect(
            try Pairing.deviation(outputs: [("y", value)], updates: [(a, value), (b, value)])
                <= 1e-5)
    }

    @Test("do not let convolutions mix up old and new weights")
    func convolutionWeights() throws {
        let weights = Variable("weights", [16, 8, 3, 3])
        let images = Tensor.input("images", [2, 6, 6, 8])
        let geometry = ConvolutionGeometry(padding: 1)
        let new = weights.tensor * 0.5 + 0.125
        let outputs = [
            ("old", 0.01 * images.convolved(weights.tensor, geometry)),
            ("new", 0.01 * images.convolved(new, geometry)),
        ]
        #expect(try Pairing.deviation(outputs: outputs, updates: [(weights, new)]) <= 1e-5)
    }

    @Test("accumulate over many runs")
    func counter() throws {
        let (count, total) = (Variable("count", []), Variable("total", [3]))
        let pairing = try Pairing(
            outputs: [("before", count.tensor)],
            updates: [(count, count.tensor + 1), (total, total.tensor + count.tensor)],
            values: [count: [0], total: [0, 1, 2]])
        for run in 0..<1000 {
            #expect(try pairing.deviation() == 0)
            #expect(pairing.executable.scalar("before") == Float(run))
        }
        #expect(pairing.device.value(of: count) == [1000])
        #expect(pairing.device.value(of: total) == [499_500, 499_501, 499_502])
    }
}

extension Plan {
    var hasCopies: Bool {
        steps.contains { $0.step is CopyStep }
    }

    /// Whether a step writes the memory of a variable.
    func writes(_ variable: Variable) -> Bool {
        steps.contains { planned in
            planned.step.writes.contains { reference in
                if case .variable(variable) = buffers[reference.buffer].place {
                    true
                } else {
                    false
                }
            }
        }
    }
}
