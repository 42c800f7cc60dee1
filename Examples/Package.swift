// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-wgan", path: "..")],
    targets: [
        .executableTarget(
            name: "CriticAudit",
            dependencies: ["CPUExecutor", "Datasets", "Figures", "NeuralNetworks", "WGAN"]
                .map { .product(name: $0, package: "swift-wgan") }),
        .executableTarget(
            name: "Extensions",
            dependencies: [
                "CPUExecutor", "Datasets", "Evaluation", "NeuralNetworks", "Philox", "Runs",
                "TensorGraph", "WGAN",
            ].map { .product(name: $0, package: "swift-wgan") }),
        .executableTarget(
            name: "TwoNetworks",
            dependencies: ["CPUExecutor", "Datasets", "NeuralNetworks", "Runs", "WGAN"]
                .map { .product(name: $0, package: "swift-wgan") }),
    ]
)
