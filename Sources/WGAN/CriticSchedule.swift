/// How many critic steps come before each generator step.
///
/// Everything is a function of step numbers, so that a resumed training needs no further state.
public enum CriticSchedule: Hashable, Sendable {
    /// `iterations` critic steps before each generator step, at least 1.
    case fixed(iterations: Int)
    /// 100 critic steps before the first 25 generator steps and before every 500th, counted from
    /// zero, and `iterations` before the others: the schedule of the original program.
    case warmedUp(iterations: Int)
    /// Step k is the generator's when `period` divides k, counted from zero: the very first step
    /// is, and `period` − 1 critic steps lie between two of them.
    case everyStep(period: Int)

    /// Whose turn a step is.
    public enum Turn: Hashable, Sendable {
        /// The critic is updated.
        case critic
        /// The generator is updated.
        case generator
    }

    private static let warmUp = (iterations: 100, first: 25, every: 500)

    /// Critic steps directly before the generator step number `step`, counted from zero.
    public func criticIterations(before step: Int) -> Int {
        switch self {
        case .fixed(let iterations): iterations
        case .warmedUp(let iterations):
            step < Self.warmUp.first || step % Self.warmUp.every == 0
                ? Self.warmUp.iterations : iterations
        case .everyStep(let period): step == 0 ? 0 : period - 1
        }
    }

    /// All critic steps before the generator step number `step`, counted from zero.
    public func totalCriticIterations(before step: Int) -> Int {
        switch self {
        case .fixed(let iterations): return (step + 1) * iterations
        case .warmedUp(let iterations):
            let steps = step + 1
            let later = max((steps + Self.warmUp.every - 1) / Self.warmUp.every - 1, 0)
            let long = min(steps, Self.warmUp.first) + later
            return long * Self.warmUp.iterations + (steps - long) * iterations
        case .everyStep(let period): return step * (period - 1)
        }
    }

    /// Whose turn step number `step` is, critic and generator steps counted together from zero.
    public func turn(atStep step: Int) -> Turn {
        let generatorSteps = generatorSteps(before: step)
        let next = totalCriticIterations(before: generatorSteps) + generatorSteps
        return step == next ? .generator : .critic
    }

    /// The generator steps among the first `step` steps, critic and generator steps counted
    /// together.
    public func generatorSteps(before step: Int) -> Int {
        var (low, high) = (0, max(step, 0))
        while low < high {
            let middle = (low + high) / 2
            // Generator step number `middle` is overall step number total + middle.
            if totalCriticIterations(before: middle) + middle < step {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
