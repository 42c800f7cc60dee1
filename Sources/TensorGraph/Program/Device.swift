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

extension Device {
    /// By default the value is copied and looked at.
    public func isFinite(_ variable: Variable) -> Bool {
        value(of: variable)?.allSatisfy(\.isFinite) ?? true
    }
}

extension Executable {
    /// An output of one element.
    public func scalar(_ name: String) -> Float { output(name)[0] }
}
