import ArgumentParser

/// What the axes of an array of images stand for, such as `NHWC`: number, height, width, channels.
struct ArrayLayout: Equatable, ExpressibleByArgument, CustomStringConvertible {
    /// Some of the letters N, H, W and C, with H and W among them, each once.
    let description: String

    static let nhwc = ArrayLayout(letters: "NHWC")
    private static let nchw = ArrayLayout(letters: "NCHW")
    private static let nhw = ArrayLayout(letters: "NHW")

    private init(letters: String) { description = letters }

    init?(argument: String) {
        let letters = argument.uppercased()
        let found = Set(letters)
        guard found.count == letters.count, found.isSubset(of: "NHWC"), found.isSuperset(of: "HW")
        else { return nil }
        self.init(letters: letters)
    }

    /// The only layout that an array's shape allows.
    ///
    /// Channels are 1 or 3. An array of three axes whose last one is as short may be one image with
    /// channels or many narrow ones; only the user knows.
    ///
    /// - Returns: Nil where there is none, or more than one.
    static func recognised(in shape: [Int]) -> ArrayLayout? {
        func mayBeChannels(_ axis: Int) -> Bool { [1, 3].contains(shape[axis]) }
        switch shape.count {
        case 4:
            return switch (mayBeChannels(1), mayBeChannels(3)) {
            case (false, true): .nhwc
            case (true, false): .nchw
            default: nil
            }
        // One image with one channel first is one image without channels, too.
        case 3: return mayBeChannels(2) || shape[0] == 3 ? nil : .nhw
        default: return nil
        }
    }

    /// How an array of this layout is read.
    struct Axes {
        /// `[N, H, W, C]`, 1 for what the layout lacks.
        let shape: [Int]
        /// How far apart neighbours lie along each of them.
        let strides: [Int]
    }

    /// The axes of an array in this layout; nil for another number of axes.
    func axes(of shape: [Int]) -> Axes? {
        let letters = Array(description)
        guard letters.count == shape.count else { return nil }
        let places = "NHWC".map { letters.firstIndex(of: $0) }
        return Axes(
            shape: places.map { $0.map { shape[$0] } ?? 1 },
            strides: places.map { $0.map { shape[($0 + 1)...].reduce(1, *) } ?? 0 })
    }
}
