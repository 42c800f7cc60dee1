import CKernels
import TensorGraph

/// Finds steps that can be done together for a few rows of a batch at a time, and joins them into
/// ``BandStep``s, so that what one writes the next finds in the cache.
struct Bands {
    let buffers: [Buffer]
    let threads: Int
    private let tuning: Tuning
    /// The number of steps that read or write a buffer.
    private let uses: [Int: Int]
    /// Buffers that one step alone reads.
    private let readOnce: Set<Int>

    private let steps: [PlannedStep]
    private let sharded: ShardedBuffers

    init(_ steps: [PlannedStep], _ buffers: [Buffer], threads: Int, _ tuning: Tuning) {
        (self.steps, self.buffers) = (steps, buffers)
        sharded = ShardedBuffers(steps)
        (self.threads, self.tuning) = (threads, tuning)
        let footprints = steps.map { Footprint($0.step) }
        uses = footprints.flatMap(\.buffers).occurrences
        readOnce = Set(
            footprints.flatMap(\.reads).occurrences
                .filter { $0.value == 1 && !buffers[$0.key].isOutput }.keys)
    }

    /// The same steps, some of them in bands; others may have moved before or after a band.
    func gathered() -> [PlannedStep] {
        var (rest, result) = (steps[...], [PlannedStep]())
        while let first = rest.first {
            if let found = band(at: rest) {
                result += found.before + [found.band]
                rest = found.after[...] + rest.dropFirst(tuning.bandReach)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// The band that begins with the first step.
    private func band(
        at steps: ArraySlice<PlannedStep>
    ) -> (before: [PlannedStep], band: PlannedStep, after: [PlannedStep])? {
        guard let product = steps.first?.step as? MatrixProductStep, product.extents.m > 0 else {
            return nil
        }
        var (before, after) = ([PlannedStep](), [PlannedStep]())
        var (inside, later) = (Contents(rows: product.extents.m), Footprint())
        guard member(steps[steps.startIndex].step, inside) != nil else { return nil }
        let isSharded = sharded.areWritten(by: product)
        for planned in steps.prefix(tuning.bandReach) {
            let footprint = Footprint(planned.step)
            if later.meets(footprint) {
                after.append(planned)
            } else if isSharded == sharded.areWritten(by: planned.step),
                inside.footprint.writes.isDisjoint(with: footprint.writes),
                inside.footprint.reads.isDisjoint(with: footprint.writes),
                let member = member(planned.step, inside)
            {
                inside.add(member, planned, footprint)
                inside.rectify(readOnce)
                continue
            } else if inside.footprint.meets(footprint) {
                after.append(planned)
            } else {
                before.append(planned)
                continue
            }
            later.add(footprint)
        }
        guard inside.names.count > 1 else { return nil }
        return (before, step(inside), after)
    }

    private func step(_ contents: Contents) -> PlannedStep {
        let flops = contents.cost.flops
        let threads = flops < tuning.bandForThreads ? 1 : threads
        let members = contents.members.map { member in
            guard case .chain(let chain) = member else { return member }
            return .chain(chain.inBand(threads: threads))
        }
        return PlannedStep(
            step: BandStep(
                rows: contents.rows, members: members, threads: threads, local: locals(contents),
                tuning),
            label: "\(contents.rows) rows: " + contents.names.joined(separator: ", "),
            cost: contents.cost)
    }

    /// The buffers that members of the band alone read and write, with the elements in a row.
    private func locals(_ contents: Contents) -> [Int: Int] {
        let places = contents.members.flatMap { $0.step.reads + $0.step.writes }
        let inside = contents.rowwise.filter { buffer in
            guard case .arena = buffers[buffer].place, !buffers[buffer].isOutput else {
                return false
            }
            return contents.uses[buffer] == uses[buffer]
                && buffers[buffer].count % contents.rows == 0
                && places.allSatisfy { $0.buffer != buffer || $0.offset == 0 }
        }
        let pairs = inside.map { ($0, buffers[$0].count / contents.rows) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The step as a member of a band, if it can be one.
    private func member(
        _ step: any PlannedOperation, _ contents: Contents
    ) -> BandStep.Member? {
        switch step {
        case let product as MatrixProductStep: member(product, contents)
        case let chain as FusedStep: goesByRows(chain, contents) ? .chain(chain) : nil
        default: nil
        }
    }

    private func member(
        _ product: MatrixProductStep, _ contents: Contents
    ) -> BandStep.Member? {
        let (e, rows) = (product.extents, contents.rows)
        guard product.primitive == nil, e.batch == 1, !product.accumulates,
            e.m > 0, e.n > 0, e.k > 0
        else { return nil }
        if !product.transposes.first, e.m == rows, e.n * e.k <= tuning.thinOperand,
            e.m * max(e.n, e.k) <= tuning.bandArray, isWhole(product.second, contents),
            isByRows(product.first, e.k, contents)
        {
            return .product(product)
        }
        if product.transposes.first, !product.transposes.second, e.k == rows,
            e.m * e.n <= tuning.thinOperand, e.k * max(e.m, e.n) <= tuning.bandArray,
            isByRows(product.first, e.m, contents), isByRows(product.second, e.n, contents)
        {
            return .sum(product)
        }
        return nil
    }

    /// Whether the memory is complete before the band.
    private func isWhole(_ reference: BufferReference, _ contents: Contents) -> Bool {
        !contents.footprint.writes.contains(reference.buffer)
    }

    /// Whether a row of `width` elements is there when it is needed.
    private func isByRows(
        _ reference: BufferReference, _ width: Int, _ contents: Contents
    ) -> Bool {
        if isWhole(reference, contents) { return true }
        return contents.rowwise.contains(reference.buffer) && reference.offset == 0
            && buffers[reference.buffer].count == contents.rows * width
    }

    /// Whether a chain can be computed row by row from what is there.
    private func goesByRows(_ chain: FusedStep, _ contents: Contents) -> Bool {
        let rows = contents.rows
        guard chain.count <= tuning.bandArray, chain.extents[0] % rows == 0 else { return false }
        let repeats = chain.extents[0] / rows
        return chain.loads.allSatisfy { load in
            if isWhole(load.reference, contents) { return true }
            let count = buffers[load.reference.buffer].count
            guard contents.rowwise.contains(load.reference.buffer), load.reference.offset == 0,
                load.strides[0] * chain.extents[0] == count
            else { return false }
            let last = zip(load.strides, chain.extents).dropFirst()
                .reduce((repeats - 1) * load.strides[0]) { $0 + $1.0 * ($1.1 - 1) }
            return last < count / rows
        }
    }
}

/// What steps read and write, by buffer.
private struct Footprint {
    var reads: Set<Int> = []
    var writes: Set<Int> = []
    var buffers: Set<Int> { reads.union(writes) }

    init() {}

    init(_ step: any PlannedOperation) {
        reads = Set(step.reads.map(\.buffer))
        writes = Set(step.writes.map(\.buffer))
    }

    mutating func add(_ other: Footprint) {
        reads.formUnion(other.reads)
        writes.formUnion(other.writes)
    }

    /// Whether the order of the two matters.
    func meets(_ other: Footprint) -> Bool {
        !writes.isDisjoint(with: other.writes) || !writes.isDisjoint(with: other.reads)
            || !reads.isDisjoint(with: other.writes)
    }
}

/// A band that is being gathered.
private struct Contents {
    let rows: Int
    var members: [BandStep.Member] = []
    var footprint = Footprint()
    /// Buffers whose rows are complete as soon as a member has done them; sums are only at the end.
    var rowwise: Set<Int> = []
    /// The number of gathered steps that read or write a buffer.
    var uses: [Int: Int] = [:]
    var cost = Cost()
    var names: [String] = []

    init(rows: Int) { self.rows = rows }

    mutating func add(
        _ member: BandStep.Member, _ planned: PlannedStep, _ footprint: Footprint
    ) {
        members.append(member)
        self.footprint.add(footprint)
        for buffer in footprint.buffers { uses[buffer, default: 0] += 1 }
        switch member {
        case .chain(let chain): rowwise.formUnion(chain.stores.map(\.reference.buffer))
        case .product(let product): rowwise.insert(product.target.buffer)
        case .sum: break
        }
        cost.flops += planned.cost.flops
        cost.bytes += planned.cost.bytes
        names.append(String(planned.label.prefix { $0 != "[" }.dropLast()))
    }

    /// Lets a product add its bias and rectify the sum by itself, where the last member is a chain
    /// that begins with this and nothing else reads the product.
    mutating func rectify(_ readOnce: Set<Int>) {
        guard case .chain(var chain)? = members.last,
            let index = members.firstIndex(where: { $0.isProduct(among: readOnce, readBy: chain) }),
            case .product(let product) = members[index],
            let rectified = chain.takeRectifier(of: product)
        else { return }
        // The result is written where the product was: earlier than by the chain.
        let between = members[index..<(members.count - 1)].flatMap {
            $0.step.reads + $0.step.writes
        }
        guard !between.contains(where: { $0.buffer == rectified.target.buffer }) else { return }
        members[index] = .product(rectified)
        members.removeLast()
        if !chain.stores.isEmpty || !chain.reductions.isEmpty { members.append(.chain(chain)) }
        cost.bytes -= 8 * chain.count
    }
}

extension BandStep.Member {
    fileprivate func isProduct(among buffers: Set<Int>, readBy chain: FusedStep) -> Bool {
        guard case .product(let product) = self else { return false }
        return buffers.contains(product.target.buffer)
            && chain.loads.contains { $0.reference == product.target }
    }
}

extension FusedStep {
    /// Takes the sum of a product and a row, rectified, off the chain's beginning.
    ///
    /// - Returns: The product that does this too and writes what the chain stored of it; nil where
    ///   the chain does not begin so, or needs the bare product as well.
    fileprivate mutating func takeRectifier(of product: MatrixProductStep) -> MatrixProductStep? {
        let rows = [product.extents.m, product.extents.n]
        guard extents == rows, product.rectifiedBias == nil, let first = operations.first,
            first.opcode == Int32(WK_ADD_RECTIFY.rawValue),
            let index = loads.firstIndex(where: { $0.reference == product.target && $0.isDense }),
            let bias = loads.first(where: { $0.strides == [0, 1] && $0.isPeriodic }),
            Set(first.operands) == [loads[index].register, bias.register],
            let store = stores.first(where: { $0.register == first.target })
        else { return nil }
        let rest = operations.dropFirst()
        let read = Set(
            rest.flatMap(\.operands) + stores.map(\.register) + reductions.map(\.register))
        guard !read.contains(loads[index].register),
            !rest.contains(where: { $0.target == first.target }),
            stores.filter({ $0.register == first.target }).count == 1
        else { return nil }
        var product = product
        product.rectifiedBias = bias.reference
        product.target = store.reference
        operations.removeFirst()
        stores.removeAll { $0.register == first.target }
        loads[index].reference = store.reference
        loads[index].register = first.target
        dropUnreadLoads()
        return product
    }

    /// The chain for threads that each do some rows of it, in ranges that begin anywhere between
    /// rows.
    fileprivate func inBand(threads: Int) -> FusedStep {
        var chain = self
        chain.threads = threads
        chain.rowsApart = reductions.allSatisfy { $0.strides[0] != 0 }
        for index in loads.indices where loads[index].strides[0] != 0 {
            chain.loads[index].isPeriodic = false
        }
        return chain
    }
}
