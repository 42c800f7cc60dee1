import CPJRT
import Foundation
public import TensorGraph

/// A device of XLA: a GPU, a TPU or this machine's processor, by a plugin of its C interface.
///
/// Programs are translated to StableHLO and compiled by the plugin. Products and convolutions are
/// computed with the highest precision that it has. One plugin, device and program give the same
/// bits in every run; other devices round differently. Not for use from several threads at once.
public final class XLADevice: Device {
    /// What it is, such as "cuda:1, NVIDIA H200".
    public let name: String
    /// The name by which ``init(named:search:)`` opens it.
    public let choice: String
    /// Its number among the plugin's devices.
    public let number: Int
    let plugin: Plugin
    let cache: ProgramCache?
    private var variables: [String: (shape: Shape, buffer: DeviceBuffer)] = [:]

    /// A device of a plugin.
    ///
    /// - Parameter cache: Where compiled programs are kept; nil for nowhere.
    /// - Throws: ``ExecutionError`` where the plugin has no device of that number.
    package init(
        _ plugin: Plugin, number: Int, choice: String, cache: ProgramCache? = nil
    ) throws {
        guard plugin.devices.indices.contains(number) else {
            throw ExecutionError(
                "the plugin \(plugin.path) has \(plugin.devices.count) "
                    + "device\(plugin.devices.count == 1 ? "" : "s"), and none with the number "
                    + "\(number); the first is 0")
        }
        (self.plugin, self.number, self.choice) = (plugin, number, choice)
        self.cache = cache
        name = "\(plugin.platform):\(number), \(try plugin.kind(ofDevice: number))"
    }

    /// The device, how many its plugin has, and the plugin with its versions.
    public var description: String {
        let count = plugin.devices.count
        return "\(name)\(count == 1 ? "" : " and \(count - 1) more"), PJRT "
            + "\(plugin.interfaceVersion), \(plugin.path)"
    }

    /// Gives a variable its value, in row-major order.
    ///
    /// - Throws: ``ExecutionError`` where the number of values is not the shape's, a variable of
    ///   the same name and another shape is known, or the device has no room.
    public func set(_ variable: Variable, to values: [Float]) throws {
        guard values.count == variable.shape.count else {
            throw ExecutionError(
                "\(values.count) values cannot fill the variable \(variable.name) of shape "
                    + "\(variable.shape)")
        }
        try check(variable)
        keep(
            try values.withUnsafeBytes { try self.buffer($0, PJRT_F32, variable.shape) },
            as: variable)
    }

    /// A copy of the variable's present value in row-major order; nil where it has none, or where
    /// what computes it failed.
    public func value(of variable: Variable) -> [Float]? {
        guard let known = variables[variable.name] else { return nil }
        return try? [Float](unsafeUninitializedCapacity: known.shape.count) { numbers, filled in
            let all = UnsafeMutableBufferPointer(rebasing: numbers[..<known.shape.count])
            try known.buffer.copy(to: all, known.shape)
            filled = known.shape.count
        }
    }

    /// Translates a program and has the plugin compile it.
    ///
    /// - Throws: ``ExecutionError`` where the plugin refuses it, as for lack of memory.
    public func compile(_ program: Program) throws -> any Executable {
        try program.variables.forEach(check)
        return try XLAExecutable(program, on: self)
    }

    /// A program in StableHLO, XLA's language, as devices are given it.
    ///
    /// - Throws: ``ExecutionError`` where an operation has no form there.
    package static func text(of program: Program) throws -> String {
        try Lowering.module(program).text
    }

    private func check(_ variable: Variable) throws {
        guard let known = variables[variable.name], known.shape != variable.shape else { return }
        throw ExecutionError(
            "the variable \(variable.name) has shape \(known.shape) on this device, not "
                + "\(variable.shape); use another name or another device")
    }

    /// The memory of a variable's value.
    func buffer(of variable: Variable) throws -> DeviceBuffer {
        guard let known = variables[variable.name] else {
            throw ExecutionError(
                "the variable \(variable.name) has no value; set it before the run")
        }
        return known.buffer
    }

    /// A copy of an array on the device.
    func buffer(
        _ data: UnsafeRawBufferPointer, _ type: pjrt_type, _ shape: Shape
    ) throws -> DeviceBuffer {
        try DeviceBuffer(data, type, shape, on: plugin.devices[number], of: plugin)
    }

    /// Makes a buffer the value of a variable.
    func keep(_ buffer: DeviceBuffer, as variable: Variable) {
        variables[variable.name] = (variable.shape, buffer)
    }
}
