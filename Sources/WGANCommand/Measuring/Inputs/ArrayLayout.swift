import ArgumentParser

/// What the axes of an array of images stand for, such as `NHWC`: number, height, width, channels.
struct ArrayLayout: Equatable, CustomStringConvertible {
    /// Some of the letters N, H, W and C, with H and W among them, each once.
    let description: String

    static let nhwc = ArrayLayout(letters: "NHWC")
    private static let nchw = ArrayLayout(letters: "NCHW")
    private static let nhw = ArrayLayout(letters: "NHW")

    private init(letters: String) { description = letters }

    init?(_ text: some StringProtocol) {
        let letters = text.uppercased()
        let found = Set(letters)
        guard found.count == letters.count, found.isSubset(of: "NHWC"), found.isSuperset(of: "HW")
        else { return nil }
        self.init(letters: letters)
    }

    /// The layout of an array whose shape allows only one of `NHWC`, `NCHW` and `NHW`.
    ///
    /// This is the only place where a layout is found without being given. Channels are 1 or 3.
    ///
    /// - Four axes are `NHWC` if the last one may be channels and the second may not, and `NCHW`
    ///   the other way round.
    /// - Three axes are `NHW`, unless the last one may be channels or the first one is 3: then the
    ///   array may be one image as well as several grey ones, and only the user knows. With 1 as
    ///   the first extent both are the same image.
    /// - Other numbers of axes tell nothing.
    ///
    /// - Returns: Nil where no layout is possible, or more than one.
    static func recognised(in shape: [Int]) -> ArrayLayout? {
        func mayBeChannels(_ axis: Int) -> Bool { [1, 3].contains(shape[axis]) }
        switch shape.count {
        case 4:
            return switch (mayBeChannels(1), mayBeChannels(3)) {
            case (false, true): .nhwc
            case (true, false): .nchw
            default: nil
            }
        case 3: return mayBeChannels(2) || shape[0] == 3 ? nil : .nhw
        default: return nil
        }
    }

    /// Layouts that an array with so many axes may have, in words; nil where images have none.
    static func examples(axes: Int) -> String? {
        switch axes {
        case 4: "NHWC or NCHW"
        case 3: "HWC or CHW for one image, NHW for grey ones"
        case 2: "HW for one grey image"
        default: nil
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

/// The layouts of the arrays of both sides: one for both, such as `NCHW`, or one for A and one for
/// B, such as `NCHW,NHWC`.
struct ArrayLayouts: ExpressibleByArgument {
    private let layouts: [ArrayLayout]

    init?(argument: String) {
        let texts = argument.split(separator: ",", omittingEmptySubsequences: false)
        layouts = texts.compactMap { ArrayLayout($0) }
        guard layouts.count == texts.count, 1...2 ~= layouts.count else { return nil }
    }

    /// The layout of a side: 0 for A, 1 for B.
    subscript(side: Int) -> ArrayLayout { layouts[min(side, layouts.count - 1)] }

    /// Whether each side has one of its own.
    var areTwo: Bool { layouts.count == 2 }
}
