import Foundation
import Testing

@testable import Runs

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
    func changed() {
        for place in deflated.indices {
            for bits in [UInt8(0xFF), 0x01, 0x80] {
                var data = deflated
                data[place] ^= bits
                let values = try? NumpyArchive(data: data).array(named: "arr_0").values()
                #expect(values == nil || values!.count <= 4)
            }
        }
    }
}
