import Files
import Foundation

/// A folder that cannot serve as a run.
public enum RunFailure: Error, Equatable, Sendable {
    /// A new run was to be put into a folder that holds something.
    case notEmpty(path: String)
    /// A folder was given as a run but has no `config.yaml`.
    case notARun(path: String)
    /// A path within a run is empty, absolute or leads out of it.
    case invalidPath(String)
    /// The training is one that a program describes, and only that can go on with it.
    case programmed(path: String)
    /// The training is one of a preset or a file.
    case configured(path: String)
    /// Another reason why a run cannot be used or go on: a sentence that says what to do.
    case unusable(String)
}

extension RunFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notEmpty(let path):
            "The folder \(path.quoted) is not empty; choose another one for the run or remove it."
        case .notARun(let path):
            "The folder \(path.quoted) holds no run, since it has no config.yaml; "
                + "give the folder of a run, such as runs/NAME-1."
        case .invalidPath(let path):
            "The path \(path.quoted) does not lie within the run's folder; "
                + "give a relative one without '..'."
        case .programmed(let path):
            "The run in \(path.quoted) is of a program, which describes its networks itself; start "
                + "that program again to go on, or give its weights.safetensors to wgan import."
        case .configured(let path):
            "The run in \(path.quoted) is of a preset or a file; go on with it by wgan resume, or "
                + "name an empty folder."
        case .unusable(let sentence): sentence
        }
    }
}

/// A number with `digits` decimals, or with as many digits that count where these would be zeros;
/// a dash where there is none.
package func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    let isTiny = value != 0 && abs(value) < 0.5 * pow(10, -Double(digits))
    return isTiny
        ? value.formatted(significantDigits: digits) : String(format: "%.\(digits)f", value)
}

extension Double {
    /// The number with at most this many digits that count.
    package func formatted(significantDigits: Int) -> String {
        String(format: "%.\(significantDigits)g", self)
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
