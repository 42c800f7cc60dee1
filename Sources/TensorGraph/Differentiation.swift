/// The derivatives of a scalar, as tensors that can be differentiated again.
///
/// Reverse mode: the graph is walked once from `output` back, and each operation's vector-Jacobian
/// rule emits the nodes of the derivative.
///
/// - Parameters:
///   - output: A scalar `[]`.
///   - inputs: Any tensors, parameters or intermediate ones; zeros result for those on which
///     `output` does not depend.
/// - Returns: One tensor for each of `inputs`, of its shape.
public func gradients(of output: Tensor, withRespectTo inputs: [Tensor]) -> [Tensor] {
    guard !output.isInvalid, output.shape == [] else {
        let message = "only a scalar has a gradient, not a tensor of shape \(output.shape)"
        return inputs.map { _ in .invalid(message, from: output) }
    }
    let order = topologicalOrder([output.node])
    let relevant = dependents(of: inputs.map(\.node), in: order)
    var cotangents: [AnyHashable: Tensor] = [place(output.node): 1]
    for node in order.reversed() where relevant.contains(place(node)) {
        guard let cotangent = cotangents[place(node)], !node.operands.isEmpty else { continue }
        let contributions = node.operation.vjp(
            cotangent, operands: node.operands.map(Tensor.init), output: Tensor(node))
        for (operand, contribution) in zip(node.operands, contributions) {
            guard let contribution, relevant.contains(place(operand)) else { continue }
            cotangents[place(operand)] =
                cotangents[place(operand)].map { $0 + contribution }
                ?? contribution
        }
    }
    return inputs.map { input in
        if input.isInvalid { return input }
        return cotangents[place(input.node)] ?? .filled(0, input.shape)
    }
}

/// What makes two nodes one place in the graph: reads of one variable, or of one input, are the
/// same however often they were written down.
private func place(_ node: Node) -> AnyHashable {
    let operation = node.operation
    return operation is VariableRead || operation is Input
        ? AnyHashable(operation) : AnyHashable(ObjectIdentifier(node))
}

/// The nodes that `roots` depend on, each after its operands.
package func topologicalOrder(_ roots: [Node]) -> [Node] {
    var order: [Node] = []
    var entered: Set<ObjectIdentifier> = []
    var stack: [(node: Node, next: Int)] = []
    for root in roots where entered.insert(ObjectIdentifier(root)).inserted {
        stack.append((root, 0))
        while let (node, next) = stack.last {
            guard next < node.operands.count else {
                order.append(node)
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let operand = node.operands[next]
            if entered.insert(ObjectIdentifier(operand)).inserted { stack.append((operand, 0)) }
        }
    }
    return order
}

/// The places of those in `order` that are among `nodes` or depend on one of them.
private func dependents(of nodes: [Node], in order: [Node]) -> Set<AnyHashable> {
    var found = Set(nodes.map(place))
    for node in order where node.operands.contains(where: { found.contains(place($0)) }) {
        found.insert(place(node))
    }
    return found
}
