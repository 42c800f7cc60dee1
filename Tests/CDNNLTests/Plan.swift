import CDNNL

struct PlanError: Error, CustomStringConvertible {
    let description: String

    static func last() -> PlanError { PlanError(description: String(cString: cdnnl_last_error())) }
}

/// A primitive that is destroyed with its last reference.
final class Primitive {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer?) throws {
        guard let pointer else { throw PlanError.last() }
        self.pointer = pointer
    }

    deinit { cdnnl_primitive_destroy(pointer) }

    /// Binds the arrays by role, runs once and copies them back.
    ///
    /// `weights` has the primitive's own layout; it is nil for a reorder.
    func run(source: inout [Float], weights: inout [Float]?, destination: inout [Float]) throws {
        let scratch = Memory(bytes: cdnnl_scratch_size(pointer))
        let first = Memory(source)
        let second = weights.map { Memory($0) }
        let third = Memory(destination)
        guard
            let binding = cdnnl_bind(
                pointer, first.address, second?.address, third.address, scratch.address)
        else { throw PlanError.last() }
        defer { cdnnl_binding_destroy(binding) }
        let status = cdnnl_run(binding)
        guard status == 0 else {
            throw PlanError(description: String(cString: cdnnl_status_text(status)))
        }
        source = first.floats(source.count)
        if let second, let count = weights?.count { weights = second.floats(count) }
        destination = third.floats(destination.count)
    }
}

/// Aligned memory with the lifetime of a reference.
private final class Memory {
    let address: UnsafeMutableRawPointer

    init(bytes: Int) { address = .allocate(byteCount: max(bytes, 64), alignment: 64) }

    convenience init(_ values: [Float]) {
        self.init(bytes: values.count * MemoryLayout<Float>.stride)
        values.withUnsafeBytes { address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    }

    func floats(_ count: Int) -> [Float] {
        Array(
            UnsafeBufferPointer(
                start: address.assumingMemoryBound(to: Float.self), count: count))
    }

    deinit { address.deallocate() }
}

/// A convolution primitive seen through plain weights.
struct Convolution {
    let shape: cdnnl_convolution_shape
    let direction: cdnnl_direction
    let primitive: Primitive

    init(
        _ shape: cdnnl_convolution_shape, _ direction: cdnnl_direction,
        _ layout: cdnnl_weights_layout
    ) throws {
        self.shape = shape
        self.direction = direction
        primitive = try withUnsafePointer(to: shape) {
            try Primitive(cdnnl_convolution($0, direction, layout))
        }
    }

    /// Runs with plain weights, reordering before or after as the direction asks.
    func run(source: inout [Float], weights: inout [Float], destination: inout [Float]) throws {
        let count = cdnnl_weights_size(primitive.pointer) / MemoryLayout<Float>.stride
        // Stale numbers where oneDNN must write, so that a gap would show.
        var own: [Float]? = [Float](repeating: 1e9, count: count)
        var none: [Float]?
        if direction != .CDNNL_BACKWARD_WEIGHTS {
            let reorder = try Primitive(cdnnl_reorder(nil, primitive.pointer))
            try reorder.run(source: &weights, weights: &none, destination: &own!)
        }
        try primitive.run(source: &source, weights: &own, destination: &destination)
        if direction == .CDNNL_BACKWARD_WEIGHTS {
            let reorder = try Primitive(cdnnl_reorder(primitive.pointer, nil))
            try reorder.run(source: &own!, weights: &none, destination: &weights)
        }
    }
}
