import Foundation
import ParserTestSupport

/// The reader that `WGAN_FUZZ_PARSER` names.
let parser: HostileParser = {
    let name = ProcessInfo.processInfo.environment["WGAN_FUZZ_PARSER"] ?? ""
    guard let parser = HostileParser(rawValue: name) else {
        let names = HostileParser.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("set WGAN_FUZZ_PARSER to one of \(names)\n".utf8))
        exit(2)
    }
    return parser
}()
