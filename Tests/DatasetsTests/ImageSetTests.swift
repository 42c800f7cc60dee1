import Datasets
import Testing

@Suite("Image sets")
struct ImageSetTests {
    static func colours() throws -> ImageSet {
        try ImageSet(
            height: 1, width: 2, channels: 3, pixels: (0..<18).map { UInt8($0 * 15) },
            labels: [4, 7, 4])
    }

    @Test("bytes are scaled to −1…1 in the order of the batch")
    func scaling() throws {
        let set = try ImageSet(height: 1, width: 3, channels: 1, pixels: [0, 51, 255, 102, 1, 254])
        let batch = set.scaled([1, 0, 0])
        let expected: [Float] = [102, 1, 254, 0, 51, 255, 0, 51, 255].map { $0 / 127.5 - 1 }
        #expect(batch == expected)
        #expect(batch[3] == -1 && batch[5] == 1)
        #expect(try Self.colours().scaled([2]).count == 6)
        #expect(try Self.colours().scaled([]).isEmpty)
    }

    @Test("one class can be chosen, in the order of the set")
    func classes() throws {
        let set = try Self.colours()
        let fours = try set.filtered(toClass: 4)
        #expect(fours.count == 2 && fours.labels == [4, 4])
        #expect(fours.pixels == Array(set.pixels[0..<6] + set.pixels[12..<18]))
        #expect(set.labelCounts == [0, 0, 0, 0, 2, 0, 0, 1])
        #expect(throws: ImageSetError.emptyClass(12, smallest: 4, largest: 7)) {
            try set.filtered(toClass: 12)
        }
        let bare = try ImageSet(height: 1, width: 1, channels: 1, pixels: [1])
        #expect(bare.labelCounts.isEmpty)
        #expect(throws: ImageSetError.noLabels) { try bare.filtered(toClass: 0) }
    }

    @Test("arrays that do not fit together are refused")
    func misfits() {
        let make = { (height: Int, channels: Int, pixels: [UInt8], labels: [UInt16]?) in
            try ImageSet(
                height: height, width: 2, channels: channels, pixels: pixels, labels: labels)
        }
        #expect(throws: ImageSetError.noImages(source: "the pixels")) { try make(2, 1, [], nil) }
        #expect(throws: ImageSetError.pixelsDoNotFit(values: 3, imageShape: [2, 2, 1])) {
            try make(2, 1, [1, 2, 3], nil)
        }
        for (height, channels) in [(0, 1), (-1, 1), (1, 2), (Int.max, 3)] {
            #expect(throws: ImageSetError.self) { try make(height, channels, [1, 2], nil) }
        }
        #expect(throws: ImageSetError.self) { try make(1, 1, [1, 2], [1, 2]) }
    }

    @Test("mirroring exchanges columns and keeps rows and channels")
    func mirrored() throws {
        let set = try ImageSet(
            height: 2, width: 4, channels: 3, pixels: (0..<24).map { UInt8(100 + $0) })
        var memory = [Float](repeating: 0, count: 24)
        memory.withUnsafeMutableBufferPointer { memory in
            [0].withUnsafeBufferPointer {
                set.fill(batch: $0, into: memory, mirroring: { _ in true })
            }
        }
        let plain = set.scaled([0])
        for row in 0..<2 {
            for column in 0..<4 {
                for channel in 0..<3 {
                    let mirrored = memory[(row * 4 + column) * 3 + channel]
                    #expect(mirrored == plain[(row * 4 + 3 - column) * 3 + channel])
                }
            }
        }
    }

    @Test("some classes can be chosen, in the order of the set")
    func chosenClasses() throws {
        let set = try ImageSet(
            height: 1, width: 1, channels: 1, pixels: [10, 20, 30, 40], labels: [7, 3, 7, 5])
        let chosen = try set.filtered(toClasses: [5, 7])
        #expect(chosen.pixels == [10, 30, 40] && chosen.labels == [7, 7, 5])
        #expect(throws: ImageSetError.emptyClass(4, smallest: 3, largest: 7)) {
            try set.filtered(toClasses: [7, 4])
        }
        #expect(throws: ImageSetError.self) { try set.filtered(toClasses: []) }
    }
}
