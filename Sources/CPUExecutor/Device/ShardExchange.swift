/// The processes among which a divided program's shards are shared: each has as many, one after the
/// other.
///
/// All processes run the same programs and make the same calls in the same order.
public protocol ShardExchange: AnyObject, Sendable {
    /// The number of this process, counted from 0.
    var process: Int { get }
    /// How many processes there are.
    var processes: Int { get }

    /// Adds the parts of all processes' shards in a fixed tree: neighbours in pairs, then the sums
    /// of pairs in pairs, and so on, where an odd last one goes up as it is.
    ///
    /// - Parameters:
    ///   - parts: This process's shards, each of `count` numbers.
    ///   - count: Numbers of a shard.
    ///   - target: Where the sum goes, in every process.
    /// - Throws: An error of one sentence where another process cannot be reached or has failed.
    func sum(
        _ parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) throws

    /// Puts all processes' shards one after the other.
    ///
    /// - Parameters:
    ///   - parts: This process's shards, each of `count` numbers.
    ///   - count: Numbers of a shard.
    ///   - target: Where they go, in every process.
    /// - Throws: As ``sum(_:count:into:)``.
    func gather(
        _ parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) throws
}

/// A step that needs other processes, bound to its addresses.
final class ExchangeCall {
    private let step: CollectiveStep
    private let parts: [UnsafePointer<Float>]
    private let target: UnsafeMutablePointer<Float>
    private let exchange: any ShardExchange
    /// Why the last run failed.
    private(set) var failure: (any Error)?

    init(
        step: CollectiveStep, parts: [UnsafePointer<Float>], target: UnsafeMutablePointer<Float>,
        _ exchange: any ShardExchange
    ) {
        (self.step, self.parts, self.target, self.exchange) = (step, parts, target, exchange)
    }

    /// 0, or 1 where it failed.
    func run() -> Int32 {
        do {
            switch step.kind {
            case .sum: try exchange.sum(parts, count: step.count, into: target)
            case .gather: try exchange.gather(parts, count: step.count, into: target)
            }
            return 0
        } catch {
            failure = error
            return 1
        }
    }
}
