import TensorGraph

/// How an array lies on several devices: whole on each, or in equal parts along an axis.
///
/// Everything that has a place for each sample of a batch is divided along it; XLA's partitioner
/// divides what is computed from that, and adds up over the devices where samples meet: in
/// gradients, losses, and statistics of a batch. The numbers are those of one device but for
/// rounding.
///
/// Source: Xu et al. 2021, "GSPMD: General and Scalable Parallelization for ML Computation Graphs",
/// arXiv:2105.04663.
enum Sharding: Equatable {
    case whole
    case parts(axis: Int)

    /// An array whose axis `axis` is of samples.
    init(_ shape: Shape, axis: Int, over devices: Int) {
        let isDivided =
            devices > 1 && shape.rank > axis && shape[axis] > 0
            && shape[axis].isMultiple(of: devices)
        self = isDivided ? .parts(axis: axis) : .whole
    }

    /// XLA's word for it, for an array of so many axes.
    func name(rank: Int, over devices: Int) -> String {
        switch self {
        case .whole: "{replicated}"
        case .parts(let axis):
            "{devices=["
                + (0..<rank).map { $0 == axis ? "\(devices)" : "1" }.joined(separator: ",")
                + "]<=[\(devices)]}"
        }
    }
}

extension Lowering {
    /// The attribute that tells how an argument or a result lies on the devices; nil for one.
    func attribute(_ sharding: Sharding, of shape: Shape) -> String? {
        guard devices > 1 else { return nil }
        return "mhlo.sharding = \"\(sharding.name(rank: shape.rank, over: devices))\""
    }

    /// The same value, divided along its first axis where that can be.
    mutating func divided(_ value: Value) -> Value {
        let sharding = Sharding(value.shape, axis: 0, over: devices)
        guard sharding != .whole, let attribute = attribute(sharding, of: value.shape) else {
            return value
        }
        return define(
            "stablehlo.custom_call @Sharding(\(value.name)) {backend_config = \"\", \(attribute)} "
                + ": (\(value.type)) -> \(value.type)", value.shape, value.element)
    }
}
