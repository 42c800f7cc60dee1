/// What a program is compiled with: XLA's `CompileOptionsProto` as bytes.
///
/// Source: xla/pjrt/proto/compile_options.proto: field 3 holds the build options, with the numbers
/// of replicas (4) and of partitions (5), which must be given, whether a program is divided over
/// the partitions (6), and the partitions' devices (9); field 7 is a map of flags.
struct CompileOptions {
    /// The devices that share the program, by their numbers.
    let devices: [Int]
    /// XLA's flags that are on or off.
    let flags: [String: Bool]

    /// The options as protocol buffers write them.
    var bytes: [UInt8] {
        // One replica, so many computations, and for each the devices of its replicas.
        let rows = devices.flatMap { Self.field(3, Self.field(1, Self.varint($0))) }
        let assignment = Self.number(1, 1) + Self.number(2, devices.count) + rows
        let sharing = devices.count > 1 ? Self.number(6, 1) : []
        let build =
            Self.number(4, 1) + Self.number(5, devices.count) + sharing
            + Self.field(9, assignment)
        let entries = flags.sorted { $0.key < $1.key }.map { name, isOn in
            Self.field(1, Array(name.utf8)) + Self.field(2, Self.number(2, isOn ? 1 : 0))
        }
        return Self.field(3, build) + entries.flatMap { Self.field(7, $0) }
    }

    private static func number(_ field: Int, _ value: Int) -> [UInt8] {
        varint(field << 3) + varint(value)
    }

    private static func field(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(bytes.count) + bytes
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + varint(value >> 7)
    }
}
