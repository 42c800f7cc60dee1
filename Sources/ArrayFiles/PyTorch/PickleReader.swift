/// A reader of Python's pickles that makes plain values and descriptions of tensors, and calls
/// nothing: a pickle that asks for anything else is refused.
///
/// Values that hold others are numbers of places in ``lists`` and ``pairs``, so that no pickle can
/// make a chain of objects whose end would exhaust the stack.
///
/// Source: Python's pickletools; torch/serialization.py and torch/_utils.py of PyTorch for what
/// state dictionaries consist of.
struct PickleReader {
    /// A Python value.
    enum Value: Equatable {
        case none
        case truth(Bool)
        case integer(Int)
        case fraction
        case text(String)
        case tuple(Int)
        case list(Int)
        case dictionary(Int)
        case global(String)
        case storage(Int)
        case tensor(Int)
    }

    /// Numbers of a file, of which tensors are views.
    struct Storage: Equatable {
        let type: String
        let key: String
        let count: Int
    }

    /// A view of a storage, in numbers.
    struct View: Equatable {
        let storage: Storage
        let offset: Int
        let shape: [Int]
        let strides: [Int]
    }

    /// What is wrong with a pickle.
    enum Failure: Error, Equatable {
        case truncated
        /// Something that is not read.
        case unknown(String)
        /// An order of operations that no program writes.
        case malformed
        /// More operations than ``mostOperations``.
        case long
    }

    /// The most operations that are carried out: each takes up to some hundred bytes of memory,
    /// however well the pickle itself is packed. A tensor of a state dictionary takes about 30.
    static let mostOperations = 1 << 22

    private(set) var lists: [[Value]] = []
    private(set) var pairs: [[(key: Value, value: Value)]] = []
    private(set) var storages: [Storage] = []
    private(set) var views: [View] = []
    private var stack: [Value] = []
    private var marks: [Int] = []
    private var memo: [Int: Value] = [:]
    private let bytes: [UInt8]
    private var place: Int

    /// Where the bytes after the pickle begin, once it was read.
    var end: Int { place }

    /// - Parameters:
    ///   - bytes: A file with a pickle in it.
    ///   - start: Where it begins.
    init(_ bytes: [UInt8], from start: Int = 0) { (self.bytes, place) = (bytes, start) }

    /// Carries the pickle out.
    ///
    /// - Throws: ``Failure``.
    mutating func value() throws(Failure) -> Value {
        for _ in 0..<Self.mostOperations {
            let code = try byte()
            if code == UInt8(ascii: ".") { return try pop() }
            try carryOut(code)
        }
        throw .long
    }

    private mutating func carryOut(_ code: UInt8) throws(Failure) {
        switch Character(Unicode.Scalar(code)) {
        case "\u{80}": _ = try byte()
        case "\u{95}": _ = try number(8)
        case "N": stack.append(.none)
        case "\u{88}": stack.append(.truth(true))
        case "\u{89}": stack.append(.truth(false))
        case "K": stack.append(.integer(try number(1)))
        case "M": stack.append(.integer(try number(2)))
        case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case "\u{8A}": try long(try number(1))
        case "G":
            _ = try data(8)
            stack.append(.fraction)
        case "X": stack.append(.text(try text(try number(4))))
        case "T": stack.append(.text(try text(try number(4))))
        case "U", "\u{8C}": stack.append(.text(try text(try number(1))))
        case "(": marks.append(stack.count)
        case "0": _ = try pop()
        case ")": tuple([])
        case "\u{85}": tuple([try pop()])
        case "\u{86}": tuple(try last(2))
        case "\u{87}": tuple(try last(3))
        case "t": tuple(try marked())
        case "]": list([])
        case "l": list(try marked())
        case "}": dictionary()
        case "a": try append([try pop()])
        case "e": try append(try marked())
        case "s": try set(try last(2))
        case "u": try set(try marked())
        case "q": memo[try number(1)] = try top()
        case "r": memo[try number(4)] = try top()
        case "\u{94}": memo[memo.count] = try top()
        case "h": try recall(try number(1))
        case "j": try recall(try number(4))
        case "c": stack.append(.global(try line() + "." + (try line())))
        case "\u{93}":
            let names = try last(2)
            guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                throw .malformed
            }
            stack.append(.global(module + "." + name))
        case "Q": try store(try pop())
        case "R": try call()
        // The attributes of a dictionary, such as the versions of its layers, are passed over.
        case "b": _ = try pop()
        default: throw .unknown("the operation \(code)")
        }
    }
}

