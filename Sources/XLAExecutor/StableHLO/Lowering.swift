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
    /// Over how many devices batches are divided.
    let devices: Int
    /// The clock's four words: seed low and high, step low and high.
    static let clock = Value(name: "%clock", shape: [4], element: "ui32")

    init(devices: Int = 1) { self.devices = devices }

    /// Has names begin at a number, so that those of nested regions differ.
    mutating func begin(at number: Int) { count = number }

    /// The lines so far.
    var text: String { lines.joined(separator: "\n") }

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
        var other = Lowering(devices: devices)
        let (head, result) = write(&other)
        let end = ["  return \(result.name) : \(result.type)", "}"]
        functions[name] = (["\(head) -> \(result.type) {"] + other.lines + end)
            .joined(separator: "\n")
        functions.merge(other.functions) { first, _ in first }
    }
}

extension Lowering {
    /// A program as a function: what it takes, in this order, and what it gives.
    struct Signature {
        /// The variables that are read.
        let variables: [Variable]
        let inputs: [(name: String, shape: Shape)]
        /// Whether the clock is the last argument.
        let readsClock: Bool
        /// Outputs of one element, which are given as one vector, and the others.
        let scalars: [String]
        let arrays: [(name: String, shape: Shape)]
        /// The variables whose new values come after them.
        let assigned: [Variable]

        init(_ program: Program) {
            let operations = program.instructions.map(\.operation)
            let read = Set(operations.compactMap { ($0 as? VariableRead)?.variable })
            variables = program.variables.filter(read.contains)
            inputs = program.inputs
            readsClock = operations.contains { $0 is RandomNumbers }
            let shapes = program.outputs.map { program.instructions[$0.instruction].shape }
            let outputs = zip(program.outputs.map(\.name), shapes)
            scalars = outputs.filter { $0.1.count == 1 }.map(\.0)
            arrays = outputs.filter { $0.1.count != 1 }.map { ($0.0, $0.1) }
            assigned = program.assignments.map(\.variable)
        }

        /// The arguments with the names that they have in the function.
        var arguments: [Value] {
            variables.enumerated().map { Value(name: "%v\($0)", shape: $1.shape) }
                + inputs.enumerated().map { Value(name: "%i\($0)", shape: $1.shape) }
                + (readsClock ? [Lowering.clock] : [])
        }

        /// The types of the results.
        var results: [String] {
            (scalars.isEmpty ? [] : [Value.type([scalars.count])])
                + (arrays.map(\.shape) + assigned.map(\.shape)).map { Value.type($0) }
        }
    }

    /// Writes a program's operations.
    ///
    /// - Returns: Its results, in the order of its signature.
    mutating func body(of program: Program, _ signature: Signature) throws -> [Value] {
        precision = program.precision
        var values: [Value] = []
        let arguments = signature.arguments
        let places = Dictionary(
            uniqueKeysWithValues: signature.inputs.enumerated().map { ($1.name, $0) })
        for instruction in program.instructions {
            let operands = instruction.operands.map { values[$0] }
            switch instruction.operation {
            case let read as VariableRead:
                values.append(arguments[signature.variables.firstIndex(of: read.variable)!])
            case let input as Input:
                values.append(arguments[signature.variables.count + places[input.label]!])
            case let operation as any Lowerable:
                values.append(operation.lowered(operands, to: instruction.shape, in: &self))
            default:
                throw ExecutionError(
                    "the operation \(instruction.operation.name) has no form in StableHLO")
            }
        }
        let outputs = program.outputs.map { values[$0.instruction] }
        let scalars = outputs.filter { $0.shape.count == 1 }.map { reshaped($0, [1]) }
        return (scalars.isEmpty ? [] : [joined(scalars)])
            + outputs.filter { $0.shape.count != 1 }
            + program.assignments.map { values[$0.instruction] }
    }

    /// Values one after the other along the first axis.
    mutating func joined(_ parts: [Value]) -> Value {
        let count = parts.map { $0.shape[0] }.reduce(0, +)
        return apply(
            "concatenate", parts, ", dim = 0",
            to: Shape([count] + parts[0].shape.dimensions.dropFirst()), parts[0].element)
    }

    /// An argument of a module's entry.
    struct Argument {
        let value: Value
        /// Nil inside of a module.
        var sharding: Sharding?
        /// The result that takes the argument's memory.
        var result: Int?
    }

    /// What has been written, as a function; as a module's entry where it is called `main`.
    func function(_ name: String, _ arguments: [Argument], _ results: [Value]) -> String {
        let isEntry = name == "main"
        let takes = arguments.map { argument in
            let known = [
                argument.sharding.flatMap { attribute($0, of: argument.value.shape) },
                argument.result.map { "tf.aliasing_output = \($0) : i32" },
            ].compactMap { $0 }
            return "\(argument.value.name): \(argument.value.type)"
                + (known.isEmpty ? "" : " {\(known.joined(separator: ", "))}")
        }
        let types = results.map(\.type).joined(separator: ", ")
        let gives = results.map { result in
            let known = isEntry ? attribute(.whole, of: result.shape) : nil
            return result.type + (known.map { " {\($0)}" } ?? "")
        }
        let names = results.map(\.name).joined(separator: ", ")
        let head = isEntry ? "public @main" : "private @\(name)"
        let text =
            [
                "func.func \(head)(\(takes.joined(separator: ", "))) -> "
                    + "(\(gives.joined(separator: ", "))) {"
            ] + lines
            + [results.isEmpty ? "  return" : "  return \(names) : \(types)", "}"]
        return text.joined(separator: "\n")
    }

    /// The module of an entry and the functions that it calls.
    static func module(_ main: String, calling others: [String: String]) -> String {
        let texts = others.sorted { $0.key < $1.key }.map(\.value) + [main]
        return "module @program {\n" + texts.joined(separator: "\n") + "\n}\n"
    }

    /// A program as a module; a variable's new value takes the memory of the old one.
    static func module(_ program: Program, devices: Int = 1) throws -> String {
        guard program.shards == 1 else {
            throw ExecutionError(
                "batches are divided into shards on the CPU's own executor only; XLA divides them "
                    + "by itself, so leave shards away")
        }
        let signature = Signature(program)
        var body = Lowering(devices: devices)
        let results = try body.body(of: program, signature)
        let first = results.count - signature.assigned.count
        let arguments = signature.arguments.enumerated().map { number, value in
            guard number < signature.variables.count else {
                let isInput = number < signature.variables.count + signature.inputs.count
                let sharding = Sharding(value.shape, axis: 0, over: devices)
                return Argument(value: value, sharding: isInput ? sharding : .whole)
            }
            let place = signature.assigned.firstIndex(of: signature.variables[number])
            return Argument(
                value: value, sharding: .whole, result: place.map { first + $0 })
        }
        return module(body.function("main", arguments, results), calling: body.functions)
    }
}

/// Eight digits.
func hexadecimal(_ bits: UInt32) -> String {
    let digits = String(bits, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
