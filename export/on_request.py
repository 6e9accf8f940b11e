"""Moves what only the outline needs into a branch of the graph, which runs only if a caller asks for it.

onnxruntime computes every node of a graph, whichever outputs are fetched: its option `only_execute_path_to_fetches` works in
training builds alone (github.com/microsoft/onnxruntime/issues/16013). A branch is skipped. What chooses it is a graph input
with a default, so a caller that knows nothing of it passes the image alone, as before.
"""

from collections.abc import Iterable

import onnx
from onnx import TensorProto, helper

from desktop.core.inference.contract import OUTLINE, OUTLINE_WANTED

_COMPUTED, _NOTHING = f"{OUTLINE}_computed", f"{OUTLINE}_nothing"


def compute_on_request(model: onnx.ModelProto) -> None:
    """Put the nodes and weights of the output `outline`, which no other output needs, behind the input `outline_wanted`.

    Unless that is true, `outline` is empty: [0, height, width]. A graph without the output stays as it is.
    """
    graph = model.graph
    outline = next((output for output in graph.output if output.name == OUTLINE), None)
    if outline is None:
        return
    others = [output.name for output in graph.output if output.name != OUTLINE]
    shared = _needed(graph.node, others)
    branch = [node for place, node in enumerate(graph.node) if place not in shared]
    kept = [node for place, node in enumerate(graph.node) if place in shared]
    for node in branch:
        node.output[:] = [_COMPUTED if name == OUTLINE else name for name in node.output]
    used = {name for node in kept for name in node.input} | set(others)
    weights = [tensor for tensor in graph.initializer if tensor.name not in used]
    remaining = [tensor for tensor in graph.initializer if tensor.name in used]

    height, width = (dim.dim_value for dim in outline.type.tensor_type.shape.dim[1:])
    answer = helper.make_tensor_value_info(_COMPUTED, TensorProto.FLOAT, ["batch", height, width])
    then = helper.make_graph(branch, _COMPUTED, [], [answer], weights)
    empty = helper.make_tensor(_NOTHING, TensorProto.FLOAT, [0, height, width], [])
    nothing = helper.make_tensor_value_info(_NOTHING, TensorProto.FLOAT, [0, height, width])
    otherwise = helper.make_graph([helper.make_node("Constant", [], [_NOTHING], value=empty)], _NOTHING, [], [nothing])
    chosen = helper.make_node("If", [OUTLINE_WANTED], [OUTLINE], then_branch=then, else_branch=otherwise)

    del graph.node[:], graph.initializer[:]
    graph.node.extend([*kept, chosen])
    graph.initializer.extend([*remaining, helper.make_tensor(OUTLINE_WANTED, TensorProto.BOOL, [], [False])])
    graph.input.append(helper.make_tensor_value_info(OUTLINE_WANTED, TensorProto.BOOL, []))


def _needed(nodes: Iterable[onnx.NodeProto], outputs: Iterable[str]) -> set[int]:
    """Return the indices of the nodes that some outputs need; nodes are in the order in which they run."""
    wanted, found = set(outputs), set()
    for place, node in reversed(list(enumerate(nodes))):
        if wanted.intersection(node.output):
            found.add(place)
            wanted.update(node.input)
    return found
