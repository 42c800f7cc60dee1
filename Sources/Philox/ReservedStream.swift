/// The random streams with a purpose of their own, so that nothing draws the numbers of another.
///
/// A training step counts its streams up: the critic's from 1, the generator's from
/// ``generatorStep``. Numbers are part of what a seed means and never change.
package enum ReservedStream {
    /// The first of a generator's update.
    package static let generatorStep: UInt32 = 1 << 16
    /// Points of a batch, and the order of an epoch's samples.
    package static let data: UInt32 = 1 << 24
    /// Which images of an epoch are mirrored.
    package static let mirroring: UInt32 = 1 << 24 + 1
    /// Digits of a fixed set of stacks.
    package static let stacks: UInt32 = 1 << 24 + 2
    /// Digits of stacks without an end, by step.
    package static let endlessStacks: UInt32 = 1 << 24 + 3
    /// Real points that a run's exact distance is measured to.
    package static let exactDistance: UInt32 = 1 << 25
    /// Real points that those are compared with.
    package static let exactDistanceFloor: UInt32 = 1 << 25 + 1
    /// Real points that pictures show.
    package static let shownPoints: UInt32 = 1 << 25 + 2
    /// Real points that a finished run is judged by.
    package static let judgingPoints: UInt32 = 1 << 25 + 8
    /// Which images a finished run is judged by.
    package static let judgingImages: UInt32 = 1 << 25 + 9
    /// Real points of the experiment on mode collapse.
    package static let modeCollapse: UInt32 = 1 << 25 + 12
    /// Points of a ring that are drawn once and kept.
    package static let keptRing: UInt32 = 1 << 26
    /// Directions of sliced distances.
    package static let directions: UInt32 = 1 << 26 + 1
    /// Funnels of pairs with a known distance.
    package static let knownPairs: UInt32 = 1 << 26 + 2
    /// Points that such a distance is computed from.
    package static let knownDistances: UInt32 = 1 << 26 + 3
    /// Initial values of parameters.
    package static let initialValues = UInt32.max

    /// All of them.
    package static let all = [
        generatorStep, data, mirroring, stacks, endlessStacks, exactDistance, exactDistanceFloor,
        shownPoints, judgingPoints, judgingImages, modeCollapse, keptRing, directions,
        knownPairs, knownDistances, initialValues,
    ]
}
