package import CKernels

/// One kind of thing that a compiled program does: a kernel with all that it is called with.
///
/// Mostly a kind is one file: what it is, of which instructions it is made (``OperationKind``), and
/// how its kernel is bound to addresses. ``OperationKinds`` lists them. Chains and bands, which are
/// made of several instructions, are planned by ``ChainCompiler`` and ``Bands``.
package protocol PlannedOperation: Sendable {
    /// Where it reads, and where it writes.
    var reads: [BufferReference] { get }
    var writes: [BufferReference] { get }
    /// Axes that it goes through at once.
    var rank: Int { get }
    /// Bytes of working memory that each thread needs for itself.
    var threadScratchBytes: Int { get }
    /// Bytes of working memory that threads need together.
    var sharedScratchBytes: Int { get }
    /// Whether what it writes depends on the shard, whatever it reads.
    var isShards: Bool { get }
    /// Whether oneDNN is called to share work among its own threads.
    var callsLibrary: Bool { get }

    /// The kernel with the addresses that it works on.
    func bound(to addresses: Addresses, _ arguments: inout KernelArguments) -> wk_step
}

extension PlannedOperation {
    package var rank: Int { 0 }
    package var threadScratchBytes: Int { 0 }
    package var sharedScratchBytes: Int { 0 }
    package var isShards: Bool { false }
    package var callsLibrary: Bool { false }
}

/// A kind of step of which single instructions are made.
protocol OperationKind: PlannedOperation {
    /// Plans an instruction, if it is one for this kind.
    ///
    /// - Returns: Whether it was planned.
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool
}

/// The kinds, tried in this order: the first that takes an instruction plans it.
enum OperationKinds {
    static let all: [any OperationKind.Type] = [
        RandomStep.self, CollectiveStep.self, ShardSliceStep.self, MaskedProductStep.self,
        StrassenProductStep.self, MatrixProductStep.self,
        WinogradStep.self, FoldStep.self, ConvolutionStep.self, SortStep.self,
        CopyStep.self,
    ]
}
