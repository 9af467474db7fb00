"""Reads the functions of a .mnp file, which is a Python file, and says what their C entries take: the sizes before
the first array that spells them, the arrays and scalars in order, then the results."""
import ast
from collections import namedtuple

# kind: "size" (name is the variable), "array" or "scalar"; shape: the axes and annotation: the whole, as written.
Argument = namedtuple("Argument", "kind name dtype shape annotation")
Function = namedtuple("Function", "name arguments results")

SCALARS = {"float": "f64", "int": "i64"}


def of_annotation(name, annotation):
    if isinstance(annotation, ast.Subscript):
        axes = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        return Argument("array", name, annotation.value.id, [ast.unparse(axis) for axis in axes],
                        ast.unparse(annotation))
    return Argument("scalar", name, SCALARS.get(annotation.id, annotation.id), [], annotation.id)


def results(annotation):
    several = isinstance(annotation, ast.Subscript) and annotation.value.id == "tuple"
    each = annotation.slice.elts if several else [annotation]
    return [of_annotation(f"result{i}", one) for i, one in enumerate(each)]


def function(node):
    arguments, seen = [], {argument.arg for argument in node.args.args}
    for parameter in node.args.args:
        argument = of_annotation(parameter.arg, parameter.annotation)
        for size in argument.shape:
            if size.isidentifier() and size not in seen:
                seen.add(size)
                arguments.append(Argument("size", size, "i64", [], "int"))
        arguments.append(argument)
    return Function(node.name, arguments, results(node.returns))


def functions(text):
    """Those that C can call."""
    return [function(node) for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def own_program(f):
    """A function that calls f again and again, as a program does that owns f's results."""
    given = [argument for argument in f.arguments if argument.kind != "size"]
    parameters = ", ".join(f"{argument.name}: {argument.annotation}" for argument in given)
    names = ", ".join(argument.name for argument in given)
    first = f.results[0]
    element = f"{first.name}[{', '.join('0' for _ in first.shape)}]" if first.kind == "array" else first.name
    return (f"\n\ndef {f.name}_own({parameters}, calls_: int) -> float:\n"
            f"    total_ = 0.0\n"
            f"    for call_ in range(calls_):\n"
            f"        {', '.join(result.name for result in f.results)} = {f.name}({names})\n"
            f"        total_ += {element}\n"
            f"    return total_\n")
