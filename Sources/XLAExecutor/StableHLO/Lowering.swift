import TensorGraph

/// A primitive that has a form in StableHLO, XLA's language of programs.
///
/// Each family of primitives has its file; ``Lowering`` asks for the form by this protocol.
protocol Lowerable: Operation {
    /// Writes the operation and gives the value that holds its result, of shape `shape`.
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value
}

/// A value of a StableHLO function.
struct Value {
    /// With its sign, such as `%12`.
    let name: String
    let shape: Shape
    /// `f32`, or another kind of number.
    var element = "f32"

    var type: String { Self.type(shape, element) }

    static func type(_ shape: Shape, _ element: String = "f32") -> String {
        "tensor<" + shape.dimensions.map { "\($0)x" }.joined() + element + ">"
    }
}

/// A program as StableHLO text.
///
/// The function `main` takes the variables that the program reads, its inputs, and, where it draws
/// random numbers, the clock as four words; it gives all outputs of one element as one vector, then
/// the other outputs, then the variables' new values.
struct Lowering {
    /// The lines of the function that is being written.
    private var lines: [String] = []
    private var count = 0
    /// Functions that others call, by name.
    private(set) var functions: [String: String] = [:]
    /// How exactly products are computed.
    private(set) var precision = Precision.float32
    /// The clock's four words: seed low and high, step low and high.
    static let clock = Value(name: "%clock", shape: [4], element: "ui32")

    /// A line whose result has a new name.
    ///
    /// - Parameter line: What follows the sign of equality.
    mutating func define(_ line: String, _ shape: Shape, _ element: String = "f32") -> Value {
        let value = Value(name: "%\(count)", shape: shape, element: element)
        count += 1
        lines.append("  \(value.name) = \(line)")
        return value
    }

    /// A line that defines several values, of which the last is given.
    mutating func defineLast(
        of results: Int, _ line: String, _ shape: Shape, _ element: String
    ) -> Value {
        let name = "%\(count)"
        count += 1
        lines.append("  \(name):\(results) = \(line)")
        return Value(name: "\(name)#\(results - 1)", shape: shape, element: element)
    }

    /// An operation with the types of its operands and of its result: `stablehlo.add %0, %1`.
    mutating func apply(
        _ name: String, _ operands: [Value], _ attributes: String = "", to shape: Shape,
        _ element: String = "f32"
    ) -> Value {
        let names = operands.map(\.name).joined(separator: ", ")
        let types = operands.map(\.type).joined(separator: ", ")
        return define(
            "stablehlo.\(name) \(names)\(attributes) : (\(types)) -> "
                + Value.type(shape, element), shape, element)
    }

    /// The same number in all places.
    mutating func filled(_ number: Float, _ shape: Shape = []) -> Value {
        let bits = hexadecimal(number.bitPattern)
        return define("stablehlo.constant dense<0x\(bits)> : \(Value.type(shape))", shape)
    }

    /// The same whole number of 32 bits in all places.
    mutating func filled(word: UInt32, _ shape: Shape = []) -> Value {
        define("stablehlo.constant dense<\(word)> : \(Value.type(shape, "ui32"))", shape, "ui32")
    }

    mutating func reshaped(_ value: Value, _ shape: Shape) -> Value {
        guard value.shape != shape else { return value }
        return apply("reshape", [value], to: shape, value.element)
    }

    mutating func converted(_ value: Value, to element: String) -> Value {
        apply("convert", [value], to: value.shape, element)
    }

    /// A value stretched: axis i of it becomes axis `axes[i]`.
    mutating func broadcast(_ value: Value, _ axes: [Int] = [], to shape: Shape) -> Value {
        apply("broadcast_in_dim", [value], ", dims = \(axes)", to: shape, value.element)
    }

