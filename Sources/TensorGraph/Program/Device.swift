/// A place where programs run: it holds the values of variables and compiles programs over them.
///
/// The trainer knows devices only through this protocol.
public protocol Device: AnyObject {
    /// What the device is, for people.
    var name: String { get }

    /// Gives a variable its value, in row-major order.
    ///
    /// - Throws: ``ExecutionError`` where the number of values is not the shape's.
    func set(_ variable: Variable, to values: [Float]) throws

    /// The present value of a variable in row-major order; nil where it has none.
    func value(of variable: Variable) -> [Float]?

    /// Whether all numbers of a variable are finite; one that has no value counts as finite.
    func isFinite(_ variable: Variable) -> Bool

    /// Makes a program ready to run; its variables must have values by its first run.
    func compile(_ program: Program) throws -> any Executable

    /// Whether samples can be kept on the device as a ``ByteTable``, to name them by their rows.
    var keepsTables: Bool { get }

    /// Makes programs ready of which many runs are carried out by one call.
    ///
    /// - Parameters:
    ///   - programs: Their outputs are single numbers; inputs of one name have one shape.
    ///   - tables: Inputs that are rows of bytes, which then stay on the device.
    /// - Returns: nil where that is no faster than one run after the other.
    func compile(_ programs: [Program], tables: [String: ByteTable]) throws -> (any RunList)?
}

/// A compiled program with its memory. One caller at a time.
public protocol Executable: AnyObject {
    /// Where the numbers of an input go before a run, in row-major order.
    ///
    /// - Precondition: The program has an input of that name.
    func input(_ name: String) -> UnsafeMutableBufferPointer<Float>

    /// Computes the outputs and assigns the variables.
    func run(_ clock: RandomClock) throws

    /// An output of the last run in row-major order, valid until the next run.
    ///
    /// - Precondition: The program has an output of that name.
    func output(_ name: String) -> UnsafeBufferPointer<Float>
}

/// Runs of several programs that one call carries out in order. One caller at a time.
public protocol RunList: AnyObject {
    /// The most runs of one call, at least 1.
    var capacity: Int { get }

    /// Where the numbers of an input go for run number `run` of the next call.
    ///
    /// - Precondition: A program has an input of that name, and it is no table's.
    func input(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Float>

    /// Where the rows go that an input is made of: numbers of a table's rows, or minus one minus
    /// the number for a row that is mirrored.
    ///
    /// - Precondition: There is a table of that name.
    func rows(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Int32>

    /// Carries out runs: each of a program, by its number, with its clock.
    func run(_ runs: [(program: Int, clock: RandomClock)]) throws

    /// An output of a run of the last call.
    ///
    /// - Precondition: The run's program has an output of that name.
    func scalar(_ name: String, ofRun run: Int) -> Float
}

/// Samples as rows of bytes; b stands for b / 127.5 − 1, which is in −1…1.
public struct ByteTable: Sendable {
    /// `[count, H, W, C]`, row-major.
    public let bytes: [UInt8]
    /// `[H, W, C]`; mirroring exchanges the ends of W.
    public let rowShape: Shape

    /// Rows of `rowShape`.
    ///
    /// - Precondition: The bytes are whole rows, and a row has three axes.
    public init(_ bytes: [UInt8], rowShape: Shape) {
        precondition(rowShape.rank == 3 && bytes.count.isMultiple(of: rowShape.count))
        (self.bytes, self.rowShape) = (bytes, rowShape)
    }

    /// `[count, H, W, C]`.
    package var shape: Shape {
        Shape([bytes.count / rowShape.count] + rowShape.dimensions)
    }
}

extension Device {
    /// By default samples are handed over at each run.
    public var keepsTables: Bool { false }

    /// By default each run is a call of its own.
    public func compile(
        _ programs: [Program], tables: [String: ByteTable]
    ) throws -> (any RunList)? { nil }

    /// By default the value is copied and looked at.
    public func isFinite(_ variable: Variable) -> Bool {
        value(of: variable)?.allSatisfy(\.isFinite) ?? true
    }
}

extension Executable {
    /// An output of one element.
    public func scalar(_ name: String) -> Float { output(name)[0] }
}
