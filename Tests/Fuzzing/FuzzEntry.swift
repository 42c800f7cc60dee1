import Foundation
import ParserTestSupport

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = bytes.map { Data(bytes: $0, count: count) } ?? Data()
    do {
        _ = try parser.accepts(data)
    } catch {
        fatalError("an error that is none of the reader's own: \(error)")
    }
    return 0
}
