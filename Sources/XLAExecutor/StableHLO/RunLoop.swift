import TensorGraph

/// Programs as one module that carries out a list of runs.
///
/// A loop goes through the list: for each run it takes the row of every input and of the clocks,
/// and a branch calls the run's program. Variables go round in the loop; the numbers that a run
/// gives become a row of the result.
struct RunLoop {
    let programs: [Program]
    let signatures: [Lowering.Signature]
    /// The most runs of a call.
    let capacity: Int
    let tables: [String: ByteTable]
    /// All variables of the programs.
    let variables: [Variable]
    /// Inputs of the programs that are no rows of tables, and those that are.
    let inputs: [(name: String, shape: Shape)], rows: [(name: String, shape: Shape)]
    let devices: Int

    /// - Parameter capacity: From the bytes that a run takes.
    init(
        _ programs: [Program], tables: [String: ByteTable], devices: Int,
        capacity: (_ bytes: Int) -> Int
    ) throws {
        (self.programs, self.tables, self.devices) = (programs, tables, devices)
        signatures = programs.map(Lowering.Signature.init)
        var shapes: [String: Shape] = [:]
        var distinct: [(name: String, shape: Shape)] = []
        for input in signatures.flatMap(\.inputs) {
            let other = shapes.updateValue(input.shape, forKey: input.name)
            if other == nil { distinct.append(input) }
            guard other == nil || other == input.shape else {
                throw ExecutionError("the programs have inputs '\(input.name)' of several shapes")
            }
        }
        inputs = distinct.filter { tables[$0.name] == nil }
        rows = distinct.filter { tables[$0.name] != nil }
        var seen: Set<Variable> = []
        variables = signatures.flatMap { $0.variables + $0.assigned }.filter {
            seen.insert($0).inserted
        }
        self.capacity = capacity(4 * inputs.map(\.shape.count).reduce(0, +))
    }

    /// Numbers that a run can give.
    var width: Int { max(1, signatures.map(\.scalars.count).max() ?? 0) }

    /// An array with a row of `shape` for each run.
    func column(_ shape: Shape) -> Shape { Shape([capacity] + shape.dimensions) }

    /// How an array of rows lies on the devices.
    func sharding(_ row: Shape) -> Sharding { Sharding(column(row), axis: 1, over: devices) }

    /// The module's text. Arguments: variables, inputs, rows, tables, clocks, programs' numbers,
    /// the count of runs. Results: a row of numbers for each run, then the variables.
    func text() throws -> String {
        var loop = Lowering(devices: devices)
        var functions: [String: String] = [:]
        for (number, program) in programs.enumerated() {
            var body = Lowering(devices: devices)
            let results = try body.body(of: program, signatures[number])
            functions["program_\(number)"] = body.function(
                "program_\(number)",
                signatures[number].arguments.map { Lowering.Argument(value: $0) }, results)
            functions.merge(body.functions) { first, _ in first }
        }
        let state = variables.enumerated().map { Value(name: "%v\($0)", shape: $1.shape) }
        let columns = inputs.enumerated().map {
            Value(name: "%i\($0)", shape: column($1.shape))
        }
        let rowColumns = rows.enumerated().map {
            Value(name: "%r\($0)", shape: column([$1.shape[0]]), element: "i32")
        }
        let bytes = rows.enumerated().map {
            let table = tables[$1.name]!
            return Value(
                name: "%t\($0)", shape: [table.count, table.rowShape.count], element: "ui8")
        }
        let clocks = Value(name: "%clocks", shape: [capacity, 4], element: "ui32")
        let kinds = Value(name: "%kinds", shape: [capacity], element: "i32")
        let count = Value(name: "%count", shape: [], element: "i32")

        let zero = loop.define("stablehlo.constant dense<0> : tensor<i32>", [], "i32")
        let numbers = loop.filled(0, [capacity, width])
        let place = Value(name: "%place", shape: [], element: "i32")
        let sums = Value(name: "%sums", shape: numbers.shape)
        let inner = variables.enumerated().map { Value(name: "%w\($0)", shape: $1.shape) }
        var turn = loop.nested(from: 1_000)
        let row = { (turn: inout Lowering, column: Value) in
            let rest = Array(column.shape.dimensions.dropFirst())
            let starts = [place] + rest.map { _ in zero }
            let slice = turn.define(
                "stablehlo.dynamic_slice \(column.name), "
                    + starts.map(\.name).joined(separator: ", ") + ", sizes = \([1] + rest) : ("
                    + ([column] + starts).map(\.type).joined(separator: ", ") + ") -> "
                    + Value.type(Shape([1] + rest), column.element), Shape([1] + rest),
                column.element)
            return turn.reshaped(slice, Shape(rest))
        }
        var arguments: [String: Value] = [:]
        for (input, column) in zip(inputs, columns) { arguments[input.name] = row(&turn, column) }
        for (input, parts) in zip(rows, zip(rowColumns, bytes)) {
            arguments[input.name] = turn.samples(
                row(&turn, parts.0), of: parts.1, to: input.shape)
        }
        let clock = row(&turn, clocks)
        let kind = row(&turn, kinds)
        let results = [Value.type([width])] + variables.map { Value.type($0.shape) }
        let branches = signatures.indices.map { number in
            branch(number, arguments, clock, inner, turn.nested(from: 10_000 * (number + 2)))
        }
        let last = turn.line(
            of: results.count,
            "\"stablehlo.case\"(\(kind.name)) (\(branches.joined(separator: ", "))) : "
                + "(tensor<i32>) -> (\(results.joined(separator: ", ")))")
        let given = turn.reshaped(Value(name: "\(last)#0", shape: [width]), [1, width])
        let updated = turn.define(
            "stablehlo.dynamic_update_slice \(sums.name), \(given.name), \(place.name), "
                + "\(zero.name) : (\(sums.type), \(given.type), tensor<i32>, tensor<i32>) -> "
                + sums.type, sums.shape)
        let one = turn.define("stablehlo.constant dense<1> : tensor<i32>", [], "i32")
        let next = turn.apply("add", [place, one], to: [], "i32")
        let state1 = variables.indices.map {
            Value(name: "\(last)#\($0 + 1)", shape: variables[$0].shape)
        }

        let carried = zip([place, sums] + inner, [zero, numbers] + state)
        let types = ([place, sums] + inner).map(\.type).joined(separator: ", ")
        let after = [next, updated] + state1
        let whole = loop.line(
            of: after.count,
            "stablehlo.while("
                + carried.map { "\($0.name) = \($1.name)" }.joined(separator: ", ") + ") : \(types)"
                + "\n  cond {\n    %more = stablehlo.compare LT, \(place.name), \(count.name), "
                + "SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>\n"
                + "    stablehlo.return %more : tensor<i1>\n  } do {\n"
                + turn.text
                + "\n    stablehlo.return \(after.map(\.name).joined(separator: ", ")) : \(types)\n"
                + "  }")
        let outcome = ([sums] + inner).enumerated().map {
            Value(name: "\(whole)#\($0 + 1)", shape: $1.shape)
        }
        let taken =
            state.enumerated().map {
                Lowering.Argument(value: $1, sharding: .whole, result: $0 + 1)
            }
            + zip(columns, inputs).map {
                Lowering.Argument(value: $0, sharding: sharding($1.shape))
            }
            + zip(rowColumns, rows).map {
                Lowering.Argument(value: $0, sharding: sharding([$1.shape[0]]))
            }
            + (bytes + [clocks, kinds, count]).map {
                Lowering.Argument(value: $0, sharding: .whole)
            }
        return Lowering.module(loop.function("main", taken, outcome), calling: functions)
    }

