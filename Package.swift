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
    targets: [
        .target(
            name: "CDNNL", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp")]),
        .target(name: "Philox", swiftSettings: settings),
        .target(name: "TensorGraph", dependencies: ["Philox"], swiftSettings: settings),
        .target(
            name: "CPUExecutor", dependencies: ["CDNNL", "CKernels", "TensorGraph"],
            swiftSettings: settings),
        .testTarget(name: "PhiloxTests", dependencies: ["Philox"], swiftSettings: settings),
    ]
)
