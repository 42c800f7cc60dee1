import ArgumentParser
import Dashboard
import Files
import Foundation
import Runs
import Synchronization

/// `wgan watch`.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show trainings in a browser while they run.",
        discussion: """
            Serves pages with all runs, each run, and runs beside each other, until it is \
            interrupted. It reads what trainings write and never makes one wait. Only this machine \
            reaches the pages, unless --host names another address: then a reader needs the \
            address with the token that is printed, and all of it passes the network unencrypted.

            Examples:
              wgan watch
              wgan watch runs/mixture-1 --open
              ssh -L 8080:localhost:8080 machine wgan watch
            """)

    @Argument(
        help: ArgumentHelp("Runs, or folders that hold runs; by default runs.", valueName: "run"))
    var folders: [String] = []

    @Option(help: "The address to serve on.")
    var host = "127.0.0.1"

    @Option(
        help: "The port; by default \(Dashboard.Address.usualPort), or any where that is taken.")
    var port: Int?

    @Flag(help: "Open the pages in the browser.")
    var open = false

    func run() throws {
        let dashboard = try Refusal.guarding { try prepare() }
        // A training beside it goes first.
        _ = nice(10)
        let failure = Mutex<(any Error)?>(nil)
        let end = DispatchSemaphore(value: 0)
        Task {
            do {
                try await dashboard.run { url in
                    say("wgan watch: \(url.absoluteString) (Ctrl-C ends it)")
                    if open { Self.show(url) }
                }
            } catch { failure.withLock { $0 = error } }
            end.signal()
        }
        end.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func prepare() throws -> Dashboard {
        if let port, !(0...65535).contains(port) {
            throw CommandFailure("--port \(port) is no port; give 1 to 65535, or 0 for a free one")
        }
        guard !host.isEmpty else {
            throw CommandFailure("--host is empty; name an address of this machine")
        }
        // Runs may come while the pages are shown, the folder of all runs too.
        for folder in folders where !Folder.isFolder(folder) {
            throw CommandFailure(
                "there is no folder \(folder.quoted); name runs, or folders of them")
        }
        let urls = (folders.isEmpty ? ["runs"] : folders).map {
            URL(fileURLWithPath: $0, isDirectory: true)
        }
        return Dashboard(urls, at: Dashboard.Address(host: host, port: port))
    }

    /// Opens an address in the user's browser; what that says is not for this program's user.
    private static func show(_ url: URL) {
        let process = Process()
        #if os(macOS)
            process.executableURL = URL(filePath: "/usr/bin/open")
        #else
            process.executableURL = URL(filePath: "/usr/bin/xdg-open")
        #endif
        process.arguments = [url.absoluteString]
        (process.standardOutput, process.standardError) = (nil, nil)
        do { try process.run() } catch {
            note("no browser could be opened here; open the address yourself")
        }
    }
}
