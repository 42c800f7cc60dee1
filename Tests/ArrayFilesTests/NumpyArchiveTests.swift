import Foundation
import Testing

@testable import ArrayFiles

@Suite("NumPy archives")
struct NumpyArchiveTests {
    /// One array `arr_0`, deflated: Python's zipfile wrote it.
    private let deflated = Data(
        base64Encoded: """
            UEsDBBQAAAAIADlIdV3An/0vTAAAAJAAAAAJAAAAYXJyXzAubnB5m+wX6hsQychQxlCtnpJanFykbqWg
            bpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKRpo6CrUKZAMuBjhosAeRAFBLAQIU
            AxQAAAAIADlIdV3An/0vTAAAAJAAAAAJAAAAAAAAAAAAAACAAQAAAABhcnJfMC5ucHlQSwUGAAAAAAEA
            AQA3AAAAcwAAAAAA
            """, options: .ignoreUnknownCharacters)!
    /// The arrays `a` and `b`, stored.
    private let stored = Data(
        base64Encoded: """
            UEsDBBQAAAAAADlIdV3An/0vkAAAAJAAAAAFAAAAYS5ucHmTTlVNUFkBAHYAeydkZXNjcic6ICc8ZjQn
            LCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAg
            ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAAAAAAAAAAACAPwAAAABQ
            SwMEFAAAAAAAOUh1XcCf/S+QAAAAkAAAAAUAAABiLm5weZNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcs
            ICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyKSwgfSAgICAgICAgICAgICAgICAg
            ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAAAAIA/AAAAAFBL
            AQIUAxQAAAAAADlIdV3An/0vkAAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQIUAxQAAAAA
            ADlIdV3An/0vkAAAAJAAAAAFAAAAAAAAAAAAAACAAbMAAABiLm5weVBLBQYAAAAAAgACAGYAAABmAQAA
            AAA=
            """, options: .ignoreUnknownCharacters)!

    @Test("the only array needs no name, packed or not")
    func onlyArray() throws {
        let file = try NumpyArchive(data: deflated).array()
        #expect(file.shape == [2, 2])
        #expect(try file.values() == [0, 0, 1, 0])
        #expect(try NumpyArchive(data: deflated).names == ["arr_0"])
    }

    @Test("one of several arrays is chosen by its name")
    func names() throws {
        let archive = try NumpyArchive(data: stored)
        #expect(archive.names == ["a", "b"])
        #expect(try archive.array(named: "b").values() == [0, 0, 1, 0])
        #expect(throws: FormatFailure.self) { try archive.array() }
        #expect(throws: FormatFailure.self) { try archive.array(named: "c") }
    }

    @Test("no archive that is cut short is taken")
    func truncated() {
        for length in 0..<deflated.count - 1 {
            #expect(throws: FormatFailure.self, "\(length) bytes") {
                try NumpyArchive(data: deflated.prefix(length)).array()
            }
        }
    }

    @Test("an archive with any byte changed is read or refused, and nothing worse")
    func changed() throws {
        for place in deflated.indices {
            for bits in [UInt8(0xFF), 0x01, 0x80] {
                var data = deflated
                data[place] ^= bits
                do {
                    let values = try NumpyArchive(data: data).array(named: "arr_0").values()
                    #expect(values.count <= 4)
                } catch is FormatFailure {}
            }
        }
    }

    @Test("a changed byte of any array is noticed, stored or deflated")
    func checksums() throws {
        // The bytes of the arrays themselves, between their local headers and the directory.
        for (archive, name, places) in [(stored, "a", 35..<179), (deflated, "arr_0", 39..<115)] {
            #expect(try NumpyArchive(data: archive).array(named: name).values() == [0, 0, 1, 0])
            for place in places {
                var data = archive
                data[place] ^= 0x10
                #expect(throws: FormatFailure.self, "\(name), byte \(place)") {
                    try NumpyArchive(data: data).array(named: name)
                }
            }
        }
    }

    @Test("files that are no arrays are passed over; encrypted ones and two of a name are refused")
    func oddEntries() throws {
        var readme = stored
        // Both copies of the name, in the local header and in the directory.
        let names = stored.indices.dropLast(5).filter { stored[$0..<$0 + 5] == Data("b.npy".utf8) }
        #expect(names.count == 2)
        for place in names { readme.replaceSubrange(place..<place + 5, with: "b.txt".utf8) }
        #expect(try NumpyArchive(data: readme).names == ["a"])
        #expect(try NumpyArchive(data: readme).array().shape == [2, 2])
        var twice = stored
        for place in names { twice[place] = UInt8(ascii: "a") }
        let error = #expect(throws: FormatFailure.self) { try NumpyArchive(data: twice) }
        #expect(error?.reason == .duplicateName)
        var encrypted = stored
        encrypted[358 + 8] |= 1
        #expect(throws: FormatFailure.self) { try NumpyArchive(data: encrypted) }
    }
}