    /// A function of its own, written at its first use.
    ///
    /// - Parameter write: Writes its lines; gives its name with its arguments, and its result.
    mutating func function(
        _ name: String, _ write: (inout Lowering) -> (head: String, result: Value)
    ) {
        guard functions[name] == nil else { return }
        var other = Lowering()
        let (head, result) = write(&other)
        let end = ["  return \(result.name) : \(result.type)", "}"]
        functions[name] = (["\(head) -> \(result.type) {"] + other.lines + end)
            .joined(separator: "\n")
        functions.merge(other.functions) { first, _ in first }
    }
}

extension Lowering {
    /// A program as a module.
    struct Module {
        let text: String
        /// Whether the clock is an argument.
        let readsClock: Bool
        /// The variables that are read, in the order of the arguments.
        let variables: [Variable]
        let inputs: [(name: String, shape: Shape)]
        /// Outputs of one element, which are given as one vector, and the others.
        let scalars: [String]
        let arrays: [(name: String, shape: Shape)]
        /// The variables whose new values come after them.
        let assigned: [Variable]
    }

    static func module(_ program: Program) throws -> Module {
        var body = Lowering()
        body.precision = program.precision
        var values: [Value] = []
        var (variables, argument): ([Variable], [String: Value]) = ([], [:])
        let read = Set(
            program.instructions.compactMap { ($0.operation as? VariableRead)?.variable })
        for variable in program.variables where read.contains(variable) {
            let value = Value(name: "%v\(variables.count)", shape: variable.shape)
            variables.append(variable)
            argument["variable \(variable.name)"] = value
        }
        for (number, input) in program.inputs.enumerated() {
            argument["input \(input.name)"] = Value(name: "%i\(number)", shape: input.shape)
        }
        for instruction in program.instructions {
            let operands = instruction.operands.map { values[$0] }
            switch instruction.operation {
            case let read as VariableRead:
                values.append(argument["variable \(read.variable.name)"]!)
            case let input as Input: values.append(argument["input \(input.label)"]!)
            case let operation as any Lowerable:
                values.append(operation.lowered(operands, to: instruction.shape, in: &body))
            default:
                throw ExecutionError(
                    "the operation \(instruction.operation.name) has no form in StableHLO")
            }
        }
        let scalars = program.outputs.filter { values[$0.instruction].shape.count == 1 }
        let arrays = program.outputs.filter { values[$0.instruction].shape.count != 1 }
        var results: [Value] = []
        if !scalars.isEmpty {
            let parts = scalars.map { body.reshaped(values[$0.instruction], [1]) }
            results.append(
                body.apply("concatenate", parts, ", dim = 0", to: [scalars.count]))
        }
        results += arrays.map { values[$0.instruction] }
        var memory: [Variable: Int] = [:]
        for assignment in program.assignments {
            memory[assignment.variable] = results.count
            results.append(values[assignment.instruction])
        }
        let readsClock = program.instructions.contains { $0.operation is RandomNumbers }
        var arguments = variables.map { variable in
            let value = argument["variable \(variable.name)"]!
            let alias = memory[variable].map { " {tf.aliasing_output = \($0) : i32}" } ?? ""
            return "\(value.name): \(value.type)\(alias)"
        }
        arguments += program.inputs.map {
            let value = argument["input \($0.name)"]!
            return "\(value.name): \(value.type)"
        }
        if readsClock { arguments.append("\(clock.name): \(clock.type)") }
        let types = results.map(\.type).joined(separator: ", ")
        let names = results.map(\.name).joined(separator: ", ")
        let main =
            ["func.func public @main(\(arguments.joined(separator: ", "))) -> (\(types)) {"]
            + body.lines + [results.isEmpty ? "  return" : "  return \(names) : \(types)", "}"]
        let others = body.functions.sorted { $0.key < $1.key }.map(\.value)
        return Module(
            text: "module @program {\n" + (others + main).joined(separator: "\n") + "\n}\n",
            readsClock: readsClock, variables: variables, inputs: program.inputs,
            scalars: scalars.map(\.name),
            arrays: arrays.map { ($0.name, values[$0.instruction].shape) },
            assigned: program.assignments.map(\.variable))
    }
}

/// Eight digits.
func hexadecimal(_ bits: UInt32) -> String {
    let digits = String(bits, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
