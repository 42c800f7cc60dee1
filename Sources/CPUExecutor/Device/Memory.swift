import Foundation
import TensorGraph

/// Memory for values that do not outlive a run: one place for all programs of a device, since only
/// one of them runs at a time.
///
/// The address range is as large as the largest program may be; pages come into being where
/// programs write.
final class ProgramMemory {
    let base: UnsafeMutableRawPointer
    private let mapping: UnsafeMutableRawPointer
    private let bytes: Int
    private static let largePage = 1 << 21

    /// - Parameter bytes: Of the address range.
    /// - Throws: ``ExecutionError`` where the system does not give out such a range.
    init(bytes: Int) throws {
        self.bytes = bytes + Self.largePage
        var flags = MAP_PRIVATE | MAP_ANON
        #if os(Linux)
            flags |= Int32(MAP_NORESERVE)
        #endif
        let place = mmap(nil, self.bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let place, place != MAP_FAILED else {
            throw ExecutionError(
                "the system gives out no address range of \(scaled(bytes, "B")); "
                    + "raise the limit on virtual memory (ulimit -v)")
        }
        mapping = place
        base = place.alignedUp(toMultipleOf: Self.largePage)
    }

    /// Asks for large pages where a program is about to write much: steps walk over many rows at
    /// once, more than small pages can be looked up for.
    func prepare(_ count: Int) {
        #if os(Linux)
            if count >= Self.largePage { madvise(base, count, MADV_HUGEPAGE) }
        #endif
    }

    deinit { munmap(mapping, bytes) }
}

/// The memory of a variable, shared by the device's programs.
final class VariableBuffer {
    let memory: AlignedMemory
    let shape: Shape
    private(set) var isSet = false

    init(shape: Shape) {
        memory = AlignedMemory(bytes: 4 * shape.count)
        self.shape = shape
    }

    var floats: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            start: memory.base.assumingMemoryBound(to: Float.self), count: shape.count)
    }

    var values: [Float] { Array(floats) }

    func assign(_ values: [Float]) {
        _ = floats.update(from: values)
        isSet = true
    }

    /// Called by a program that assigns the variable.
    func markSet() { isSet = true }
}

/// Zeroed memory on a cache line's boundary, freed with its owner.
final class AlignedMemory {
    let base: UnsafeMutableRawPointer
    private static let largePage = 1 << 21

    init(bytes: Int) {
        let isLarge = bytes >= Self.largePage
        let alignment = isLarge ? Self.largePage : 64
        let size = max((bytes + alignment - 1) / alignment * alignment, alignment)
        base = .allocate(byteCount: size, alignment: alignment)
        #if os(Linux)
            // Steps walk over many rows at once, more than small pages can be looked up for.
            if isLarge { madvise(base, size, MADV_HUGEPAGE) }
        #endif
        base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { base.deallocate() }
}
