import TensorGraph

/// For every primitive, functions in which it takes part, at points away from kinks.
package enum PrimitiveCases {
    package static let table: [String: [DerivativeCase]] =
        sources.merging(layouts, uniquingKeysWith: +)
        .merging(elementwise, uniquingKeysWith: +)
        .merging(products, uniquingKeysWith: +)
        .merging(withoutDerivative, uniquingKeysWith: +)

    private static let sources: [String: [DerivativeCase]] = [
        "constant": [.init("x · constant", [3]) { $0[0] * .constant([2, -1, 0.5], [3]) }],
        "input": [.init("x · x", [3]) { $0[0] * $0[0] }],
        "variable": [
            .init("x · x of a variable", [3], readsVariables: true) { $0[0] * $0[0] }
        ],
        "iota": [.init("x · iota", [2, 3]) { $0[0] * .iota([2, 3], axis: 1) }],
        "rng_uniform": [.init("x · uniform", [3]) { $0[0] * .randomUniform([3], stream: 1) }],
        "rng_normal": [.init("x · normal", [3]) { $0[0] * .randomNormal([3], stream: 1) }],
    ]

    private static let layouts: [String: [DerivativeCase]] = [
        "reshape": [.init("reshape", [2, 3]) { $0[0].reshaped([3, 1, 2]) }],
        "transpose": [
            .init("a cycle of three axes", [2, 3, 2]) { $0[0].transposed([2, 0, 1]) },
            .init("the last two axes", [2, 1, 3]) { $0[0].transposed() },
        ],
        "broadcast_in_dim": [
            .init("a middle axis", [3]) { $0[0].broadcast(to: [2, 3, 2], axes: [1]) },
            .init("a scalar", []) { $0[0].broadcast(to: [2, 2]) },
        ],
        "slice": [
            .init("with strides that miss the end", [5, 7]) {
                $0[0].sliced(from: [1, 0], to: [5, 6], by: [2, 3])
            }
        ],
        "pad": [
            .init("with interior", [2, 3]) {
                $0[0].padded(low: [1, 0], high: [0, 2], interior: [1, 2]) + 1
            }
        ],
        "sort": [
            .init("groups of three", [2, 6]) { $0[0].sorted(inGroupsOf: 3) },
            .init("by other keys", [5], [5]) { .apply(Arrange(group: 5), $0[0] * $0[0], $0[1]) },
        ],
        "unsort": [
            .init("groups of two", [3, 4], [3, 4]) {
                .apply(Arrange(group: 2, isInverse: true), $0[0], $0[1] * $0[1])
            }
        ],
        "concatenate": [
            .init("of three", [2, 1], [2, 3], [2, 2]) { .concatenated($0, axis: 1) }
        ],
        "reduce_sum": [
            .init("leading axes", [2, 3, 2]) { $0[0].sum(along: [0, 1]) },
            .init("the middle axis", [2, 3, 2]) { $0[0].sum(along: [1]) },
        ],
        "reduce_max": [
            .init("the trailing axis", [3, 4]) { $0[0].max(along: [1]) },
            .init("the outer axes", [2, 3, 2]) { $0[0].max(along: [2, 0]) },
        ],
    ]

    private static let elementwise: [String: [DerivativeCase]] = [
        "negate": [.init("−x", [3]) { -$0[0] }],
        "exponential": [.init("exp", [3]) { $0[0].exp() }],
        "log": [.init("log", [3], arePositive: true) { $0[0].log() }],
        "sqrt": [.init("sqrt", [3], arePositive: true) { $0[0].sqrt() }],
        "tanh": [.init("tanh", [3]) { $0[0].tanh() }],
        "logistic": [.init("sigmoid", [3]) { $0[0].sigmoid() }],
        "abs": [.init("abs", [4]) { $0[0].abs() }],
        "add": [.init("a + b", [2, 2], [2, 2]) { $0[0] + $0[1] }],
        "subtract": [.init("a − b", [2, 2], [2, 2]) { $0[0] - $0[1] }],
        "multiply": [.init("a · b", [2, 2], [2, 2]) { $0[0] * $0[1] }],
        "divide": [.init("a / b", [2, 2], [2, 2]) { $0[0] / $0[1] }],
        "maximum": [.init("max(a, b)", [2, 3], [2, 3]) { .maximum($0[0], $0[1]) }],
        "minimum": [.init("min(a, b)", [2, 3], [2, 3]) { .minimum($0[0], $0[1]) }],
        "select": [
            .init("a choice by sign", [6], [6], [6]) { .select($0[0] .> 0, $0[1], $0[2]) }
        ],
    ]

    private static let products: [String: [DerivativeCase]] = [
        "dot_general": [.init("a · b", [2, 3], [3, 2]) { $0[0].matmul($0[1]) }],
        "convolution": [
            .init("stride 1", [2, 3, 4, 2], [2, 2, 2, 3]) {
                $0[0].convolved($0[1], ConvolutionGeometry(padding: 1))
            }
        ],
        "convolution_input_gradient": [
            .init("stride 1", [1, 2, 3, 2], [2, 2, 2, 2]) {
                $0[0].convolutionInputGradient($0[1], ConvolutionGeometry(), inputSize: (3, 4))
            }
        ],
        "convolution_weight_gradient": [
            .init("stride 1", [2, 3, 4, 1], [2, 2, 3, 2]) {
                $0[0].convolutionWeightGradient($0[1], ConvolutionGeometry(), kernel: (2, 2))
            }
        ],
    ]

    private static let withoutDerivative: [String: [DerivativeCase]] = {
        let one: [(String, @Sendable (Tensor) -> Tensor)] = [
            ("sign", { $0.sign() }), ("optimization_barrier", { $0.stoppingGradient() }),
            ("constant", { _ in 3 }), ("iota", { _ in .iota([3], axis: 0) }),
            ("rng_uniform", { _ in .randomUniform([3], stream: 1) }),
            ("rng_normal", { _ in .randomNormal([3], stream: 1) }),
        ]
        var table: [String: [DerivativeCase]] = [:]
        for (name, function) in one {
            table[name] = [.init("\(name) alone", [3], expectation: .zero) { function($0[0]) }]
        }
        for comparison in Comparison.allCases {
            let name = Compare(comparison).name
            table[name] = [
                .init(name, [4], [4], expectation: .zero) {
                    .apply(Compare(comparison), $0[0], $0[1])
                }
            ]
        }
        return table
    }()
}
