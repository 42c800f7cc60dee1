// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "swift-wgan",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "wgan", targets: ["wgan"]),
        .library(name: "TensorGraph", targets: ["TensorGraph"]),
        .library(name: "CPUExecutor", targets: ["CPUExecutor"]),
        .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
        .library(name: "WGAN", targets: ["WGAN"]),
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "Exchange", targets: ["Exchange"]),
        .library(name: "OptimalTransport", targets: ["OptimalTransport"]),
        .library(name: "Figures", targets: ["Figures"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries behind thin C modules.
        .target(
            name: "CDNNL", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "CKernels", dependencies: ["CDNNL"]),
        .systemLibrary(
            name: "CCairo", pkgConfig: "cairo-pdf",
            providers: [.apt(["librsvg2-dev"]), .brew(["cairo", "librsvg"])]),
        .systemLibrary(
            name: "CCGIF", pkgConfig: "cgif",
            providers: [.apt(["libcgif-dev"]), .brew(["cgif"])]),
        .target(
            name: "CVips", dependencies: ["CCairo", "CCGIF"],
            linkerSettings: ["vips", "rsvg-2", "gio-2.0", "gobject-2.0", "glib-2.0"].map {
                .linkedLibrary($0)
            }),
        .target(
            name: "CClassifiers", exclude: ["fashion-mnist.safetensors", "mnist.safetensors"]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        // Useful alone: no knowledge of networks.
        .target(name: "Philox", swiftSettings: settings),
        .target(name: "StrictYAML", dependencies: ["Yams"], swiftSettings: settings),
        .target(
            name: "Datasets", dependencies: ["CCurl", "CVips", "CZlib", "Philox"],
            swiftSettings: settings),
        .target(name: "OptimalTransport", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "Evaluation", dependencies: ["CKernels", "Philox"], swiftSettings: settings),
        .target(name: "Figures", dependencies: ["CVips"], swiftSettings: settings),
        .target(
            name: "Runs",
            dependencies: [
                "CZlib", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["Events/tensorboard.proto"], swiftSettings: settings),

        // Tensor programs, where they run, and what is built of them.
        .target(name: "TensorGraph", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "CPUExecutor", dependencies: ["CDNNL", "CKernels", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "NeuralNetworks", dependencies: ["Philox", "StrictYAML", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "WGAN",
            dependencies: [
                "Datasets", "NeuralNetworks", "OptimalTransport", "Philox", "Runs", "StrictYAML",
                "TensorGraph",
            ],
            resources: [.embedInCode("Presets")], swiftSettings: settings),

        // Judging: what knows both networks and measures.
        .target(
            name: "FeatureNetworks",
            dependencies: [
                "CClassifiers", "CKernels", "Datasets", "Evaluation", "NeuralNetworks", "Philox",
                "Runs", "StrictYAML", "TensorGraph",
            ], swiftSettings: settings),

        // Other programs' forms of networks.
        .target(
            name: "Exchange",
            dependencies: [
                "NeuralNetworks", "TensorGraph",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["ONNX/onnx.proto"], swiftSettings: settings),

        // The command.
        .target(
            name: "WGANCommand",
            dependencies: [
                "CPUExecutor", "Datasets", "Evaluation", "Exchange", "FeatureNetworks", "Figures",
                "NeuralNetworks", "OptimalTransport", "Philox", "Runs", "StrictYAML",
                "TensorGraph", "WGAN",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.embedInCode("Reporting/report.css")], swiftSettings: settings),
        .executableTarget(name: "wgan", dependencies: ["WGANCommand"], swiftSettings: settings),

        // Tests.
        .target(
            name: "GraphTestSupport", dependencies: ["Philox", "TensorGraph"],
            path: "Tests/GraphTestSupport", swiftSettings: settings),
        .target(
            name: "ConfigurationTestSupport", dependencies: ["StrictYAML"],
            path: "Tests/ConfigurationTestSupport", swiftSettings: settings),
        .target(
            name: "GoldenSupport", dependencies: ["NeuralNetworks", "TensorGraph", "WGAN"],
            path: "Tests/GoldenSupport", swiftSettings: settings),
        .target(
            name: "ParserTestSupport", dependencies: ["Datasets", "Runs", "StrictYAML", "WGAN"],
            path: "Tests/ParserTestSupport", swiftSettings: settings),
        .testTarget(
            name: "ParserTests", dependencies: ["ParserTestSupport"], exclude: ["Seeds"],
            swiftSettings: settings),
        .target(
            name: "PythonTestSupport", path: "Tests/PythonTestSupport", swiftSettings: settings),
        .target(
            name: "FetchTestSupport", path: "Tests/FetchTestSupport",
            exclude: ["unreliable_server.py"], swiftSettings: settings),
        .testTarget(name: "CDNNLTests", dependencies: ["CDNNL"], swiftSettings: settings),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(
            name: "CKernelsTests", dependencies: ["CKernels", "Philox", "TensorGraph"],
            swiftSettings: settings),
        .testTarget(
            name: "CPUExecutorTests",
            dependencies: [
                "AllocationCounter", "CDNNL", "CKernels", "CPUExecutor", "GoldenSupport",
                "GraphTestSupport", "NeuralNetworks", "Philox", "TensorGraph", "WGAN",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "DatasetsTests", dependencies: ["Datasets", "FetchTestSupport", "Philox"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Evaluation", "Philox"],
            swiftSettings: settings),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "Exchange", "NeuralNetworks", "Philox", "PythonTestSupport", "Runs", "TensorGraph",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FeatureNetworksTests",
            dependencies: [
                "CPUExecutor", "Datasets", "Evaluation", "FeatureNetworks", "Philox", "Runs",
                "TensorGraph",
            ], swiftSettings: settings),
        .testTarget(name: "FiguresTests", dependencies: ["Figures"], swiftSettings: settings),
        .testTarget(
            name: "NeuralNetworksTests",
            dependencies: [
                "ConfigurationTestSupport", "GraphTestSupport", "NeuralNetworks", "Philox",
                "StrictYAML", "TensorGraph",
            ], exclude: ["Golden"], swiftSettings: settings),
        .testTarget(
            name: "OptimalTransportTests", dependencies: ["OptimalTransport", "Philox"],
            swiftSettings: settings),
        .testTarget(name: "PhiloxTests", dependencies: ["Philox"], swiftSettings: settings),
        .testTarget(
            name: "RunsTests", dependencies: ["PythonTestSupport", "Runs"],
            swiftSettings: settings),
        .testTarget(
            name: "StrictYAMLTests", dependencies: ["StrictYAML", "Yams"], swiftSettings: settings),
        .testTarget(
            name: "TensorGraphTests", dependencies: ["GraphTestSupport", "Philox", "TensorGraph"],
            swiftSettings: settings),
        .testTarget(
            name: "WGANTests",
            dependencies: [
                "ConfigurationTestSupport", "CPUExecutor", "Datasets", "GoldenSupport",
                "GraphTestSupport", "NeuralNetworks", "OptimalTransport", "Philox", "Runs",
                "StrictYAML", "TensorGraph", "WGAN",
            ], exclude: ["Augmentation/Golden", "Golden"], swiftSettings: settings),
        .testTarget(
            name: "WGANCommandTests",
            dependencies: [
                "CPUExecutor", "FetchTestSupport", "Figures", "NeuralNetworks",
                "PythonTestSupport", "Runs",
                "StrictYAML", "TensorGraph", "WGAN", "WGANCommand", "wgan",
            ],
            swiftSettings: settings),
    ]
)

// scripts/fuzz sets the variable: the fuzzer links only with libFuzzer's own main.
if Context.environment["WGAN_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "wgan-fuzz", dependencies: ["ParserTestSupport"], path: "Tests/Fuzzing",
            swiftSettings: settings))
}
