/// The processes among which a divided program's shards are shared: each has as many, one after the
/// other.
///
/// All processes run the same programs and make the same calls in the same order.
public protocol ShardExchange: AnyObject, Sendable {
    /// The number of this process, counted from 0.
    var process: Int { get }
    /// How many processes there are.
    var processes: Int { get }

    /// Begins to add the parts of all processes' shards in a fixed tree: neighbours in pairs, then
    /// the sums of pairs in pairs, and so on, where an odd last one goes up as it is. Until the sum
    /// is waited for, the process goes on and leaves the memory as it is.
    ///
    /// - Parameters:
    ///   - parts: This process's shards, each of `count` numbers.
    ///   - count: Numbers of a shard.
    ///   - target: Where the sum goes, in every process.
    /// - Returns: What ``wait(_:)`` takes, once.
    /// - Throws: An error of one sentence where another process cannot be reached or has failed.
    func begin(
        sum parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) throws -> any Sendable

    /// Waits until a sum is there.
    ///
    /// - Throws: As ``begin(sum:count:into:)``.
    func wait(_ sum: any Sendable) throws

    /// Puts all processes' shards one after the other.
    ///
    /// - Parameters:
    ///   - parts: This process's shards, each of `count` numbers.
    ///   - count: Numbers of a shard.
    ///   - target: Where they go, in every process.
    /// - Throws: As ``begin(sum:count:into:)``.
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
    private var begun: (any Sendable)?
    /// Why the last run failed.
    private(set) var failure: (any Error)?

    init(
        step: CollectiveStep, parts: [UnsafePointer<Float>], target: UnsafeMutablePointer<Float>,
        _ exchange: any ShardExchange
    ) {
        (self.step, self.parts, self.target, self.exchange) = (step, parts, target, exchange)
    }

    /// Begins a sum, or gathers; 0, or 1 where it failed.
    func run() -> Int32 {
        noting {
            switch step.kind {
            case .sum: begun = try exchange.begin(sum: parts, count: step.count, into: target)
            case .gather: try exchange.gather(parts, count: step.count, into: target)
            }
        }
    }

    /// Waits for the sum; 0, or 1 where it failed.
    func finish() -> Int32 {
        noting {
            if let begun { try exchange.wait(begun) }
            begun = nil
        }
    }

    private func noting(_ body: () throws -> Void) -> Int32 {
        do { try body() } catch {
            failure = error
            return 1
        }
        return 0
    }
}
