"""What is changed to make a mutant: the operators of cosmic-ray that say something, and four of our own.

cosmic-ray finds these by the entry point `cosmic_ray.operator_providers`, so its own commands know them, too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Keyword, Name, String

Span = tuple[tuple[int, int], tuple[int, int]]

# Of cosmic-ray's several hundred: one or two for each place, since a second `-` for a `+` tells nothing new.
# Not `|`, which in today's Python mostly joins types, where any other operator only fails to start.
_BINARY = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul")
_COMPARING = (
    *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
    *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
)
CHOSEN = (
    *(f"core/ReplaceBinaryOperator_{each}" for each in _BINARY),
    *(f"core/ReplaceComparisonOperator_{each}" for each in _COMPARING),
    "core/AddNot",
    "core/NumberReplacer",
    "core/RemoveDecorator",
    "core/ReplaceAndWithOr",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_USub",
    "core/ZeroIterationForLoop",
    "behave/ExceptionReplacer",
    "behave/StringReplacer",
    "behave/StatementRemover",
    "behave/KeywordArgumentRemover",
)

_FOR_THE_TYPE_CHECKER = {"cast", "TypeVar"}  # what is between their quotes means nothing when the code runs
_OF_AN_OBJECT = ("atom_expr", "power")  # a.b, a[b], a()
_NEVER_RAISED = "StopAsyncIteration"
_LITERAL = re.compile(r"""([A-Za-z]*)("{3}|'{3}|"|')(.*)\2""", re.DOTALL)


class ExceptionReplacer(Operator):
    """Has an `except` wait for what nobody raises. cosmic-ray's own does not know dotted names."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the places of the exceptions that are caught."""
        for caught in _caught(node):
            yield caught.start_pos, caught.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Put the other exception in the place of one."""
        caught = _caught(node)[index]
        siblings = caught.parent.children
        siblings[siblings.index(caught)] = Name(
            _NEVER_RAISED, caught.start_pos, prefix=caught.get_first_leaf().prefix
        )
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        before = "try:\n    x\nexcept (a.B, C):\n    pass\n"
        return (Example(before, before.replace("a.B", _NEVER_RAISED)),)


class StringReplacer(Operator):
    """Puts an XX on both sides of a text that is no docstring, or of a part of an f-string."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the place of a text."""
        text = node.type == "fstring_string" or (isinstance(node, String) and not _is_docstring(node))
        if text and _called(node) not in _FOR_THE_TYPE_CHECKER:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - cosmic-ray gives it
        """Change the text."""
        if node.type == "fstring_string":
            node.value = f"XX{node.value}XX"
        else:
            node.value = _LITERAL.sub(r"\1\2XX\3XX\2", node.value)
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (Example('x = "a"', 'x = "XXaXX"'), Example('x = f"a{b}"', 'x = f"XXaXX{b}"'))


class StatementRemover(Operator):
    """Leaves out a statement that does something: a call, a raise, a del, a change of an object."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the place of such a statement."""
        if node.type == "simple_stmt" and _does_something(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002
        """Put a pass in its place."""
        first = node.children[0].get_first_leaf()
        node.children[0] = Keyword("pass", first.start_pos, prefix=first.prefix)
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (Example("a.b()\n", "pass\n"), Example("a.b = 1\n", "pass\n"), Example("raise a\n", "pass\n"))


class KeywordArgumentRemover(Operator):
    """Leaves out an argument that is given by name."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the places of such arguments of a call."""
        for argument in _named(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the argument out, with the comma behind it."""
        at = node.children.index(_named(node)[index])
        comma = at + 1 < len(node.children) and node.children[at + 1] == ","
        del node.children[at : at + 1 + comma]
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (Example("f(a, b=1)", "f(a,)"), Example("f(a=1)", "f()"))


_OURS = {
    each.__name__: each
    for each in (ExceptionReplacer, StringReplacer, StatementRemover, KeywordArgumentRemover)
}


class Provider:
    """What cosmic-ray asks for operators."""

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(_OURS)

    def __getitem__(self, name: str) -> type[Operator]:
        """Return the operator of that name."""
        return _OURS[name]


def _caught(node: Any) -> list[Any]:
    """Return the exceptions of an `except`: one, or those in parentheses; none of a bare one."""
    if node.type != "except_clause":
        return []
    named = node.children[1]
    if named.type != "atom":
        return [named]
    inner = named.children[1]
    return list(inner.children[::2]) if inner.type == "testlist_comp" else [inner]


def _is_docstring(node: Any) -> bool:
    return node.parent is not None and node.parent.type in ("simple_stmt", "file_input")


def _called(node: Any) -> str:
    """Return the name of the function whose argument this is, or nothing."""
    holder = node.parent
    if holder is not None and holder.type == "arglist":
        holder = holder.parent
    before = holder.get_previous_sibling() if holder is not None and holder.type == "trailer" else None
    return str(getattr(before, "value", ""))


def _does_something(node: Any) -> bool:
    if node.type != "expr_stmt":
        return node.type in ("raise_stmt", "del_stmt", *_OF_AN_OBJECT)
    target, operator = node.children[:2]
    changed = getattr(operator, "value", "=") != "="  # +=
    return target.type in _OF_AN_OBJECT or (changed and operator.type != "annassign")


def _named(node: Any) -> list[Any]:
    of_a_class = node.parent is not None and node.parent.type == "classdef"
    if node.type not in ("arglist", "trailer") or of_a_class:
        return []
    arguments = (each for each in node.children if each.type == "argument")
    return [each for each in arguments if getattr(each.children[1], "value", "") == "="]
