import CPJRT
import Foundation
import TensorGraph

/// An array in a device's memory, which ends with it.
final class DeviceBuffer {
    /// The plugin's handle.
    let handle: UnsafeMutableRawPointer
    private let plugin: Plugin

    /// Takes over a buffer that the plugin made.
    init(_ handle: UnsafeMutableRawPointer, of plugin: Plugin) {
        (self.handle, self.plugin) = (handle, plugin)
    }

    deinit { plugin.destroy(handle, PJRT_BUFFER_DESTROY) }

    /// Copies an array, or a part of one, to a device.
    ///
    /// - Parameters:
    ///   - data: Where the part begins.
    ///   - shape: The part's extents.
    ///   - strides: From one element to the next along each axis, in bytes.
    /// - Throws: ``ExecutionError`` where the device has no room for it.
    convenience init(
        _ data: UnsafeRawPointer?, _ type: pjrt_type, _ shape: Shape, strides: [Int],
        on device: OpaquePointer, of plugin: Plugin
    ) throws {
        var block = pjrt_from_host()
        try shape.dimensions.map(Int64.init).withUnsafeBufferPointer { dimensions in
            try strides.map(Int64.init).withUnsafeBufferPointer { strides in
                block.client = plugin.client
                block.data = data
                block.type = Int32(type.rawValue)
                block.dimensions = dimensions.baseAddress
                block.rank = dimensions.count
                block.strides = strides.baseAddress
                block.stride_count = strides.count
                block.device = UnsafeMutableRawPointer(device)
                try plugin.call(PJRT_BUFFER_FROM_HOST, &block)
            }
        }
        guard let handle = block.buffer else {
            throw ExecutionError("XLA: no buffer of shape \(shape) was made")
        }
        self.init(handle, of: plugin)
        try plugin.await(block.done)
    }

    /// Copies the array, in row-major order, to memory of this process and waits for it.
    ///
    /// - Throws: ``ExecutionError`` also for what went wrong while the array was computed.
    func copy(to target: UnsafeMutableBufferPointer<Float>, _ shape: Shape) throws {
        guard target.count > 0 else { return }
        var block = pjrt_to_host()
        block.buffer = handle
        block.target = UnsafeMutableRawPointer(target.baseAddress)
        block.size = target.count * MemoryLayout<Float>.size
        // Without a layout the numbers would come in the device's own order.
        let axes = (0..<shape.rank).reversed().map(Int64.init)
        try axes.withUnsafeBufferPointer { axes in
            var layout = pjrt_layout()
            layout.struct_size = MemoryLayout<pjrt_layout>.stride
            layout.axes.struct_size = MemoryLayout<pjrt_axes>.stride
            layout.axes.minor_to_major = axes.baseAddress
            layout.axes.rank = axes.count
            try withUnsafePointer(to: layout) { layout in
                block.layout = UnsafeRawPointer(layout)
                try plugin.call(PJRT_BUFFER_TO_HOST, &block)
            }
        }
        try plugin.await(block.event)
    }
}

/// An array on each of several devices: whole, or a part of it.
struct DeviceArray {
    /// One for each device.
    let parts: [DeviceBuffer]

    /// Takes over what the devices hold.
    init(_ parts: [DeviceBuffer]) { self.parts = parts }

    /// Copies an array to the devices.
    ///
    /// - Throws: ``ExecutionError`` where a device has no room for it.
    init(
        _ data: UnsafeRawBufferPointer, _ type: pjrt_type, _ shape: Shape,
        _ sharding: Sharding = .whole, on device: XLADevice
    ) throws {
        let size = shape.count == 0 ? 1 : data.count / shape.count
        let strides = shape.strides.map { $0 * size }
        let places = device.places
        parts = try places.enumerated().map { number, place in
            var (part, start) = (shape.dimensions, data.baseAddress)
            if case .parts(let axis) = sharding {
                part[axis] /= places.count
                start = start?.advanced(by: number * part[axis] * strides[axis])
            }
            return try DeviceBuffer(
                start, type, Shape(part), strides: strides, on: place, of: device.plugin)
        }
    }

    /// Copies the array, which is whole on each device, to memory of this process.
    func copy(to target: UnsafeMutableBufferPointer<Float>, _ shape: Shape) throws {
        try parts[0].copy(to: target, shape)
    }
}
