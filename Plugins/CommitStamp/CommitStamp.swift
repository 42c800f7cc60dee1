import Foundation
import PackagePlugin

/// Writes the commit that is built into a Swift file, before each build; a file that says the same
/// stays as it is, so that nothing is built again.
@main struct CommitStamp: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
        let folder = context.pluginWorkDirectoryURL.appending(path: "stamp")
        let script = """
            cd "$1" || exit 0
            top=$(git rev-parse --show-toplevel 2>/dev/null || true)
            if [ -n "$top" ] && [ "$top" -ef . ]; then
                commit=$(git rev-parse --short=12 HEAD 2>/dev/null || true)
                changed=$(git --no-optional-locks status --porcelain --untracked-files=no)
            fi
            text="/// The commit that was built; empty where that is not known.
            let stampedCommit = \\"$commit${changed:+, changed}\\""
            mkdir -p "$2"
            file="$2/Commit.swift"
            [ "$(cat "$file" 2>/dev/null)" = "$text" ] || printf '%s\\n' "$text" >"$file"
            """
        return [
            .prebuildCommand(
                displayName: "Looking which commit this is",
                executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.path(percentEncoded: false),
                    folder.path(percentEncoded: false),
                ],
                outputFilesDirectory: folder)
        ]
    }
}
