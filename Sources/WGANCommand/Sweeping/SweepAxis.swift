import Files
import Foundation

/// A setting that a sweep changes from run to run.
struct SweepAxis {
    /// The setting's path, such as `constraint.gradientPenalty.coefficient`.
    let key: String
    /// Its values, as they are written in a configuration.
    let values: [String]

    /// What the setting is called in names and legends: the last part of its path.
    var name: String { key.split(separator: ".").last.map(String.init) ?? key }

    /// The axis of an argument `key=a,b,c`; commas in brackets or quotes are parts of values.
    init(_ argument: String) throws {
        guard let sign = argument.firstIndex(of: "=") else {
            throw CommandFailure("--over \(argument) has no '='; write key=a,b,c")
        }
        key = argument[..<sign].trimmingCharacters(in: .whitespaces)
        values = Self.values(argument[argument.index(after: sign)...])
        guard !key.isEmpty, !values.isEmpty, values.allSatisfy({ !$0.isEmpty }) else {
            throw CommandFailure("--over \(argument) lacks a key or a value; write key=a,b,c")
        }
        guard Set(values).count == values.count else {
            throw CommandFailure("--over \(argument) has a value twice; give each once")
        }
    }

    private static func values(_ text: Substring) -> [String] {
        var values = [""]
        var depth = 0
        var quote: Character?
        for character in text {
            switch character {
            case "," where depth == 0 && quote == nil:
                values.append("")
                continue
            case "[", "{": if quote == nil { depth += 1 }
            case "]", "}": if quote == nil { depth -= 1 }
            case "'", "\"":
                if quote == nil { quote = character } else if quote == character { quote = nil }
            default: break
            }
            values[values.count - 1].append(character)
        }
        return values.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// One run of a sweep: a value of each axis.
struct SweepPoint {
    let settings: [(axis: SweepAxis, value: String)]

    /// All combinations of the axes' values, those of the last axis changing first.
    static func all(_ axes: [SweepAxis]) -> [SweepPoint] {
        axes.reduce([SweepPoint(settings: [])]) { points, axis in
            points.flatMap { point in
                axis.values.map { SweepPoint(settings: point.settings + [(axis, $0)]) }
            }
        }
    }

    /// What makes a configuration that of this run.
    var overrides: [String] { settings.map { "\($0.axis.key)=\($0.value)" } }

    /// For legends and tables: `coefficient 10, iterations 5`.
    var label: String { settings.map { "\($0.axis.name) \($0.value)" }.joined(separator: ", ") }

    /// For the run's folder: `coefficient-10_iterations-5`.
    var folderName: String {
        let name = settings.map { "\($0.axis.name)-\($0.value)" }.joined(separator: "_")
        return name.fileName(limit: 255) ?? "run"
    }
}
