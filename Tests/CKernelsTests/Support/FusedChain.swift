import CKernels

/// A chain of element-wise operations, run by the fused kernel as the executor runs it.
struct FusedChain {
    struct Load {
        var values: [Float]
        var strides: [Int]
        var isDense = false
        var isPeriodic = false
    }

    struct Reduction {
        var register: Int32
        var strides: [Int]
        var count: Int
        var kind = WK_SUM
    }

    var extents: [Int]
    /// Load number i fills register i.
    var loads: [Load]
    var operations: [wk_operation] = []
    /// Registers that are written to memory.
    var stored: [Int32] = []
    var reductions: [Reduction] = []
    var threads = 1
    var tile = 64
    var rowsApart = false
    /// Elements at multiples of which threads begin; a tile by default.
    var alignment: Int?

    private var count: Int { extents.reduce(1, *) }
    private var registers: Int {
        loads.count + operations.count
    }
    /// Doubles from one thread's memory to the next's.
    private var threadStride: Int { max(registers * tile, reductions.map(\.count).max() ?? 0, 1) }

    /// What is stored and what is reduced.
    ///
    /// - Precondition: The targets of the operations are the registers after those of the loads.
    func run() -> (stored: [[Float]], reduced: [[Float]]) {
        let memory = TestMemory()
        let outputs = stored.map { _ in
            memory.keep([Float](repeating: guardNumber, count: count + 64))
        }
        let results = reductions.map {
            memory.keep([Float](repeating: guardNumber, count: $0.count + 64))
        }
        var kernel = kernel(memory, outputs, results)
        _ = wk_run_fused(&kernel)
        return (
            outputs.map { array($0, count) },
            zip(results, reductions).map { array($0, $1.count) }
        )
    }

    private func kernel(
        _ memory: TestMemory, _ outputs: [UnsafeMutablePointer<Float>],
        _ results: [UnsafeMutablePointer<Float>]
    ) -> wk_fused_kernel {
        var kernel = wk_fused_kernel()
        set(&kernel.extents, to: extents)
        (kernel.count, kernel.rank) = (Int64(count), Int32(extents.count))
        (kernel.threads, kernel.tile) = (Int32(threads), Int32(tile))
        kernel.registers = Int32(registers)
        kernel.register_stride = Int32(tile)
        kernel.alignment = Int64(alignment ?? tile)
        (kernel.loads_count, kernel.operations_count) = (
            Int32(loads.count), Int32(operations.count)
        )
        (kernel.stores_count, kernel.reductions_count) = (
            Int32(outputs.count), Int32(results.count)
        )
        kernel.loads = UnsafePointer(memory.keep(loads.indices.map { load($0, memory) }))
        kernel.operations = UnsafePointer(memory.keep(operations))
        kernel.stores = UnsafePointer(
            memory.keep(
                zip(outputs, stored).map {
                    wk_store(base: $0, source: $1, is_deferred: 0, is_local: 0)
                }))
        kernel.reductions = UnsafePointer(
            memory.keep(results.indices.map { reduction($0, results[$0], memory) }))
        kernel.rows_apart = rowsApart ? 1 : 0
        kernel.thread_stride = Int64(8 * threadStride)
        kernel.scratch = memory.keep([Float](repeating: .nan, count: 2 * threads * threadStride))
        return kernel
    }

    private func load(_ number: Int, _ memory: TestMemory) -> wk_load {
        var result = wk_load()
        result.base = UnsafePointer(memory.keep(loads[number].values))
        set(&result.strides, to: loads[number].strides)
        result.target = Int32(number)
        result.is_dense = loads[number].isDense ? 1 : 0
        result.is_periodic = loads[number].isPeriodic ? 1 : 0
        return result
    }

    private func reduction(
        _ number: Int, _ base: UnsafeMutablePointer<Float>, _ memory: TestMemory
    ) -> wk_reduction {
        let reduction = reductions[number]
        var result = wk_reduction()
        result.base = base
        result.accumulators = memory.keep(
            [Double](repeating: .nan, count: threads * threadStride))
        set(&result.strides, to: reduction.strides)
        (result.count, result.source) = (Int64(reduction.count), reduction.register)
        result.kind = Int32(reduction.kind.rawValue)
        return result
    }

    /// The result; NaN everywhere where something was written behind it.
    private func array(_ place: UnsafeMutablePointer<Float>, _ count: Int) -> [Float] {
        let whole = UnsafeBufferPointer(start: place, count: count + 64)
        let isIntact = whole[count...].allSatisfy { $0 == guardNumber }
        return isIntact ? Array(whole[..<count]) : Array(repeating: .nan, count: count)
    }
}

extension FusedChain {
    /// One function of one number, over an array.
    static func unary(_ opcode: wk_opcode, _ values: [Float], tile: Int = 1024) -> [Float] {
        var chain = FusedChain(
            extents: [values.count], loads: [.init(values: values, strides: [1], isDense: true)])
        chain.operations = [
            wk_operation(opcode: Int32(opcode.rawValue), target: 1, a: 0, b: 0, c: 0, d: 0)
        ]
        chain.stored = [1]
        chain.tile = tile
        return chain.run().stored[0]
    }
}
