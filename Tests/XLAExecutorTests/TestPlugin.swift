import TensorGraph
import Testing
import XLAExecutor

/// XLA's plugin for processors, by which everything but speed is tested.
enum TestPlugin {
    static let isInstalled = PluginSearch().path(of: PluginSearch.known.last!) != nil
    static let absence: Comment = "the plugin xla-cpu is not installed; scripts/setup-xla does it"

    static func device(_ number: Int = 0) throws -> XLADevice {
        try XLADevice(named: "xla-cpu:\(number)")
    }
}
