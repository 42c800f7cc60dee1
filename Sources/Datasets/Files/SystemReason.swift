import Foundation

/// Why a call of the system failed, in its own words: "No space left on device".
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
