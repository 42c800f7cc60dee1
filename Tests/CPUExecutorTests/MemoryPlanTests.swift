import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

@Suite("Memory plans") struct MemoryPlanTests {
    private static let portions: [Range<UInt64>] = stride(from: 0, to: 120, by: 20).map {
        $0..<$0 + 20
    }

    private func plan(_ seed: UInt64, threads: Int = 2) throws -> Plan {
        let graph = RandomGraph(seed: seed)
        return try CPUDevice.eager(threads: threads).plan(
            Program(outputs: graph.outputs, updates: graph.updates))
    }

    @Test(
        "let no two live buffers share memory unless one takes over the other's",
        arguments: portions)
    func overlaps(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let plan = try plan(seed)
            let lives = ArenaLife.all(of: plan)
            for (index, life) in lives.enumerated() {
                for other in lives[(index + 1)...] where life.collides(with: other) {
                    let isHandover =
                        plan.handsOver(life, to: other) || plan.handsOver(other, to: life)
                    #expect(isHandover, "seed \(seed): buffers \(life.buffer) and \(other.buffer)")
                }
            }
        }
    }

    @Test(
        "have aligned places inside an arena that is no larger than all buffers",
        arguments: portions)
    func bounds(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let plan = try plan(seed)
            for life in ArenaLife.all(of: plan) {
                #expect(life.bytes.lowerBound % 64 == 0)
                #expect(life.bytes.upperBound <= plan.memory.arenaBytes)
            }
            #expect(plan.memory.arenaBytes <= plan.memory.unsharedBytes)
            for step in plan.steps.map(\.step) {
                #expect(step.sharedScratchBytes <= plan.memory.scratchBytes)
                #expect(step.threadScratchBytes <= plan.memory.threadScratchBytes)
            }
            let ofThreads = plan.threads * plan.memory.threadScratchBytes
            #expect(ofThreads <= plan.memory.scratchBytes)
        }
    }

    @Test("have every step read what an earlier one wrote", arguments: portions)
    func order(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let plan = try plan(seed)
            var written: Set<Int> = []
            for step in plan.steps.map(\.step) {
                for read in step.reads where plan.isInArena(read.buffer) {
                    #expect(written.contains(read.buffer), "seed \(seed)")
                }
                written.formUnion(step.writes.map(\.buffer))
            }
            for output in plan.outputs.values where output.count > 0 {
                let buffer = output.reference.buffer
                #expect(written.contains(buffer) || !plan.isInArena(buffer), "seed \(seed)")
            }
        }
    }

    @Test("need far less than all buffers together in a training step")
    func reuse() throws {
        for training in [try SmallTraining.perceptron(), try .convolutional()] {
            let plan = try CPUDevice(threads: 1).plan(training.program)
            let locals = plan.steps.flatMap { planned -> [Int] in
                if let band = planned.step as? BandStep { Array(band.locals.keys) } else { [] }
            }
            let all = locals.reduce(plan.memory.unsharedBytes) { $0 + 4 * plan.buffers[$1].count }
            #expect(Double(plan.memory.arenaBytes) < 0.75 * Double(all))
        }
    }

    @Test("let a long chain of large steps live in two buffers")
    func chain() throws {
        var x = Tensor.input("x", [64, 64])
        for _ in 0..<10 { x = x.matmul(x) }
        let memory = try CPUDevice(threads: 1).plan(Program(outputs: [("y", x)])).memory
        #expect(memory.arenaBytes == 2 * 64 * 64 * 4)
        #expect(memory.unsharedBytes == 10 * 64 * 64 * 4)
    }
}

/// When and where a buffer of the arena is needed.
private struct ArenaLife {
    let buffer: Int
    let times: ClosedRange<Int>
    let bytes: Range<Int>

    static func all(of plan: Plan) -> [ArenaLife] {
        plan.buffers.indices.compactMap { buffer in
            let times = plan.steps.indices.filter { index in
                let step = plan.steps[index].step
                return (step.reads + step.writes).contains { $0.buffer == buffer }
            }
            guard plan.isInArena(buffer), let first = times.first else { return nil }
            let last = plan.buffers[buffer].isOutput ? plan.steps.count : times.last!
            let start = plan.memory.offsets[buffer]!
            return ArenaLife(
                buffer: buffer, times: first...last,
                bytes: start..<start + 4 * plan.buffers[buffer].count)
        }
    }

    func collides(with other: ArenaLife) -> Bool {
        times.overlaps(other.times) && bytes.overlaps(other.bytes)
    }
}

extension Plan {
    fileprivate func isInArena(_ buffer: Int) -> Bool {
        guard case .arena = buffers[buffer].place else { return false }
        return buffers[buffer].count > 0
    }

    /// Whether the last step that needs one buffer reads it element by element and writes the
    /// other.
    fileprivate func handsOver(_ old: ArenaLife, to new: ArenaLife) -> Bool {
        let time = new.times.lowerBound
        guard old.times.upperBound == time, old.bytes == new.bytes,
            let step = steps[time].step as? FusedStep
        else { return false }
        let loads = step.loads.filter { $0.reference.buffer == old.buffer }
        return loads.count == 1 && loads[0].isDense
            && step.stores.contains { $0.reference.buffer == new.buffer }
    }
}
