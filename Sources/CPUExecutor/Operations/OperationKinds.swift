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
        RandomStep.self, MaskedProductStep.self, StrassenProductStep.self, MatrixProductStep.self,
        WinogradStep.self, FoldStep.self, ConvolutionStep.self, CopyStep.self,
    ]
}
