import CDNNL
import CKernels

/// Where a plan's buffers lie when it is run.
package struct Addresses {
    /// The beginning of each buffer.
    var buffers: [UnsafeMutablePointer<Float>]
    /// Working memory for all threads together, and for each thread.
    let scratch: UnsafeMutableRawPointer
    var threadScratch: ThreadScratch
    /// What random numbers are a function of.
    let clock: UnsafeMutablePointer<wk_clock>
    /// Which shard this is, of those of all processes.
    var shard = 0
    /// The beginning of each buffer for each shard of this process.
    var shards: [[UnsafeMutablePointer<Float>]] = []
    /// The other processes; nil for all shards in this one.
    var exchange: (any ShardExchange)?
    /// Buffers of which each thread has a part of its own, at these bytes of its scratch memory.
    var locals: [Int: Int] = [:]
    /// Where those bytes are counted from.
    var localBase: UnsafeMutableRawPointer

    init(
        buffers: [UnsafeMutablePointer<Float>], scratch: UnsafeMutableRawPointer,
        threadStride: Int, clock: UnsafeMutablePointer<wk_clock>
    ) {
        (self.buffers, self.scratch, self.clock) = (buffers, scratch, clock)
        threadScratch = ThreadScratch(base: scratch, stride: threadStride)
        localBase = scratch
    }

    /// Where each shard of this process has a buffer of its own.
    func ofAllShards(_ reference: BufferReference) -> [UnsafePointer<Float>] {
        shards.map { UnsafePointer($0[reference.buffer] + reference.offset) }
    }

    func isLocal(_ reference: BufferReference) -> Bool { locals[reference.buffer] != nil }

    subscript(_ reference: BufferReference) -> UnsafeMutablePointer<Float> {
        guard let offset = locals[reference.buffer] else {
            return buffers[reference.buffer] + reference.offset
        }
        return (localBase + offset).assumingMemoryBound(to: Float.self)
    }
}

/// Working memory of which each thread has its own part.
struct ThreadScratch {
    /// The first thread's.
    var base: UnsafeMutableRawPointer
    /// Bytes from one thread's part to the next thread's.
    let stride: Int
}

/// Owns the C structures that bound kernels point to.
package struct KernelArguments: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []
    private var bindings: [OpaquePointer] = []
    /// Calls of other processes, by the buffer that they write to.
    private(set) var calls: [Int: ExchangeCall] = [:]

    init() {}

    deinit {
        for block in blocks { block.deallocate() }
        for binding in bindings { cdnnl_binding_destroy(binding) }
    }

    mutating func keep<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let place = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
        place.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(place))
        return place
    }

    mutating func keep(_ call: ExchangeCall, for buffer: Int) -> UnsafeMutableRawPointer {
        calls[buffer] = call
        return Unmanaged.passUnretained(call).toOpaque()
    }

    /// A call of oneDNN.
    mutating func call(
        _ primitive: Primitive, _ source: UnsafeMutablePointer<Float>,
        _ weights: UnsafeMutablePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutableRawPointer
    ) -> wk_step {
        let binding = binding(primitive, source, weights, target, scratch)
        return wk_step(
            run: { cdnnl_run(OpaquePointer($0!)) }, context: UnsafeMutableRawPointer(binding))
    }

    mutating func binding(
        _ primitive: Primitive, _ source: UnsafeMutablePointer<Float>,
        _ weights: UnsafeMutablePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutableRawPointer
    ) -> OpaquePointer {
        guard let binding = cdnnl_bind(primitive.pointer, source, weights, target, scratch) else {
            preconditionFailure("oneDNN cannot bind: \(String(cString: cdnnl_last_error()))")
        }
        bindings.append(binding)
        return binding
    }
}

/// A C array in a struct, which Swift sees as a tuple, as a buffer.
func withArray<Tuple>(
    _ tuple: inout Tuple, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void
) {
    withUnsafeMutableBytes(of: &tuple) { body($0.assumingMemoryBound(to: Int64.self)) }
}

extension UnsafeMutableBufferPointer<Int64> {
    func fill(_ values: [Int]) {
        for (index, value) in values.enumerated() { self[index] = Int64(value) }
    }
}
