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
    /// The extents of the tables, `[count, H, W, C]`.
    let tables: [String: Shape]
    /// All variables of the programs.
    let variables: [Variable]
    /// Inputs of the programs that are no rows of tables, and those that are.
    let inputs: [(name: String, shape: Shape)], rows: [(name: String, shape: Shape)]
    let devices: Int

    /// - Parameter capacity: From the bytes that a run takes.
    init(
        _ programs: [Program], tables: [String: Shape], devices: Int,
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

    /// A table's extents as it lies on the devices: `[count, H·W·C]`.
    func flat(_ table: String) -> Shape {
        let shape = tables[table]!
        return [shape[0], shape.count / shape[0]]
    }

    /// How an array of rows lies on the devices.
    func sharding(_ row: Shape) -> Sharding { Sharding(column(row), axis: 1, over: devices) }

    /// What the entry takes, in this order.
    private struct Arguments {
        /// The variables; inputs and rows, each for all runs; the tables.
        let state: [Value], columns: [Value], rows: [Value], tables: [Value]
        /// The runs' clocks and programs, and how many there are.
        let clocks: Value, kinds: Value, count: Value

        init(of loop: RunLoop) {
            state = loop.named("%v", loop.variables.map(\.shape))
            columns = loop.named("%i", loop.inputs.map { loop.column($0.shape) })
            rows = loop.named("%r", loop.rows.map { loop.column([$0.shape[0]]) }, "i32")
            tables = loop.named("%t", loop.rows.map { loop.flat($0.name) }, "ui8")
            clocks = Value(name: "%clocks", shape: [loop.capacity, 4], element: "ui32")
            kinds = Value(name: "%kinds", shape: [loop.capacity], element: "i32")
            count = Value(name: "%count", shape: [], element: "i32")
        }
    }

    private func named(_ sign: String, _ shapes: [Shape], _ element: String = "f32") -> [Value] {
        shapes.enumerated().map { Value(name: "\(sign)\($0)", shape: $1, element: element) }
    }

    /// The module's text. Results: a row of numbers for each run, then the variables.
    func text() throws -> String {
        var functions: [String: String] = [:]
        for (number, program) in programs.enumerated() {
            var body = Lowering(devices: devices)
            let results = try body.body(of: program, signatures[number])
            let name = "program_\(number)"
            functions[name] = body.function(
                name, signatures[number].arguments.map { Lowering.Argument(value: $0) }, results)
            functions.merge(body.functions) { first, _ in first }
        }
        let given = Arguments(of: self)
        var main = Lowering(devices: devices)
        let results = loop(over: given, in: &main)
        return Lowering.module(
            main.function("main", placed(given), results), calling: functions)
    }

    /// The entry's arguments with their places on the devices; each variable's memory is taken by
    /// its new value.
    private func placed(_ given: Arguments) -> [Lowering.Argument] {
        let columns = zip(given.columns, inputs).map { ($0, sharding($1.shape)) }
        let rows = zip(given.rows, rows).map { ($0, sharding([$1.shape[0]])) }
        let others = given.tables + [given.clocks, given.kinds, given.count]
        return given.state.enumerated().map {
            Lowering.Argument(value: $1, sharding: .whole, result: $0 + 1)
        } + (columns + rows).map { Lowering.Argument(value: $0, sharding: $1) }
            + others.map { Lowering.Argument(value: $0, sharding: .whole) }
    }

    /// The loop: its numbers and the variables after the last run.
    private func loop(over given: Arguments, in main: inout Lowering) -> [Value] {
        let zero = main.whole(0)
        let start = [zero, main.filled(0, [capacity, width])] + given.state
        let place = Value(name: "%place", shape: [], element: "i32")
        let numbers = Value(name: "%numbers", shape: [capacity, width])
        let state = named("%w", variables.map(\.shape))
        let carried = [place, numbers] + state
        let types = carried.map(\.type).joined(separator: ", ")
        let begin = zip(carried, start).map { "\($0.name) = \($1.name)" }
        var turn = main.nested(from: 1_000)
        let after = self.turn(given, place, zero, numbers, state, in: &turn)
        let result = main.line(
            of: carried.count,
            """
            stablehlo.while(\(begin.joined(separator: ", "))) : \(types)
              cond {
                %more = stablehlo.compare LT, %place, %count, SIGNED : (tensor<i32>, tensor<i32>) \
            -> tensor<i1>
                stablehlo.return %more : tensor<i1>
              } do {
            \(turn.text)
                stablehlo.return \(after.map(\.name).joined(separator: ", ")) : \(types)
              }
            """)
        return carried.enumerated().dropFirst().map {
            Value(name: "\(result)#\($0)", shape: $1.shape)
        }
    }

    /// One turn: the next place, all numbers, and the variables after the run at `place`.
    private func turn(
        _ given: Arguments, _ place: Value, _ zero: Value, _ numbers: Value, _ state: [Value],
        in turn: inout Lowering
    ) -> [Value] {
        var arguments: [String: Value] = [:]
        for (input, column) in zip(inputs, given.columns) {
            arguments[input.name] = turn.row(place, of: column, zero)
        }
        for (input, parts) in zip(rows, zip(given.rows, given.tables)) {
            arguments[input.name] = turn.samples(
                turn.row(place, of: parts.0, zero), of: parts.1, to: input.shape)
        }
        let clock = turn.row(place, of: given.clocks, zero)
        let kind = turn.row(place, of: given.kinds, zero)
        let types = ([[width]] + variables.map(\.shape)).map { Value.type($0) }
            .joined(separator: ", ")
        let branches = signatures.indices.map { number in
            branch(number, arguments, clock, state, turn.nested(from: 10_000 * (number + 2)))
        }
        let results = turn.line(
            of: 1 + variables.count,
            "\"stablehlo.case\"(\(kind.name)) (\(branches.joined(separator: ", "))) : "
                + "(tensor<i32>) -> (\(types))")
        let row = turn.reshaped(Value(name: "\(results)#0", shape: [width]), [1, width])
        let updated = turn.apply(
            "dynamic_update_slice", [numbers, row, place, zero], to: numbers.shape)
        let next = turn.apply("add", [place, turn.whole(1)], to: [], "i32")
        return [next, updated]
            + variables.enumerated().map {
                Value(name: "\(results)#\($0 + 1)", shape: $1.shape)
            }
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

    /// A whole number of 32 bits with a sign.
    fileprivate mutating func whole(_ number: Int, _ shape: Shape = []) -> Value {
        define("stablehlo.constant dense<\(number)> : \(Value.type(shape, "i32"))", shape, "i32")
    }

    /// The row of an array at a place of its first axis.
    fileprivate mutating func row(_ place: Value, of column: Value, _ zero: Value) -> Value {
        let rest = Array(column.shape.dimensions.dropFirst())
        let row = apply(
            "dynamic_slice", [column, place] + rest.map { _ in zero }, ", sizes = \([1] + rest)",
            to: Shape([1] + rest), column.element)
        return reshaped(row, Shape(rest))
    }

    /// Samples from the rows of a table that are named: `[N]`, or minus one minus the number for a
    /// row that is mirrored.
    fileprivate mutating func samples(_ rows: Value, of table: Value, to shape: Shape) -> Value {
        let (count, size) = (shape[0], table.shape[1])
        let column = reshaped(rows, [count, 1])
        let other = apply(
            "subtract", [whole(-1, column.shape), column], to: column.shape, column.element)
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
