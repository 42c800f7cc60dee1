import Foundation

/// The user's folder for what can be made or fetched again, and in it a folder of this project:
/// `$XDG_CACHE_HOME/swift-wgan/<name>`, or `~/.cache/swift-wgan/<name>`.
///
/// - Parameters:
///   - environment: The variables of the process.
///   - home: The user's own folder.
package func cacheFolder(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    home: String = NSHomeDirectory()
) -> String {
    // The XDG specification has relative paths ignored.
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let root = cache ?? (home as NSString).appendingPathComponent(".cache")
    return (root as NSString).appendingPathComponent("swift-wgan/\(name)")
}