// What operations do.
extension PickleReader {
    private mutating func tuple(_ values: [Value]) {
        lists.append(values)
        stack.append(.tuple(lists.count - 1))
    }

    private mutating func list(_ values: [Value]) {
        lists.append(values)
        stack.append(.list(lists.count - 1))
    }

    private mutating func dictionary() {
        pairs.append([])
        stack.append(.dictionary(pairs.count - 1))
    }

    private mutating func append(_ values: [Value]) throws(Failure) {
        guard case .list(let place) = try top() else { throw .malformed }
        lists[place] += values
    }

    private mutating func set(_ values: [Value]) throws(Failure) {
        guard case .dictionary(let place) = try top(), values.count.isMultiple(of: 2) else {
            throw .malformed
        }
        for index in stride(from: 0, to: values.count, by: 2) {
            pairs[place].append((values[index], values[index + 1]))
        }
    }

    private mutating func recall(_ key: Int) throws(Failure) {
        guard let value = memo[key] else { throw .malformed }
        stack.append(value)
    }

    /// `('storage', type, key, device, count)`, in older files with a view that has to be absent.
    private mutating func store(_ identity: Value) throws(Failure) {
        guard case .tuple(let place) = identity, (5...6).contains(lists[place].count),
            lists[place][0] == .text("storage"), case .global(let type) = lists[place][1],
            case .text(let key) = lists[place][2], case .integer(let count) = lists[place][4],
            count >= 0
        else { throw .unknown("an object that is kept elsewhere") }
        guard lists[place].count == 5 || lists[place][5] == .none else {
            throw .unknown("a view of a storage")
        }
        storages.append(Storage(type: type, key: key, count: count))
        stack.append(.storage(storages.count - 1))
    }

    private mutating func call() throws(Failure) {
        guard case .tuple(let place) = try pop(), case .global(let name) = try pop() else {
            throw .malformed
        }
        let arguments = lists[place]
        switch name {
        case "collections.OrderedDict" where arguments.isEmpty: dictionary()
        case "torch._utils._rebuild_tensor_v2" where arguments.count >= 4:
            guard case .storage(let storage) = arguments[0],
                case .integer(let offset) = arguments[1],
                let shape = integers(arguments[2]), let strides = integers(arguments[3])
            else { throw .malformed }
            views.append(
                View(storage: storages[storage], offset: offset, shape: shape, strides: strides))
            stack.append(.tensor(views.count - 1))
        case "torch._utils._rebuild_parameter" where !arguments.isEmpty:
            stack.append(arguments[0])
        default: throw .unknown("a call of \(String(name.prefix(100)))")
        }
    }

    private func integers(_ value: Value) -> [Int]? {
        guard case .tuple(let place) = value else { return nil }
        var result: [Int] = []
        for element in lists[place] {
            guard case .integer(let number) = element else { return nil }
            result.append(number)
        }
        return result
    }
}

// The bytes and the stack.
extension PickleReader {
    private mutating func byte() throws(Failure) -> UInt8 {
        guard place < bytes.count else { throw .truncated }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func data(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - place else { throw .truncated }
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// A number without a sign, or of eight bytes with one.
    private mutating func number(_ count: Int) throws(Failure) -> Int {
        try data(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Longer ones than eight bytes are no number of a tensor, and become a fraction.
    private mutating func long(_ count: Int) throws(Failure) {
        let digits = try data(count)
        guard count <= 8 else { return stack.append(.fraction) }
        let number = digits.reversed().reduce(0) { $0 << 8 | Int($1) }
        let isNegative = (digits.last ?? 0) >= 0x80 && count < 8
        stack.append(.integer(isNegative ? number - 1 << (8 * count) : number))
    }

    private mutating func text(_ count: Int) throws(Failure) -> String {
        String(decoding: try data(count), as: UTF8.self)
    }

    private mutating func line() throws(Failure) -> String {
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else { throw .truncated }
        defer { place = end + 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }

    private func top() throws(Failure) -> Value {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw .malformed }
        return value
    }

    private mutating func pop() throws(Failure) -> Value {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func last(_ count: Int) throws(Failure) -> [Value] {
        guard stack.count - count >= marks.last ?? 0 else { throw .malformed }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func marked() throws(Failure) -> [Value] {
        guard let mark = marks.popLast() else { throw .malformed }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }
}
