/// How far a number is from an exact value, in units in the last place of the latter.
///
/// 0 for the same infinity, for two NaNs and for zeros of any sign. Infinity counts as 2¹²⁸, which
/// is what a result past the largest number rounds from.
func unitsInLastPlace(_ found: Float, from exact: Double) -> Double {
    if found.isNaN || exact.isNaN { return found.isNaN && exact.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if found == rounded { return 0 }
    let limit = Float.greatestFiniteMagnitude
    let finite = { (x: Double) in min(max(x, -0x1p128), 0x1p128) }
    return abs(finite(Double(found)) - finite(exact))
        / Double(rounded.isInfinite ? limit.ulp : rounded.ulp)
}
