/// A kind of step of which single instructions are made.
protocol OperationKind: PlannedOperation {
    /// Plans an instruction, if it is one for this kind.
    ///
    /// - Returns: Whether it was planned.
    static func plan(_ number: Int, in builder: inout PlanBuilder) throws -> Bool
}

/// The kinds, the first of which takes an instruction that it is for.
enum OperationKinds {
    static let all: [any OperationKind.Type] = [
        RandomStep.self, MaskedProductStep.self, StrassenProductStep.self, MatrixProductStep.self,
        WinogradStep.self, FoldStep.self, ConvolutionStep.self, CopyStep.self,
    ]
}