    /// The branch that calls a program: its numbers, filled up with zeros, and all variables.
    private func branch(
        _ number: Int, _ inputs: [String: Value], _ clock: Value, _ state: [Value],
        _ text: Lowering
    ) -> String {
        var text = text
        let signature = signatures[number]
        let given =
            signature.variables.map { state[variables.firstIndex(of: $0)!] }
            + signature.inputs.map { inputs[$0.name]! } + (signature.readsClock ? [clock] : [])
        let types = signature.results
        let name = text.line(
            of: types.count,
            "func.call @program_\(number)(\(given.map(\.name).joined(separator: ", "))) : "
                + "(\(given.map(\.type).joined(separator: ", "))) -> "
                + "(\(types.joined(separator: ", ")))")
        let result = { (place: Int) in types.count == 1 ? name : "\(name)#\(place)" }
        let count = signature.scalars.count
        var parts: [Value] = []
        if count > 0 { parts.append(Value(name: result(0), shape: [count])) }
        if count < width { parts.append(text.filled(0, [width - count])) }
        let numbers = text.joined(parts)
        let first = count > 0 ? 1 : 0
        let after = variables.enumerated().map { place, variable in
            signature.assigned.firstIndex(of: variable).map { result(first + $0) }
                ?? state[place].name
        }
        let all = ([Value.type([width])] + variables.map { Value.type($0.shape) })
            .joined(separator: ", ")
        return "{\n\(text.text)\n    stablehlo.return "
            + "\(([numbers.name] + after).joined(separator: ", ")) : \(all)\n  }"
    }
}

extension Lowering {
    /// Text for a region inside of this one, whose names begin at a number.
    func nested(from number: Int) -> Lowering {
        var other = Lowering(devices: devices)
        other.begin(at: number)
        return other
    }

    /// A line that defines several values, by one name.
    mutating func line(of results: Int, _ text: String) -> String {
        let value = defineLast(of: results, text, [], "i32")
        return String(value.name.prefix { $0 != "#" })
    }

    /// Samples from the rows of a table that are named: `[N]`, or minus one minus the number for a
    /// row that is mirrored.
    fileprivate mutating func samples(_ rows: Value, of table: Value, to shape: Shape) -> Value {
        let (count, size) = (shape[0], table.shape[1])
        let column = reshaped(rows, [count, 1])
        let ones = define(
            "stablehlo.constant dense<-1> : \(column.type)", column.shape, column.element)
        let other = apply("subtract", [ones, column], to: column.shape, column.element)
        let place = apply("maximum", [column, other], to: column.shape, column.element)
        let flat: Shape = [count, size]
        let bytes = define(
            "\"stablehlo.gather\"(\(table.name), \(place.name)) <{dimension_numbers = "
                + "#stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], "
                + "start_index_map = [0], index_vector_dim = 1>, slice_sizes = "
                + "array<i64: 1, \(size)>, indices_are_sorted = false}> : "
                + "(\(table.type), \(place.type)) -> \(Value.type(flat, "ui8"))", flat, "ui8")
        let ratio = apply(
            "divide", [converted(bytes, to: "f32"), filled(127.5, flat)], to: flat)
        let plain = reshaped(apply("subtract", [ratio, filled(1, flat)], to: flat), shape)
        let mirrored = apply("reverse", [plain], ", dims = [2]", to: shape)
        let isMirrored = define(
            "stablehlo.compare GT, \(other.name), \(column.name), SIGNED : "
                + "(\(column.type), \(column.type)) -> \(Value.type(column.shape, "i1"))",
            column.shape, "i1")
        let mask = broadcast(reshaped(isMirrored, [count]), [0], to: shape)
        return selected(mask, mirrored, plain)
    }
}
