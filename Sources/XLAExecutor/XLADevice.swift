import CPJRT
import Foundation
public import TensorGraph

/// A device of XLA: a GPU, a TPU or this machine's processor, by a plugin of its C interface.
///
/// Programs are translated to StableHLO and compiled by the plugin, which computes products and
/// convolutions as exactly as a program's precision says. One plugin, device and program give the
/// same bits in every run; other devices round differently. Not for use from several threads at
/// once.
public final class XLADevice: Device, CustomStringConvertible {
    /// What it is, such as "cuda:1, NVIDIA H200".
    public let name: String
    /// The name by which ``init(named:search:)`` opens it.
    public let choice: String
    /// Their numbers among the plugin's devices.
    let numbers: Range<Int>
    let plugin: Plugin
    let cache: ProgramCache?
    private let loopsConvolutions: Bool
    private var variables: [String: (shape: Shape, value: DeviceArray)] = [:]

    /// Neighbouring devices of a plugin, which share the work.
    ///
    /// - Parameters:
    ///   - number: The first of them.
    ///   - count: How many, at least 1.
    ///   - cache: Where compiled programs are kept; nil for nowhere.
    ///   - loopsConvolutions: Whether programs with convolutions are put into lists; nil where that
    ///     is faster. Processors compute convolutions in loops by one thread, many times as slowly.
    /// - Throws: `ExecutionError` where the plugin has no such devices.
    package init(
        _ plugin: Plugin, number: Int, count: Int = 1, choice: String, cache: ProgramCache? = nil,
        loopsConvolutions: Bool? = nil
    ) throws {
        let devices = plugin.devices
        let last = number + count - 1
        guard devices.indices.contains(number), devices.indices.contains(last) else {
            let missing = devices.indices.contains(number) ? last : number
            throw ExecutionError(
                "the plugin \(plugin.path) has \(devices.count) "
                    + "device\(devices.count == 1 ? "" : "s"), and none with the number "
                    + "\(missing); the first is 0")
        }
        (self.plugin, numbers, self.choice) = (plugin, number..<number + count, choice)
        self.cache = cache
        self.loopsConvolutions = loopsConvolutions ?? (plugin.platform != "cpu")
        let range = count == 1 ? "\(number)" : "\(number)-\(last)"
        name = "\(plugin.platform):\(range), \(try plugin.kind(ofDevice: number))"
    }

    /// The most memory that the devices have had in use, in bytes; nil where the plugin does not
    /// count.
    package var peakBytes: Int? { places.compactMap(plugin.peakBytes).max() }

    /// The plugin's devices that are used.
    var places: ArraySlice<OpaquePointer> { plugin.devices[numbers] }

    /// How many devices share the work.
    public var count: Int { numbers.count }

    /// The device, how many its plugin has, and the plugin with its versions.
    public var description: String {
        let more = plugin.devices.count - count
        return "\(name)\(more == 0 ? "" : " and \(more) more"), PJRT "
            + "\(plugin.interfaceVersion), \(plugin.path)"
    }

    /// Gives a variable its value, in row-major order.
    ///
    /// - Throws: `ExecutionError` where the number of values is not the shape's, a variable of
    ///   the same name and another shape is known, or the device has no room.
    public func set(_ variable: Variable, to values: [Float]) throws {
        guard values.count == variable.shape.count else {
            throw ExecutionError(
                "\(values.count) values cannot fill the variable \(variable.name) of shape "
                    + "\(variable.shape)")
        }
        try check(variable)
        keep(
            try values.withUnsafeBytes {
                try DeviceArray($0, PJRT_F32, variable.shape, on: self)
            }, as: variable)
    }

    /// A copy of the variable's present value in row-major order; nil where it has none, or where
    /// what computes it failed.
    public func value(of variable: Variable) -> [Float]? {
        guard let known = variables[variable.name] else { return nil }
        return try? [Float](unsafeUninitializedCapacity: known.shape.count) { numbers, filled in
            let all = UnsafeMutableBufferPointer(rebasing: numbers[..<known.shape.count])
            try known.value.copy(to: all, known.shape)
            filled = known.shape.count
        }
    }

    /// Translates a program and has the plugin compile it.
    ///
    /// - Throws: `ExecutionError` where the plugin refuses it, as for lack of memory.
    public func compile(_ program: Program) throws -> any Executable {
        try program.variables.forEach(check)
        return try XLAExecutable(program, on: self)
    }

    /// A program in StableHLO, XLA's language, as devices are given it.
    ///
    /// - Throws: `ExecutionError` where an operation has no form there.
    package static func text(of program: Program) throws -> String {
        try Lowering.module(program)
    }

    /// Samples are kept on the device.
    public var keepsTables: Bool { true }

    /// Translates programs and has the plugin compile them into one, whose calls carry out many
    /// runs.
    ///
    /// - Throws: `ExecutionError` where the plugin refuses it, as for lack of memory.
    public func compile(
        _ programs: [Program], tables: [String: ByteTable]
    ) throws -> (any RunList)? {
        let operations = programs.flatMap(\.instructions).map(\.operation)
        guard loopsConvolutions || !operations.contains(where: { $0 is Convolution }) else {
            return nil
        }
        try programs.flatMap(\.variables).forEach(check)
        return try XLARunList(programs, tables, on: self)
    }

    /// Programs in one of StableHLO that carries out many runs, as one device is given it.
    package static func text(
        of programs: [Program], tables: [String: ByteTable]
    ) throws -> String {
        try RunLoop(
            programs, tables: tables.mapValues(\.shape), devices: 1, capacity: XLARunList.capacity
        ).text()
    }

    private func check(_ variable: Variable) throws {
        guard let known = variables[variable.name], known.shape != variable.shape else { return }
        throw ExecutionError(
            "the variable \(variable.name) has shape \(known.shape) on this device, not "
                + "\(variable.shape); use another name or another device")
    }

    /// A variable's value.
    func array(of variable: Variable) throws -> DeviceArray {
        guard let known = variables[variable.name] else {
            throw ExecutionError(
                "the variable \(variable.name) has no value; set it before the run")
        }
        return known.value
    }

    /// Makes an array the value of a variable.
    func keep(_ value: DeviceArray, as variable: Variable) {
        variables[variable.name] = (variable.shape, value)
    }
}
