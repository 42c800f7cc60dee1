/// A number with one decimal.
package func decimal(_ x: Double) -> String {
    let tenths = Int((x * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

/// A quantity with a prefix that keeps it below a thousand: 1500 B is 1.5 kB.
package func scaled(_ value: Int, _ unit: String) -> String {
    var (value, prefixes) = (Double(value), ["", "k", "M", "G", "T"][...])
    while value >= 1000, prefixes.count > 1 {
        value /= 1000
        prefixes.removeFirst()
    }
    return "\(decimal(value)) \(prefixes.first!)\(unit)"
}
