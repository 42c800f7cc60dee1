import Testing

@testable import Datasets

@Suite("Stacked digits")
struct StackedDigitsTests {
    /// Ten digits, each of one grey: 20 for 0, 40 for 1 and so on, with a black corner.
    private func digits() throws -> ImageSet {
        let pixels = (0..<10).flatMap { digit in
            [UInt8(0)] + [UInt8](repeating: UInt8(20 * (digit + 1)), count: 783)
        }
        return try ImageSet(
            height: 28, width: 28, channels: 1, pixels: pixels, labels: Array(0..<10))
    }

    @Test("have the digits of their class in the channels", arguments: StackedDigits.sides)
    func channels(side: Int) throws {
        let stacks = try StackedDigits(of: digits(), count: 50, side: side, seed: 4)
        let (images, labels) = (stacks.scaled(Array(0..<50)), stacks.labels)
        let size = side * side * 3
        for (image, label) in labels.enumerated() {
            let members = [label / 100, label / 10 % 10, label % 10]
            for (channel, digit) in members.enumerated() {
                let values = stride(from: image * size + channel, to: (image + 1) * size, by: 3)
                    .map { images[$0] }
                let grey = Float(20 * (Int(digit) + 1)) / 127.5 - 1
                #expect(values.count { $0 == grey } == 783)
                #expect(values.count { $0 == -1 } == side * side - 783)
                #expect(values[side * side / 2 + side / 2] == grey)
            }
        }
    }

    @Test("are a function of the seed and the number, and reach many classes")
    func draws() throws {
        let digits = try digits()
        let stacks = try StackedDigits(of: digits, count: 4000, seed: 1)
        #expect(try stacks.labels == StackedDigits(of: digits, count: 4000, seed: 1).labels)
        #expect(
            try StackedDigits(of: digits, count: 30, seed: 1).labels
                == Array(stacks.labels.prefix(30)))
        #expect(try stacks.labels != StackedDigits(of: digits, count: 4000, seed: 2).labels)
        // 1000 · (1 − e⁻⁴) = 982 are expected.
        #expect((960...1000).contains(Set(stacks.labels).count))
        let fresh = stacks.fresh(20, seed: 7, step: 3)
        #expect(fresh.labels == stacks.fresh(20, seed: 7, step: 3).labels)
        #expect(fresh.labels != stacks.fresh(20, seed: 7, step: 4).labels)
        #expect(fresh.labels != Array(stacks.labels.prefix(20)))
    }

    @Test("are made of labelled grey digits alone")
    func refusals() throws {
        let unlabelled = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: [UInt8](repeating: 0, count: 784))
        #expect(throws: ImageSetError.noLabels) { try StackedDigits(of: unlabelled) }
        let small = try ImageSet(
            height: 2, width: 2, channels: 1, pixels: [0, 0, 0, 0], labels: [1])
        let error = ImageSetError.notDigits(height: 2, width: 2, channels: 1)
        #expect(throws: error) { try StackedDigits(of: small) }
        #expect(error.description.contains("not of images of 2×2×1"))
        let letters = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: [UInt8](repeating: 0, count: 784),
            labels: [10])
        #expect(throws: ImageSetError.notDigits(height: 28, width: 28, channels: 1)) {
            try StackedDigits(of: letters)
        }
    }
}
