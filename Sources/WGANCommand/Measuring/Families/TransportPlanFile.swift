import ArrayFiles
import Foundation
import OptimalTransport

/// A plan and its potentials in a `.npz` file, which appears only when it is complete.
enum TransportPlanFile {
    /// The most entries of a plan that has mass everywhere: 1 GiB.
    static let largestDensePlan = 1 << 27

    /// Writes a plan of few moves: `source`, `target` and `mass` of each, potentials `u` and `v`.
    ///
    /// - Parameter price: `lambda`, the price of mass where not all of it is moved.
    static func write(
        _ moves: [TransportPlan.Move], _ potentials: ([Double], [Double]), price: Double? = nil,
        to place: String
    ) throws {
        let count = [moves.count]
        var arrays: [NumpyArchive.NamedArray] = [
            .init("source", shape: count, values: moves.map(\.source)),
            .init("target", shape: count, values: moves.map(\.target)),
            .init("mass", shape: count, values: moves.map(\.mass)),
        ]
        arrays += self.potentials(potentials)
        if let price { arrays.append(.init("lambda", shape: [], values: [price])) }
        try NumpyArchive.write(arrays, to: URL(fileURLWithPath: place))
    }

    /// Writes a plan that has mass everywhere: `plan`, row-major, and potentials `u` and `v`.
    static func write(
        _ plan: [Double], _ potentials: ([Double], [Double]), to place: String
    ) throws {
        let shape = [potentials.0.count, potentials.1.count]
        try NumpyArchive.write(
            [.init("plan", shape: shape, values: plan)] + self.potentials(potentials),
            to: URL(fileURLWithPath: place))
    }

    private static func potentials(
        _ potentials: ([Double], [Double])
    ) -> [NumpyArchive.NamedArray] {
        [
            .init("u", shape: [potentials.0.count], values: potentials.0),
            .init("v", shape: [potentials.1.count], values: potentials.1),
        ]
    }
}
