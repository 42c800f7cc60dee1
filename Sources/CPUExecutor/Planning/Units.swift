package import TensorGraph

/// What the executor does at one go: a chain of element-wise operations, or one other operation.
package struct Unit {
    package enum Kind: Equatable {
        /// Element-wise operations over one shape, and the reductions that close them.
        case fused(Shape)
        case single
    }

    package var kind: Kind
    /// Instructions in program order.
    package var members: [Int]
    /// Units that must come before.
    package var dependencies: Set<Int> = []
}

/// The units of a program and the order in which they must run.
package struct Units {
    package private(set) var units: [Unit] = []
    /// The unit of each instruction; nil for views, sources and numbers known beforehand.
    package private(set) var unitOf: [Int?]
    private let values: Values
    /// A chain is not grown past this, so that its values stay in L1.
    private static let largestChain = 96

    package init(_ values: Values) {
        self.values = values
        unitOf = Array(repeating: nil, count: values.program.instructions.count)
        for number in values.program.instructions.indices
        where values.isOwn(number) && !values.isSource(number) {
            add(number)
        }
    }

    /// The unit that makes the memory which an operand is looked at in.
    package func producer(of operand: Int) -> Int? {
        values.splats[operand] == nil ? unitOf[values.views[operand].root] : nil
    }

    private mutating func add(_ number: Int) {
        guard let shape = fusedShape(number) else {
            append(number, .single)
            return
        }
        let candidates = Set(values.operands(number).compactMap { joinable($0, shape) })
            .sorted(by: >)
        guard let home = candidates.first(where: { canJoin(number, $0) }) else {
            append(number, .fused(shape))
            return
        }
        units[home].members.append(number)
        units[home].dependencies.formUnion(dependencies(of: number).subtracting([home]))
        unitOf[number] = home
        for other in candidates where other != home { merge(other, into: home) }
    }

    private mutating func append(_ number: Int, _ kind: Unit.Kind) {
        unitOf[number] = units.count
        units.append(
            Unit(kind: kind, members: [number], dependencies: dependencies(of: number)))
    }

    private func dependencies(of number: Int) -> Set<Int> {
        Set(values.operands(number).compactMap(producer))
    }

    /// The shape over which an instruction can be computed element by element; nil if it cannot.
    private func fusedShape(_ number: Int) -> Shape? {
        if values.isElementwise(number) { return values.shape(number) }
        guard values.operation(number) is Reduce else { return nil }
        return values.shape(values.operands(number)[0])
    }

    /// The chain over `shape` that makes `operand` element by element, if there is one.
    private func joinable(_ operand: Int, _ shape: Shape) -> Int? {
        guard isChained(operand), let unit = unitOf[operand], units[unit].kind == .fused(shape)
        else { return nil }
        return unit
    }

    /// Whether a later member of the same chain may use the value element by element.
    private func isChained(_ number: Int) -> Bool {
        values.isOwn(number) && !(values.operation(number) is Reduce)
    }

    private func canJoin(_ number: Int, _ home: Int) -> Bool {
        guard units[home].members.count < Self.largestChain else { return false }
        return values.operands(number).allSatisfy { operand in
            guard let unit = producer(of: operand) else { return true }
            return unit == home ? isChained(operand) : !reaches(unit, home)
        }
    }

    /// Makes two chains one where no third unit stands between them.
    private mutating func merge(_ other: Int, into home: Int) {
        let size = units[other].members.count + units[home].members.count
        guard size <= Self.largestChain, units[other].kind == units[home].kind,
            usesOnlyChained(other, from: home), usesOnlyChained(home, from: other),
            units[other].dependencies.allSatisfy({ $0 == home || !reaches($0, home) }),
            units[home].dependencies.allSatisfy({ $0 == other || !reaches($0, other) })
        else { return }
        for member in units[other].members { unitOf[member] = home }
        units[home].members = (units[home].members + units[other].members).sorted()
        units[home].dependencies.formUnion(units[other].dependencies)
        units[other] = Unit(kind: .single, members: [])
        for index in units.indices where units[index].dependencies.remove(other) != nil {
            units[index].dependencies.insert(home)
        }
        units[home].dependencies.subtract([home, other])
    }

    private func usesOnlyChained(_ user: Int, from maker: Int) -> Bool {
        units[user].members.allSatisfy { member in
            values.operands(member).allSatisfy { producer(of: $0) != maker || isChained($0) }
        }
    }

    /// Whether `unit` depends on `target`, directly or through others.
    package func reaches(_ unit: Int, _ target: Int) -> Bool {
        var (stack, seen) = ([unit], Set([unit]))
        while let current = stack.popLast() {
            if current == target { return true }
            for next in units[current].dependencies where seen.insert(next).inserted {
                stack.append(next)
            }
        }
        return false
    }

    /// Demands that each of `earlier` runs before `unit`; false, and no change, if that is
    /// impossible.
    package mutating func order(_ earlier: Set<Int>, before unit: Int) -> Bool {
        let others = earlier.subtracting([unit])
        guard others.allSatisfy({ !reaches($0, unit) }) else { return false }
        units[unit].dependencies.formUnion(others)
        return true
    }

    /// The units in an order that respects all dependencies and otherwise follows the program.
    package var schedule: [Int] {
        var order: [Int] = []
        var state = [Int](repeating: 0, count: units.count)
        func visit(_ unit: Int) {
            guard state[unit] == 0 else { return }
            state[unit] = 1
            let first = { (index: Int) in units[index].members.last ?? -1 }
            for next in units[unit].dependencies.sorted(by: { first($0) < first($1) }) {
                visit(next)
            }
            order.append(unit)
        }
        let live = units.indices.filter { !units[$0].members.isEmpty }
        for unit in live.sorted(by: { units[$0].members.last! < units[$1].members.last! }) {
            visit(unit)
        }
        return order
    }
}
