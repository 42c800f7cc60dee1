import CKernels
import Foundation
import TensorGraph

/// What plans depend on of a processor: a plan is a function of a program, of threads and of this.
///
/// Only the layouts of weights that oneDNN likes best, and its scratch memory, are always those of
/// this machine's oneDNN.
public struct Processor: Hashable, Sendable {
    /// The vector instructions that are used.
    public let vectors: VectorLevel
    /// Processors that may work at the same time, at least 1.
    public let cores: Int
    /// Bytes of a core's first data cache.
    public let firstCache: Int
    /// Bytes of the cache before memory.
    public let lastCache: Int
    /// The numbers by which plans choose.
    package var tuning: Tuning

    /// A processor; with the caches that small ones of servers have, unless they are given.
    package init(
        vectors: VectorLevel, cores: Int = 2, firstCache: Int = 32 << 10, lastCache: Int = 16 << 20
    ) {
        (self.vectors, self.cores) = (vectors, cores)
        (self.firstCache, self.lastCache) = (firstCache, lastCache)
        tuning = Tuning(vectors, firstCache: firstCache, lastCache: lastCache)
    }

    /// This machine's, with the vector instructions that its kernels use.
    public static let current: Processor = {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let usual = Processor(vectors: .inUse, cores: cores)
        #if canImport(Glibc)
            let sizes = [_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL3_CACHE_SIZE].map { sysconf(Int32($0)) }
            // Zero where the system does not know.
            return Processor(
                vectors: .inUse, cores: cores,
                firstCache: sizes[0] > 0 ? sizes[0] : usual.firstCache,
                lastCache: sizes[1] > 0 ? sizes[1] : usual.lastCache)
        #else
            return usual
        #endif
    }()
}

/// Vector instructions for which there are kernels; each level contains those before it.
public enum VectorLevel: Int32, CaseIterable, Comparable, Sendable {
    /// What the architecture always has; all there is on other than x86-64.
    case baseline = 0
    /// AVX2 with FMA: x86-64-v3.
    case avx2
    /// AVX-512: x86-64-v4.
    case avx512

    /// The environment's variable that lowers the level: it holds a level's name.
    public static let variable = "WGAN_VECTORS"

    /// The best one that this machine has.
    public static var best: VectorLevel { VectorLevel(rawValue: wk_best_level())! }

    /// The one in use: the best one, or a lower one that the environment asked for when the process
    /// began.
    public static var inUse: VectorLevel { VectorLevel(rawValue: wk_level())! }

    /// A level is lower than those that contain it.
    public static func < (a: VectorLevel, b: VectorLevel) -> Bool { a.rawValue < b.rawValue }

    /// "baseline", "avx2" or "avx512".
    public var name: String { String(cString: wk_level_name(rawValue)) }

    /// - Throws: `ExecutionError` where the environment asks for a level that is unknown or that
    ///   this machine lacks.
    public static func checkEnvironment() throws {
        try check(ProcessInfo.processInfo.environment[variable], best: best)
    }

    /// - Parameter value: The variable's; nothing is asked for where it is nil or empty.
    package static func check(_ value: String?, best: VectorLevel) throws {
        guard let value, !value.isEmpty else { return }
        let names = allCases.filter { $0 <= best }.map(\.name).joined(separator: ", ")
        guard let level = VectorLevel(rawValue: wk_level_named(value)) else {
            throw ExecutionError(
                "\(variable) is \"\(value)\", which is no level of vector instructions; name one "
                    + "that this machine has (\(names)) or unset it")
        }
        guard level <= best else {
            throw ExecutionError(
                "\(variable) is \(value), which this machine lacks; name one that it has "
                    + "(\(names)) or unset it")
        }
    }
}

extension VectorLevel: CustomStringConvertible {
    /// The usual name, within a sentence.
    public var description: String {
        switch self {
        case .baseline: "the baseline"
        case .avx2: "AVX2"
        case .avx512: "AVX-512"
        }
    }
}
