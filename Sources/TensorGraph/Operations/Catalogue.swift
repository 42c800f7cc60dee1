/// Every primitive by the name that a program prints.
///
/// Tests walk this list and demand a derivative check for each entry; the verifier refuses a
/// program with an operation that is not in it.
package enum PrimitiveCatalogue {
    package static let names: [String] =
        ["constant", "input", "variable", "iota", "reshape", "transpose", "broadcast_in_dim"]
        + ["slice", "pad", "concatenate", "select", "dot_general", "optimization_barrier"]
        + ["convolution", "convolution_input_gradient", "convolution_weight_gradient"]
        + Unary.allCases.map(\.name) + Binary.allCases.map(\.name)
        + Comparison.allCases.map { Compare($0).name }
        + Reduction.allCases.map { Reduce($0, axes: []).name }
        + RandomKind.allCases.map(\.primitiveName)
}
