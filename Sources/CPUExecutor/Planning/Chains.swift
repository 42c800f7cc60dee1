package import TensorGraph

/// What the executor does at one go: a chain of element-wise operations, or one other operation.
package struct Chain {
    package enum Kind: Equatable {
        /// Element-wise operations over one shape, and the reductions that close them.
        case fused(Shape)
        /// One other operation: a chain of one link.
        case single
    }

    package var kind: Kind
    /// Instructions in program order.
    package var members: [Int]
    /// Chains that must come before.
    package var dependencies: Set<Int> = []
}

/// The chains of a program and the order in which they must run.
package struct Chains {
    package private(set) var chains: [Chain] = []
    /// The chain of each instruction; nil for views, sources and numbers known beforehand.
    package private(set) var chainOf: [Int?]
    private let values: Values
    private let longest: Int

    package init(_ values: Values, _ tuning: Tuning) {
        (self.values, longest) = (values, tuning.longestChain)
        chainOf = Array(repeating: nil, count: values.program.instructions.count)
        for number in values.program.instructions.indices
        where values.isOwn(number) && !values.isSource(number) {
            add(number)
        }
    }

    /// The chain that makes the memory which an operand is looked at in.
    package func producer(of operand: Int) -> Int? {
        values.splats[operand] == nil ? chainOf[values.views[operand].root] : nil
    }

    private mutating func add(_ number: Int) {
        guard let shape = fusedShape(number) else {
            append(number, .single)
            return
        }
        let candidates = Set(values.reads(number).compactMap { joinable($0, shape) })
            .filter { isShared($0) == values.isShared[number] }.sorted(by: >)
        guard let home = candidates.first(where: { canJoin(number, $0) }) else {
            append(number, .fused(shape))
            return
        }
        chains[home].members.append(number)
        chains[home].dependencies.formUnion(dependencies(of: number).subtracting([home]))
        chainOf[number] = home
        for other in candidates where other != home { merge(other, into: home) }
    }

    private mutating func append(_ number: Int, _ kind: Chain.Kind) {
        chainOf[number] = chains.count
        chains.append(
            Chain(kind: kind, members: [number], dependencies: dependencies(of: number)))
    }

    private func dependencies(of number: Int) -> Set<Int> {
        Set(values.reads(number).compactMap(producer))
    }

    /// The shape over which an instruction can be computed element by element; nil if it cannot.
    private func fusedShape(_ number: Int) -> Shape? {
        if values.isElementwise(number) { return values.shape(number) }
        guard values.operation(number) is Reduce else { return nil }
        return values.shape(values.reads(number)[0])
    }

    /// The chain over `shape` that makes `operand` element by element, if there is one.
    private func joinable(_ operand: Int, _ shape: Shape) -> Int? {
        guard isChained(operand), let chain = chainOf[operand], chains[chain].kind == .fused(shape)
        else { return nil }
        return chain
    }

    /// Whether a chain is done once for all shards; all its members are.
    private func isShared(_ chain: Int) -> Bool { values.isShared[chains[chain].members[0]] }

    /// Whether a later member of the same chain may use the value element by element.
    private func isChained(_ number: Int) -> Bool {
        values.isOwn(number) && !(values.operation(number) is Reduce)
    }

    private func canJoin(_ number: Int, _ home: Int) -> Bool {
        guard chains[home].members.count < longest else { return false }
        return values.reads(number).allSatisfy { operand in
            guard let chain = producer(of: operand) else { return true }
            return chain == home ? isChained(operand) : !reaches(chain, home)
        }
    }

    /// Makes two chains one where no third chain stands between them.
    private mutating func merge(_ other: Int, into home: Int) {
        let size = chains[other].members.count + chains[home].members.count
        guard size <= longest, chains[other].kind == chains[home].kind,
            usesOnlyChained(other, from: home), usesOnlyChained(home, from: other),
            chains[other].dependencies.allSatisfy({ $0 == home || !reaches($0, home) }),
            chains[home].dependencies.allSatisfy({ $0 == other || !reaches($0, other) })
        else { return }
        for member in chains[other].members { chainOf[member] = home }
        chains[home].members = (chains[home].members + chains[other].members).sorted()
        chains[home].dependencies.formUnion(chains[other].dependencies)
        chains[other] = Chain(kind: .single, members: [])
        for index in chains.indices where chains[index].dependencies.remove(other) != nil {
            chains[index].dependencies.insert(home)
        }
        chains[home].dependencies.subtract([home, other])
    }

    private func usesOnlyChained(_ user: Int, from maker: Int) -> Bool {
        chains[user].members.allSatisfy { member in
            values.reads(member).allSatisfy { producer(of: $0) != maker || isChained($0) }
        }
    }

    /// Whether `chain` depends on `target`, directly or through others.
    package func reaches(_ chain: Int, _ target: Int) -> Bool {
        var (stack, seen) = ([chain], Set([chain]))
        while let current = stack.popLast() {
            if current == target { return true }
            for next in chains[current].dependencies where seen.insert(next).inserted {
                stack.append(next)
            }
        }
        return false
    }

    /// Demands that each of `earlier` runs before `chain`; false, and no change, if that is
    /// impossible.
    package mutating func order(_ earlier: Set<Int>, before chain: Int) -> Bool {
        let others = earlier.subtracting([chain])
        guard others.allSatisfy({ !reaches($0, chain) }) else { return false }
        chains[chain].dependencies.formUnion(others)
        return true
    }

    /// The chains in an order that respects all dependencies and otherwise follows the program.
    package var schedule: [Int] {
        var order: [Int] = []
        var state = [Int](repeating: 0, count: chains.count)
        func visit(_ chain: Int) {
            guard state[chain] == 0 else { return }
            state[chain] = 1
            let first = { (index: Int) in chains[index].members.last ?? -1 }
            for next in chains[chain].dependencies.sorted(by: { first($0) < first($1) }) {
                visit(next)
            }
            order.append(chain)
        }
        let live = chains.indices.filter { !chains[$0].members.isEmpty }
        for chain in live.sorted(by: { chains[$0].members.last! < chains[$1].members.last! }) {
            visit(chain)
        }
        return order
    }
}
