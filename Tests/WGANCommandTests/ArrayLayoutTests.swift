import Testing

@testable import WGANCommand

@Suite("The layout of an array of images")
struct ArrayLayoutTests {
    @Test(
        "is found where its shape allows one alone",
        arguments: [
            ([5, 28, 28, 1], "NHWC"), ([5, 28, 28, 3], "NHWC"), ([1, 64, 48, 3], "NHWC"),
            ([3, 32, 32, 3], "NHWC"), ([1, 2, 2, 1], "NHWC"), ([0, 28, 28, 1], "NHWC"),
            ([5, 1, 28, 28], "NCHW"), ([5, 3, 28, 28], "NCHW"), ([3, 3, 32, 32], "NCHW"),
            ([1, 3, 2, 2], "NCHW"), ([1, 1, 28, 28], "NCHW"), ([3, 1, 4, 2], "NCHW"),
            ([5, 28, 28], "NHW"), ([1, 28, 28], "NHW"), ([2, 3, 28], "NHW"), ([4, 1, 28], "NHW"),
        ])
    func recognised(shape: [Int], layout: String) {
        #expect(ArrayLayout.recognised(in: shape)?.description == layout)
    }

    @Test(
        "is not guessed where the shape allows several, or none",
        arguments: [
            // Channels may be the second axis or the last one.
            [5, 3, 28, 3], [5, 1, 28, 1], [5, 3, 28, 1], [5, 1, 28, 3], [3, 3, 3, 3],
            [1, 1, 1, 1], [1, 3, 64, 3],
            // Neither can be channels.
            [5, 28, 28, 4], [5, 4, 28, 28], [28, 28, 3, 5], [5, 2, 28, 2], [3, 28, 28, 5],
            // One image in colour, or several grey ones.
            [28, 28, 3], [3, 28, 28], [28, 28, 1], [3, 28, 3], [1, 28, 1], [1, 28, 3], [3, 1, 28],
            // Too few or too many axes.
            [], [784], [28, 28], [3, 3], [1, 5, 28, 28, 3], [2, 2, 5, 28, 28, 1],
        ])
    func ambiguous(shape: [Int]) {
        #expect(ArrayLayout.recognised(in: shape) == nil)
    }

    @Test("recognises what an array of each size is written as, but for what is narrow")
    func everySize() {
        for (n, h, w) in [(1, 28, 28), (2, 5, 7), (3, 32, 33), (7, 2, 2), (16, 4, 64)] {
            for c in [1, 3] {
                #expect(ArrayLayout.recognised(in: [n, h, w, c])?.description == "NHWC")
                #expect(ArrayLayout.recognised(in: [n, c, h, w])?.description == "NCHW")
            }
            let grey = ArrayLayout.recognised(in: [n, h, w])?.description
            #expect(grey == (n == 3 ? nil : "NHW"))
        }
    }

    @Test("may be one for both sides or one for each")
    func sides() throws {
        let same = try #require(ArrayLayouts(argument: "nchw"))
        #expect(same[0].description == "NCHW" && same[1].description == "NCHW" && !same.areTwo)
        let two = try #require(ArrayLayouts(argument: "NCHW,hwc"))
        #expect(two[0].description == "NCHW" && two[1].description == "HWC" && two.areTwo)
        for text in ["", ",", "NCHW,", ",NCHW", "NHWC,NHWC,NHWC", "NHWX", "NC", "NHHW", "N HW"] {
            #expect(ArrayLayouts(argument: text) == nil, "\(text)")
        }
    }

    @Test("says how its axes lie in the file")
    func axes() throws {
        let layout = try #require(ArrayLayout("CHWN"))
        let axes = try #require(layout.axes(of: [3, 4, 5, 2]))
        #expect(axes.shape == [2, 4, 5, 3] && axes.strides == [1, 10, 2, 40])
        #expect(layout.axes(of: [3, 4, 5]) == nil)
    }
}
