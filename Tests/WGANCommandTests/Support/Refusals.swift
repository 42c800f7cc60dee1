import Foundation
import Testing

/// Runs the command and expects that it says no in one sentence and leaves nothing behind.
///
/// - Parameters:
///   - fragments: What the sentence must say.
///   - code: 2 where the mistake is known before any work, else 1.
func expectRefusal(
    _ arguments: [String], saying fragments: [String], code: Int32 = 2, in place: Workplace,
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let before = try place.entries()
    let outcome = try place.wgan(arguments, environment: environment)
    let complaint = Comment(rawValue: "\(arguments): \(outcome.errors)")
    #expect(outcome.code == code, complaint, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(isOneSentence(outcome.messages), complaint, sourceLocation: sourceLocation)
    for fragment in fragments {
        #expect(outcome.errors.contains(fragment), complaint, sourceLocation: sourceLocation)
    }
    #expect(try place.entries() == before, complaint, sourceLocation: sourceLocation)
}

/// Runs the command and expects the parser's usage error.
func expectUsageError(
    _ arguments: [String], saying fragment: String, in place: Workplace,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let outcome = try place.wgan(arguments)
    let complaint = Comment(rawValue: "\(arguments): \(outcome.errors)")
    #expect(outcome.code == 2, complaint, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("Error: "), complaint, sourceLocation: sourceLocation)
    #expect(outcome.errors.contains(fragment), complaint, sourceLocation: sourceLocation)
    #expect(outcome.errors.contains("\nUsage: wgan"), complaint, sourceLocation: sourceLocation)
    #expect(try place.entries().isEmpty, sourceLocation: sourceLocation)
}

/// Whether a text is `wgan: ` and one sentence on one line of moderate length.
func isOneSentence(_ text: String) -> Bool {
    guard text.hasPrefix("wgan: "), text.hasSuffix("\n"), text.count < 700 else { return false }
    let line = text.dropLast()
    let hasControls = line.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return !hasControls && line.firstMatch(of: /[.!?] [A-Z]/) == nil
}
