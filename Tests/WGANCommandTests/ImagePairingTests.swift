import Testing

@testable import WGANCommand

@Suite("Pairing of images by name")
struct ImagePairingTests {
    @Test("takes equal names first, then equal names without endings")
    func names() throws {
        for (first, second, pairs, unpaired) in [
            (["1.png"], ["1.png"], [(0, 0)], []),
            (["1.jpg", "1.png"], ["1.jpg", "1.png"], [(0, 0), (1, 1)], []),
            (["1.jpg", "1.png"], ["1.png"], [(1, 0)], ["1.jpg"]),
            (["1.jpg", "1.png"], ["1.png", "1.webp"], [(0, 1), (1, 0)], []),
            (["1.JPG"], ["1.jpg"], [(0, 0)], []),
            (["a.b.png", "a.png"], ["a.b.jpg", "a.jpg"], [(0, 0), (1, 1)], []),
            (["x/1.png", "y/1.png"], ["y/1.jpg"], [(1, 0)], ["x/1.png"]),
            (["v1.2/a.png"], ["v1.2/a.jpg", "v1"], [(0, 0)], ["v1"]),
            (["a", "b.png"], ["a.png", "c.png"], [(0, 0)], ["b.png", "c.png"]),
            ([".png", "q.png"], ["q.png", ".jpg"], [(1, 0)], [".png", ".jpg"]),
        ] as [([String], [String], [(Int, Int)], [String])] {
            let pairing = try ImagePairing(first, second)
            #expect(pairing.pairs.elementsEqual(pairs) { $0 == $1 }, "\(first) \(second)")
            #expect(pairing.unpaired == unpaired, "\(first) \(second)")
        }
    }

    @Test("refuses a name that could belong to two, naming both")
    func ambiguity() {
        for (first, second, both) in [
            (["1.jpg", "1.png"], ["1.webp"], ["1.jpg", "1.png"]),
            (["1.webp"], ["1.jpg", "1.png"], ["1.jpg", "1.png"]),
            (["a/1.jpg", "a/1.png", "b.png"], ["a/1.gif", "b.png"], ["a/1.jpg", "a/1.png"]),
        ] {
            do {
                _ = try ImagePairing(first, second)
                Issue.record("\(first) was paired with \(second)")
            } catch {
                for name in both { #expect("\(error)".contains(name), "\(error)") }
            }
        }
    }

    @Test(
        "refuses folders without a pair, with a name of each",
        arguments: [
            (["Photo.png"], ["photo.png"]), (["a/1.png"], ["1.png"]), (["a.png"], ["b.png"]),
        ])
    func strangers(first: [String], second: [String]) {
        do {
            _ = try ImagePairing(first, second)
            Issue.record("\(first) was paired with \(second)")
        } catch {
            #expect("\(error)".contains(first[0]) && "\(error)".contains(second[0]))
        }
    }
}
