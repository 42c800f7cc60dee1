/// The layers of Inception v3 as FID uses it, and what its weights are called.
///
/// Source: Szegedy et al. 2016, arXiv:1512.00567, in the version of 2015-12-05 that TensorFlow
/// published, as the programs pytorch-fid and torch-fidelity arrange it: averages of three by three
/// pixels leave the padding out, the last block takes maxima in their place, and there are 1008
/// classes. Batch normalisations are folded into the convolutions before them.
struct InceptionLayers {
    /// Which numbers are the features; the raw value is torch-fidelity's name.
    enum Features: String, CaseIterable {
        case first = "64"
        case second = "192"
        case third = "768"
        case pool = "2048"
        case unbiasedLogits = "logits_unbiased"
        case logits
    }

    /// A convolution or dense layer: the scope of its parameters, and that of the published file.
    typealias Name = (own: String, published: String)

    private(set) var chain = Chain()
    /// How many of the layers make the features; the others give classes.
    private(set) var featureLayers = 0

    init(_ features: Features) {
        stem(features)
        guard features != .first, features != .second else {
            end()
            return
        }
        for (block, width) in [("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)] {
            chain.branches(Self.blockA(block, width))
        }
        chain.branches(Self.blockB("Mixed_6a"))
        for (block, width) in [
            ("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192),
        ] {
            chain.branches(Self.blockC(block, width))
        }
        guard features != .third else {
            end()
            return
        }
        chain.branches(Self.blockD("Mixed_7a"))
        chain.branches(Self.blockE("Mixed_7b", "{avgPool2d: {window: 3, stride: 1, padding: 1}}"))
        chain.branches(Self.blockE("Mixed_7c", "{maxPool2d: {window: 3, stride: 1, padding: 1}}"))
        end()
        chain.linear("fc", 1008, bias: features == .logits)
        if features == .logits || features == .unbiasedLogits {
            featureLayers = chain.layers.count
        }
    }

    private mutating func end() {
        chain.add("globalAvgPool2d")
        featureLayers = chain.layers.count
    }

    private mutating func stem(_ features: Features) {
        let pool = "{maxPool2d: {window: 3, stride: 2}}"
        chain.convolution("Conv2d_1a_3x3", 32, 3, stride: 2)
        chain.convolution("Conv2d_2a_3x3", 32, 3)
        chain.convolution("Conv2d_2b_3x3", 64, 3, padding: 1)
        chain.add(pool)
        guard features != .first else { return }
        chain.convolution("Conv2d_3b_1x1", 80, 1)
        chain.convolution("Conv2d_4a_3x3", 192, 3)
        chain.add(pool)
    }

    private static func blockA(_ name: String, _ pooled: Int) -> [Chain] {
        [
            Chain(in: name) { $0.convolution("branch1x1", 64, 1) },
            Chain(in: name) {
                $0.convolution("branch5x5_1", 48, 1)
                $0.convolution("branch5x5_2", 64, 5, padding: 2)
            },
            Chain(in: name) {
                $0.convolution("branch3x3dbl_1", 64, 1)
                $0.convolution("branch3x3dbl_2", 96, 3, padding: 1)
                $0.convolution("branch3x3dbl_3", 96, 3, padding: 1)
            },
            Chain(in: name) {
                $0.add("{avgPool2d: {window: 3, stride: 1, padding: 1}}")
                $0.convolution("branch_pool", pooled, 1)
            },
        ]
    }

    private static func blockB(_ name: String) -> [Chain] {
        [
            Chain(in: name) { $0.convolution("branch3x3", 384, 3, stride: 2) },
            Chain(in: name) {
                $0.convolution("branch3x3dbl_1", 64, 1)
                $0.convolution("branch3x3dbl_2", 96, 3, padding: 1)
                $0.convolution("branch3x3dbl_3", 96, 3, stride: 2)
            },
            Chain(in: name) { $0.add("{maxPool2d: {window: 3, stride: 2}}") },
        ]
    }

    private static func blockC(_ name: String, _ width: Int) -> [Chain] {
        [
            Chain(in: name) { $0.convolution("branch1x1", 192, 1) },
            Chain(in: name) {
                $0.convolution("branch7x7_1", width, 1)
                $0.row("branch7x7_2", width, 7)
                $0.column("branch7x7_3", 192, 7)
            },
            Chain(in: name) {
                $0.convolution("branch7x7dbl_1", width, 1)
                $0.column("branch7x7dbl_2", width, 7)
                $0.row("branch7x7dbl_3", width, 7)
                $0.column("branch7x7dbl_4", width, 7)
                $0.row("branch7x7dbl_5", 192, 7)
            },
            Chain(in: name) {
                $0.add("{avgPool2d: {window: 3, stride: 1, padding: 1}}")
                $0.convolution("branch_pool", 192, 1)
            },
        ]
    }

    private static func blockD(_ name: String) -> [Chain] {
        [
            Chain(in: name) {
                $0.convolution("branch3x3_1", 192, 1)
                $0.convolution("branch3x3_2", 320, 3, stride: 2)
            },
            Chain(in: name) {
                $0.convolution("branch7x7x3_1", 192, 1)
                $0.row("branch7x7x3_2", 192, 7)
                $0.column("branch7x7x3_3", 192, 7)
                $0.convolution("branch7x7x3_4", 192, 3, stride: 2)
            },
            Chain(in: name) { $0.add("{maxPool2d: {window: 3, stride: 2}}") },
        ]
    }

    private static func blockE(_ name: String, _ pool: String) -> [Chain] {
        let split = { (chain: inout Chain, layer: String) in
            chain.branches([
                Chain(in: name) { $0.row(layer + "a", 384, 3) },
                Chain(in: name) { $0.column(layer + "b", 384, 3) },
            ])
        }
        return [
            Chain(in: name) { $0.convolution("branch1x1", 320, 1) },
            Chain(in: name) {
                $0.convolution("branch3x3_1", 384, 1)
                split(&$0, "branch3x3_2")
            },
            Chain(in: name) {
                $0.convolution("branch3x3dbl_1", 448, 1)
                $0.convolution("branch3x3dbl_2", 384, 3, padding: 1)
                split(&$0, "branch3x3dbl_3")
            },
            Chain(in: name) {
                $0.add(pool)
                $0.convolution("branch_pool", 192, 1)
            },
        ]
    }

    /// Layers one after the other, in YAML, with the names of their parameters.
    struct Chain {
        private(set) var layers: [String] = []
        private(set) var names: [Name] = []
        private let scope: String

        /// - Parameter block: What the published names begin with.
        init(in block: String? = nil, _ build: (inout Chain) -> Void = { _ in }) {
            scope = block.map { $0 + "." } ?? ""
            build(&self)
        }

        mutating func add(_ layer: String) { layers.append(layer) }

        mutating func convolution(
            _ name: String, _ outputs: Int, _ kernel: Int, stride: Int = 1, padding: Int = 0
        ) {
            convolution(
                name,
                "outputs: \(outputs), kernel: \(kernel), stride: \(stride), "
                    + "padding: \(padding)")
        }

        /// A kernel of one row that keeps the image's size.
        mutating func row(_ name: String, _ outputs: Int, _ columns: Int) {
            convolution(
                name, "outputs: \(outputs), kernel: [1, \(columns)], padding: [0, \(columns / 2)]")
        }

        /// A kernel of one column that keeps the image's size.
        mutating func column(_ name: String, _ outputs: Int, _ rows: Int) {
            convolution(
                name, "outputs: \(outputs), kernel: [\(rows), 1], padding: [\(rows / 2), 0]")
        }

        private mutating func convolution(_ name: String, _ settings: String) {
            names.append(("\(layers.count)", scope + name))
            layers += ["{conv2d: {\(settings)}}", "relu"]
        }

        mutating func linear(_ name: String, _ outputs: Int, bias: Bool) {
            names.append(("\(layers.count)", scope + name))
            layers.append("{linear: {outputs: \(outputs), bias: \(bias)}}")
        }

        mutating func branches(_ branches: [Chain]) {
            for (number, branch) in branches.enumerated() {
                names += branch.names.map { name in
                    ("\(layers.count).\(number).\(name.own)", name.published)
                }
            }
            let texts = branches.map { "{layers: [\($0.layers.joined(separator: ", "))]}" }
            layers.append("{branches: [\(texts.joined(separator: ", "))]}")
        }
    }
}
