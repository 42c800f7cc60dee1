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
    var cotangents: [ObjectIdentifier: Tensor] = [ObjectIdentifier(output.node): 1]
    for node in order.reversed() where relevant.contains(ObjectIdentifier(node)) {
        guard let cotangent = cotangents[ObjectIdentifier(node)] else { continue }
        let contributions = node.operation.vjp(
            cotangent, operands: node.operands.map(Tensor.init), output: Tensor(node))
        for (operand, contribution) in zip(node.operands, contributions) {
            guard let contribution, relevant.contains(ObjectIdentifier(operand)) else { continue }
            let key = ObjectIdentifier(operand)
            cotangents[key] = cotangents[key].map { $0 + contribution } ?? contribution
        }
    }
    return inputs.map { cotangents[ObjectIdentifier($0.node)] ?? .filled(0, $0.shape) }
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

/// Those of `order` that are among `nodes` or depend on one of them.
private func dependents(of nodes: [Node], in order: [Node]) -> Set<ObjectIdentifier> {
    var found = Set(nodes.map { ObjectIdentifier($0) })
    for node in order where node.operands.contains(where: { found.contains(ObjectIdentifier($0)) }) {
        found.insert(ObjectIdentifier(node))
    }
    return found
}
