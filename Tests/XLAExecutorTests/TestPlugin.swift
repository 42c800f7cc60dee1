import TensorGraph
import Testing

@testable import XLAExecutor

/// XLA's plugin for processors, by which everything but speed is tested.
enum TestPlugin {
    static let isInstalled = PluginSearch().path(of: PluginSearch.known.last!) != nil
    static let absence: Comment = "the plugin xla-cpu is not installed; scripts/setup-xla does it"

    /// One of its devices, whose programs are compiled anew.
    static func device(
        _ number: Int = 0, count: Int = 1, cache: ProgramCache? = nil,
        loopsConvolutions: Bool? = true
    ) throws -> XLADevice {
        guard let path = PluginSearch().path(of: PluginSearch.known.last!) else {
            throw ExecutionError("\(absence)")
        }
        return try XLADevice(
            Plugin.opened(path), number: number, count: count, choice: "xla-cpu:\(number)",
            cache: cache, loopsConvolutions: loopsConvolutions)
    }
}
