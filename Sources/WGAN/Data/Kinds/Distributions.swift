package import Datasets
package import StrictYAML

// How configuration files name the distributions of Datasets, which know nothing of YAML.

extension GaussianGrid25: ConfigurableData {
    /// `gaussianGrid25`.
    package static let configurationName = "gaussianGrid25"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        PointData(GaussianGrid25())
    }
}

extension GaussianMixture: ConfigurableData {
    /// `mixture: [{mean: [0, 0], scale: 0.5}, {mean: [2, 0], scale: 0.5}]`.
    package static let configurationName = "mixture"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "components")
        var components: [Component] = []
        for component in try section.sections("components") {
            let mean = try component.value("mean", .list(of: .number()))
            let scale = try component.value("scale", .number(minimum: 0))
            components.append(Component(mean: mean.map { Float($0) }, scale: Float(scale)))
        }
        let found = components
        return PointData(try section.located { try GaussianMixture(found) })
    }
}

extension KantorovichPair: ConfigurableData {
    /// `kantorovichPair: {dimensions: 2, funnels: 16, seed: 0}`: the moved points.
    package static let configurationName = "kantorovichPair"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let dimensions = try section.value("dimensions", .integer(in: 1...4096), default: 2)
        let funnels = try section.value(
            "funnels", .integer(in: 1...GaussianMixture.maximumCount), default: 16)
        let seed = try section.value("seed", .seed, default: 0)
        return PointData(
            try section.located {
                try KantorovichPair(dimensions: dimensions, funnels: funnels, seed: seed)
            }.moved)
    }
}

extension MixtureOnGrid: ConfigurableData {
    /// `mixtureGrid`, or `mixtureGrid: 9`.
    package static let configurationName = "mixtureGrid"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "modes")
        let modes = try section.value(
            "modes", .integer(in: 1...GaussianMixture.maximumCount), default: 2)
        return PointData(
            try section.located { try MixtureOnGrid(count: modes) })
    }
}

extension MixtureOnRing: ConfigurableData {
    /// `mixtureRing`, or `mixtureRing: {modes: 8, radius: 1.4, deviation: 0.014}`.
    package static let configurationName = "mixtureRing"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let modes = try section.value(
            "modes", .integer(in: 1...GaussianMixture.maximumCount), default: 8)
        let radius = try section.value("radius", .number(minimum: 0), default: 2 / 1.414)
        let deviation = try section.value("deviation", .number(minimum: 0), default: 0.02 / 1.414)
        return PointData(
            try section.located {
                try MixtureOnRing(
                    count: modes, radius: Float(radius), standardDeviation: Float(deviation))
            })
    }
}

extension Rings: ConfigurableData {
    /// `rings`, or `rings: {count: 2, radius: 1, noise: 0.02}`.
    package static let configurationName = "rings"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let count = try section.value(
            "count", .integer(in: 1...GaussianMixture.maximumCount), default: 2)
        let radius = try section.value("radius", .number(minimum: 0), default: 1)
        let noise = try section.value("noise", .number(minimum: 0), default: 0.02)
        return PointData(
            try section.located {
                try Rings(count: count, radius: Float(radius), noise: Float(noise))
            })
    }
}

extension SampledRing: ConfigurableData {
    /// `sampledRing`, or `sampledRing: {modes: 5, radius: 1, deviation: 0.1118034, pointsEach: 100,
    /// seed: 0}`.
    package static let configurationName = "sampledRing"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let largest = GaussianMixture.maximumCount
        let modes = try section.value("modes", .integer(in: 1...largest), default: 5)
        let radius = try section.value("radius", .number(minimum: 0), default: 1)
        // The root of the variance 0.0125.
        let deviation = try section.value("deviation", .number(minimum: 0), default: 0.111_803_4)
        let pointsEach = try section.value("pointsEach", .integer(in: 1...largest), default: 100)
        let seed = try section.value("seed", .seed, default: 0)
        return PointData(
            try section.located {
                try SampledRing(
                    count: modes, radius: Float(radius), standardDeviation: Float(deviation),
                    pointsEach: pointsEach, seed: seed)
            })
    }
}

extension SwissRoll: ConfigurableData {
    /// `swissRoll`.
    package static let configurationName = "swissRoll"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        PointData(SwissRoll())
    }
}

extension TwoMoons: ConfigurableData {
    /// `twoMoons`, or `twoMoons: {noise: 0.1}`.
    package static let configurationName = "twoMoons"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let noise = try section.value("noise", .number(minimum: 0), default: 0.1)
        return PointData(try section.located { try TwoMoons(noise: Float(noise)) })
    }
}
