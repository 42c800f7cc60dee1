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
        .library(name: "XLAExecutor", targets: ["XLAExecutor"]),
        .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
        .library(name: "WGAN", targets: ["WGAN"]),
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "ArrayFiles", targets: ["ArrayFiles"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "Exchange", targets: ["Exchange"]),
        .library(name: "Philox", targets: ["Philox"]),
        .library(name: "Runs", targets: ["Runs"]),
        .library(name: "OptimalTransport", targets: ["OptimalTransport"]),
        .library(name: "MessagePassing", targets: ["MessagePassing"]),
        .library(name: "Figures", targets: ["Figures"]),
        .library(name: "Files", targets: ["Files"]),
        .library(name: "StrictYAML", targets: ["StrictYAML"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        // A page is served without settings from the environment.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1",
            traits: ["FullFoundation"]),
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
        .systemLibrary(
            name: "CLAPACK", pkgConfig: "lapacke",
            providers: [.apt(["liblapacke-dev"]), .brew(["lapack"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        // Useful alone: no knowledge of networks.
        .target(name: "Philox", swiftSettings: settings),
        .target(name: "Files", dependencies: ["CZlib"], swiftSettings: settings),
        .target(name: "ArrayFiles", dependencies: ["CZlib", "Files"], swiftSettings: settings),
        .target(name: "StrictYAML", dependencies: ["Files", "Yams"], swiftSettings: settings),
        .target(
            name: "Datasets", dependencies: ["ArrayFiles", "CCurl", "CVips", "Files", "Philox"],
            swiftSettings: settings),
        .target(name: "OptimalTransport", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "Evaluation", dependencies: ["CKernels", "CLAPACK", "Philox"],
            swiftSettings: settings),
        .target(name: "Figures", dependencies: ["CVips", "Files"], swiftSettings: settings),

        // Tensor programs, where they run, and what is built of them.
        .target(name: "TensorGraph", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "CPUExecutor", dependencies: ["CDNNL", "CKernels", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "CMPI", exclude: ["shim"],
            linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(
            name: "MessagePassing", dependencies: ["CMPI", "Files"], swiftSettings: settings),
        .target(name: "CPJRT", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(
            name: "XLAExecutor", dependencies: ["CPJRT", "Files", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "NeuralNetworks", dependencies: ["Philox", "StrictYAML", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "WGAN",
            dependencies: [
                "ArrayFiles", "Datasets", "Files", "NeuralNetworks", "OptimalTransport", "Philox",
                "StrictYAML", "TensorGraph",
            ],
            resources: [.embedInCode("Presets"), .embedInCode("KnownDistances/published.csv")],
            swiftSettings: settings),

        // Judging: what knows both networks and measures.
        .target(
            name: "FeatureNetworks",
            dependencies: [
                "ArrayFiles", "CClassifiers", "CKernels", "Datasets", "Evaluation", "Files",
                "NeuralNetworks", "Philox", "StrictYAML", "TensorGraph",
            ], swiftSettings: settings),

        // What a training leaves, and how it goes on.
        .target(
            name: "Runs",
            dependencies: [
                "ArrayFiles", "CPUExecutor", "Datasets", "Evaluation", "FeatureNetworks",
                "Figures", "Files", "MessagePassing", "NeuralNetworks", "OptimalTransport",
                "Philox", "StrictYAML", "TensorGraph", "WGAN", "XLAExecutor",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["Events/tensorboard.proto"],
            resources: [.embedInCode("Page/report.css")], swiftSettings: settings),

        // Other programs' forms of networks.
        .target(
            name: "Exchange",
            dependencies: [
                "NeuralNetworks", "TensorGraph",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["ONNX/onnx.proto"], swiftSettings: settings),

        // A page that shows runs.
        .target(
            name: "Dashboard",
            dependencies: [
                "Datasets", "Evaluation", "Figures", "Files", "Runs", "StrictYAML", "WGAN",
                .product(name: "Hummingbird", package: "hummingbird"),
            ], resources: [.embedInCode("Assets")], swiftSettings: settings),

        // Which commit is built.
        .plugin(name: "CommitStamp", capability: .buildTool()),
        .target(name: "BuildStamp", swiftSettings: settings, plugins: ["CommitStamp"]),

        // The command.
        .target(
            name: "WGANCommand",
            dependencies: [
                "ArrayFiles", "BuildStamp", "CPUExecutor", "Dashboard", "Datasets", "Evaluation",
                "Exchange",
                "FeatureNetworks", "Figures", "Files", "MessagePassing", "NeuralNetworks",
                "OptimalTransport", "Philox", "Runs", "StrictYAML",
                "TensorGraph", "WGAN", "XLAExecutor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .executableTarget(name: "wgan", dependencies: ["WGANCommand"], swiftSettings: settings),

        // The example that tests kill and start again.
        .executableTarget(
            name: "two-networks",
            dependencies: ["CPUExecutor", "Datasets", "NeuralNetworks", "Runs", "WGAN"],
            path: "Examples/Sources/TwoNetworks", swiftSettings: settings),

        // Tests.
        .target(
            name: "FileTestSupport", path: "Tests/FileTestSupport", swiftSettings: settings),
        .testTarget(
            name: "FilesTests", dependencies: ["FileTestSupport", "Files"],
            swiftSettings: settings),
        .testTarget(
            name: "ArrayFilesTests",
            dependencies: [
                "ArrayFiles", "Datasets", "FileTestSupport", "Files", "PythonTestSupport",
            ], swiftSettings: settings),
        .target(
            name: "GraphTestSupport", dependencies: ["CPUExecutor", "Philox", "TensorGraph"],
            path: "Tests/GraphTestSupport", swiftSettings: settings),
        .target(
            name: "ConfigurationTestSupport", dependencies: ["StrictYAML"],
            path: "Tests/ConfigurationTestSupport", swiftSettings: settings),
        .target(
            name: "GoldenSupport",
            dependencies: ["FileTestSupport", "NeuralNetworks", "TensorGraph", "WGAN"],
            path: "Tests/GoldenSupport", swiftSettings: settings),
        .target(
            name: "ParserTestSupport", dependencies: ["ArrayFiles", "Runs", "StrictYAML", "WGAN"],
            path: "Tests/ParserTestSupport", swiftSettings: settings),
        .testTarget(
            name: "ParserTests", dependencies: ["ParserTestSupport"], exclude: ["Seeds"],
            swiftSettings: settings),
        .target(
            name: "PythonTestSupport", dependencies: ["FileTestSupport"],
            path: "Tests/PythonTestSupport", swiftSettings: settings),
        .target(
            name: "FetchTestSupport", dependencies: ["FileTestSupport", "PythonTestSupport"],
            path: "Tests/FetchTestSupport", exclude: ["unreliable_server.py"],
            swiftSettings: settings),
        .testTarget(name: "CDNNLTests", dependencies: ["CDNNL"], swiftSettings: settings),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(
            name: "CKernelsTests",
            dependencies: ["CKernels", "GraphTestSupport", "Philox", "TensorGraph"],
            swiftSettings: settings),
        .testTarget(
            name: "CPUExecutorTests",
            dependencies: [
                "AllocationCounter", "CDNNL", "CKernels", "CPUExecutor", "GoldenSupport",
                "GraphTestSupport", "NeuralNetworks", "Philox", "TensorGraph", "WGAN",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "XLAExecutorTests",
            dependencies: [
                "CPUExecutor", "Datasets", "FileTestSupport", "GoldenSupport", "GraphTestSupport",
                "NeuralNetworks", "TensorGraph", "WGAN", "XLAExecutor",
            ], swiftSettings: settings),
        .testTarget(
            name: "DatasetsTests",
            dependencies: [
                "ArrayFiles", "Datasets", "FetchTestSupport", "FileTestSupport", "Files", "Philox",
            ], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Evaluation", "FileTestSupport", "Philox", "PythonTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "ArrayFiles", "Exchange", "FileTestSupport", "NeuralNetworks", "Philox",
                "PythonTestSupport", "TensorGraph",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FeatureNetworksTests",
            dependencies: [
                "ArrayFiles", "CPUExecutor", "Datasets", "Evaluation", "FeatureNetworks",
                "FileTestSupport", "Philox", "PythonTestSupport", "TensorGraph",
            ], swiftSettings: settings),
        .testTarget(
            name: "FiguresTests", dependencies: ["FileTestSupport", "Figures"],
            swiftSettings: settings),
        // A process of those that tests start under the launchers of MPI.
        .executableTarget(
            name: "message-passing-rank", dependencies: ["MessagePassing"],
            path: "Tests/MessagePassingRank", swiftSettings: settings),
        .testTarget(
            name: "MessagePassingTests",
            dependencies: ["CMPI", "FileTestSupport", "MessagePassing", "message-passing-rank"],
            exclude: ["Support/other_version.c"], swiftSettings: settings),
        .testTarget(
            name: "NeuralNetworksTests",
            dependencies: [
                "ConfigurationTestSupport", "FileTestSupport", "GraphTestSupport", "NeuralNetworks",
                "Philox", "StrictYAML", "TensorGraph",
            ], exclude: ["Golden"], swiftSettings: settings),
        .testTarget(
            name: "OptimalTransportTests",
            dependencies: ["FileTestSupport", "OptimalTransport", "Philox", "PythonTestSupport"],
            swiftSettings: settings),
        .testTarget(name: "PhiloxTests", dependencies: ["Philox"], swiftSettings: settings),
        .testTarget(
            name: "RunsTests",
            dependencies: ["ArrayFiles", "FileTestSupport", "Files", "PythonTestSupport", "Runs"],
            swiftSettings: settings),
        .testTarget(
            name: "StrictYAMLTests", dependencies: ["FileTestSupport", "StrictYAML", "Yams"],
            swiftSettings: settings),
        .testTarget(
            name: "TensorGraphTests", dependencies: ["GraphTestSupport", "Philox", "TensorGraph"],
            swiftSettings: settings),
        .testTarget(
            name: "WGANTests",
            dependencies: [
                "ArrayFiles", "ConfigurationTestSupport", "CPUExecutor", "Datasets",
                "FileTestSupport", "Files", "GoldenSupport", "GraphTestSupport", "NeuralNetworks",
                "OptimalTransport", "Philox", "StrictYAML", "TensorGraph", "WGAN",
            ], exclude: ["Augmentation/Golden", "Golden"], swiftSettings: settings),
        .testTarget(
            name: "WGANCommandTests",
            dependencies: [
                "ArrayFiles", "CPUExecutor", "Evaluation", "FetchTestSupport", "FileTestSupport",
                "Figures", "Files", "NeuralNetworks", "Philox", "PythonTestSupport", "Runs",
                "StrictYAML", "TensorGraph", "WGAN", "WGANCommand", "XLAExecutor", "two-networks",
                "wgan",
            ], exclude: ["Support/failing_plugin.c"],
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
