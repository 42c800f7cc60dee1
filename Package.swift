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
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")
    ],
    targets: [
        .target(
            name: "CDNNL", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "CKernels", dependencies: ["CDNNL"], linkerSettings: [.linkedLibrary("gomp")]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "Philox", swiftSettings: settings),
        .target(name: "TensorGraph", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "CPUExecutor", dependencies: ["CDNNL", "CKernels", "TensorGraph"],
            swiftSettings: settings),
        .target(
            name: "NeuralNetworks", dependencies: ["Philox", "TensorGraph"],
            swiftSettings: settings),
        .target(name: "Datasets", dependencies: ["CZlib", "Philox"], swiftSettings: settings),
        .target(name: "OptimalTransport", swiftSettings: settings),
        .target(name: "Runs", swiftSettings: settings),
        .target(
            name: "WGAN",
            dependencies: ["Datasets", "NeuralNetworks", "Philox", "TensorGraph"],
            swiftSettings: settings),
    ]
)
