import FileTestSupport
import Files
import Foundation
import Testing

@testable import Runs

@Suite("Event files that are damaged or hostile")
struct EventFaultTests {
    static func sample() throws -> [Data] {
        try [
            .version, .scalars([("loss", 0.5), ("é", .nan)]), .start,
            .image(tag: "a", try #require(PNGImage(EventTests.pixel))),
            .histogram(tag: "b", [1, 2, 3]),
        ].map { try EventRecord(step: 3, time: 1e9, content: $0).encoded() }
    }

    @Test("A file that ends within a record gives all before it, and then an error")
    func everyTruncation() throws {
        let records = try Self.sample()
        let data = records.reduce(Data(), +)
        let ends = records.indices.map { records[...$0].map(\.count).reduce(0, +) }
        for length in 0...data.count {
            var reader = EventReader(data: data.prefix(length))
            let whole = ends.filter { $0 <= length }.count
            for _ in 0..<whole { #expect(try reader.next() != nil) }
            if length == 0 || ends.contains(length) {
                #expect(try reader.next() == nil)
            } else {
                let position = whole == 0 ? 0 : ends[whole - 1]
                #expect(
                    throws: EventFailure.damaged(
                        path: nil, position: position, reason: .truncated)
                ) { try reader.next() }
            }
        }
    }

    @Test("Every changed byte is noticed")
    func everyChange() throws {
        let data = try Self.sample().reduce(Data(), +)
        for index in data.indices {
            var changed = data
            changed[index] ^= 0x10
            #expect(throws: EventFailure.self) { try EventReader.count(in: changed) }
        }
    }

    static let faults: [(String, Data, EventFailure.Reason)] = [
        ("no version", EventFraming.record(Data([0x10, 1])), .version),
        ("another version", EventFraming.record(Data([0x1A, 1, 0x31])), .version),
        ("a field that goes beyond the end", EventFraming.record(Data([0x2A, 100, 0])), .message),
        ("a number without end", EventFraming.record(Data(repeating: 255, count: 20)), .message),
        (
            "groups without end", EventFraming.record(Data(repeating: 0x0B, count: 100_000)),
            .message
        ),
        ("text that is not UTF-8", EventFraming.record(Data([0x1A, 1, 0xFF])), .message),
        ("a length beyond the limit", head(16 << 20 + 1), .length),
        ("the greatest length", head(.max), .length),
        ("a length beyond the end", head(1000), .truncated),
    ]

    private static func head(_ length: UInt64) -> Data {
        let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) }
        let check = CRC32C(bytes).masked
        return Data(bytes) + withUnsafeBytes(of: check.littleEndian) { Data($0) } + Data(count: 8)
    }

    @Test("Every fault is refused for its own reason", arguments: faults.indices)
    func enumeratedFault(_ index: Int) {
        let (name, data, reason) = Self.faults[index]
        #expect(throws: EventFailure.damaged(path: nil, position: 0, reason: reason), "\(name)") {
            try EventReader.count(in: data)
        }
    }

    @Test("Fields that this program does not know are passed over")
    func unknownFields() throws {
        let version = try Self.sample()[0]
        #expect(
            try EventReader.count(
                in: version + EventFraming.record(Data([0x52, 2, 0x0A, 0, 0x10, 5])))
                == 2)
    }

    @Test("A full disk leaves whole records, wherever it strikes")
    func partialWrites() throws {
        let folder = try TemporaryFolder()
        let records = try Self.sample()
        for room in [1, 30, 100] {
            var calls = FileCalls()
            calls.put = { descriptor, bytes, count in
                let end = Int(lseek(descriptor, 0, SEEK_END))
                guard end < records[0].count + room else {
                    errno = ENOSPC
                    return -1
                }
                return Foundation.write(
                    descriptor, bytes, min(count, records[0].count + room - end))
            }
            let file = try EventFile(in: folder.url, calls: calls)
            try file.append(records[0])
            #expect(throws: FileFailure(.write, path: file.path, reason: .diskFull)) {
                try file.append(records[1] + records[2] + records[3])
            }
            #expect(try EventTests.events(URL(fileURLWithPath: file.path)).count == 1)
        }
    }
}
