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
        .target(name: "Philox", swiftSettings: settings),
        .target(name: "TensorGraph", dependencies: ["Philox"], swiftSettings: settings),
        .testTarget(name: "PhiloxTests", dependencies: ["Philox"], swiftSettings: settings),
    ]
)
