import FileTestSupport
import Foundation
import Testing

/// Chromium without a window, where it is installed.
enum Browser {
    static let isThere = executable != nil

    /// What a reader of a page sees of it.
    struct View: Decodable {
        /// The width that the page takes, in pixels.
        let width: Double
        /// The colour behind the text, 0…255 each.
        let background: [Double]
        /// The colour of the card of the first chart.
        let chart: String
        /// How many pictures there are, and how many of them could be shown.
        let pictures: Int
        let shownPictures: Int
        /// Elements that reach beyond the page's edge.
        let overflowing: [String]
    }

    /// Opens a page in a frame of a width, for a reader who prefers a dark page or does not.
    static func view(_ page: String, width: Int, isDark: Bool) throws -> View {
        let temporary = try TemporaryFolder()
        let folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        let file = folder.appending(path: "frame.html")
        try Data(frame(page, width: width).utf8).write(to: file)
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = executable
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--user-data-dir=\(folder.path)/profile", "--timeout=60000",
            "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
            file.absoluteString,
        ]
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let dom = try String(contentsOf: output, encoding: .utf8)
        let found = dom.components(separatedBy: "<pre id=\"found\">").last?
            .components(separatedBy: "</pre>").first
        return try JSONDecoder().decode(View.self, from: Data((found ?? "").utf8))
    }

    /// A page that holds another one in a frame and says how that looks.
    private static func frame(_ page: String, width: Int) -> String {
        let escaped = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        return """
            <!doctype html><meta charset="utf-8"><body>
            <iframe id="frame" width="\(width)" height="800" srcdoc="\(escaped)"></iframe>
            <pre id="found"></pre>
            <script>
            addEventListener("load", () => {
                const page = frame.contentDocument, root = page.documentElement;
                const card = page.querySelector("figure svg rect");
                const beyond = [...page.querySelectorAll("main *")].filter(e =>
                    !e.closest("svg, pre") && e.getBoundingClientRect().right > root.clientWidth);
                found.textContent = JSON.stringify({
                    width: root.scrollWidth,
                    background: getComputedStyle(page.body).backgroundColor
                        .match(/\\d+/g).map(Number),
                    chart: getComputedStyle(card).fill,
                    pictures: page.images.length,
                    shownPictures: [...page.images].filter(i => i.naturalWidth > 0).length,
                    overflowing: beyond.map(e => e.tagName + "." + e.className),
                });
            });
            </script>
            """
    }

    static let executable: URL? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let places = folders.flatMap { folder in
            ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" }
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
            .map { URL(fileURLWithPath: $0) }
    }()
}
