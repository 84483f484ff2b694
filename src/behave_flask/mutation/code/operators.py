"""What is changed to make a mutant: the operators of cosmic-ray that say something, and seven of our own.

cosmic-ray finds these by the entry point `cosmic_ray.operator_providers`, so its own commands know them, too.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Keyword, Name, String
from parso.python.tree import Operator as Sign

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
    "behave/OperandRemover",
    "behave/ElementRemover",
    "behave/QueryClauseRemover",
)

_FOR_THE_TYPE_CHECKER = {"cast", "TypeVar"}  # what is between their quotes means nothing when the code runs
_OF_AN_OBJECT = ("atom_expr", "power")  # a.b, a[b], a()
_NEVER_RAISED = "StopAsyncIteration"
_QUERY_CLAUSES = ("where", "filter", "filter_by", "having", "order_by")  # SQLAlchemy's
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


class OperandRemover(Operator):
    """Leaves out one operand of an `and` or an `or`."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the places of the operands."""
        if node.type in ("and_test", "or_test"):
            for operand in node.children[::2]:
                yield operand.start_pos, operand.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the operand out, with the word beside it; the only one left stands alone."""
        at = 2 * index
        prefix = node.get_first_leaf().prefix
        del node.children[max(0, at - 1) : max(0, at - 1) + 2]
        node.get_first_leaf().prefix = prefix
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (Example("x = a and b", "x = b"), Example("x = a or b or c", "x = a or c", occurrence=1))


class ElementRemover(Operator):
    """Leaves out one element of a tuple, a list or a set in brackets that has several."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the places of the elements."""
        for element in _elements(node):
            yield element.start_pos, element.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the element out, with its comma; a tuple of one keeps a comma."""
        inner, elements = node.children[1], _elements(node)
        _take_out(inner, elements[index])
        if node.children[0] == "(" and len(elements) == 2 and inner.children[-1] != ",":
            inner.children.append(Sign(",", inner.end_pos))
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (
            Example("x = (a, b)", "x = (a,)", occurrence=1),
            Example("x = [a, b, c]", "x = [a, c]", occurrence=1),
            Example("x = {a, b}", "x = { b}"),
        )


class QueryClauseRemover(Operator):
    """Leaves out a condition or an order of a query: one of several in a `.where(...)`, or all of it."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the places of what is asked for."""
        for _, argument in _clauses(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the argument out, and the call with it if it has no other."""
        call, argument = _clauses(node)[index]
        if argument.parent.type == "arglist" and len(argument.parent.children) > 2:
            _take_out(argument.parent, argument)
        else:
            at = node.children.index(call)
            del node.children[at - 1 : at + 1]
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples, as cosmic-ray asks for."""
        return (
            Example("x = q.where(a).order_by(b)", "x = q.order_by(b)"),
            Example("x = q.where(a, b)", "x = q.where(a)", occurrence=1),
        )


_OURS = {
    each.__name__: each
    for each in (
        ExceptionReplacer,
        StringReplacer,
        StatementRemover,
        KeywordArgumentRemover,
        OperandRemover,
        ElementRemover,
        QueryClauseRemover,
    )
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


def _take_out(node: Any, child: Any) -> None:
    """Take a child out of what is separated by commas, with the comma behind it, or else before it."""
    at = node.children.index(child)
    behind = at + 1 < len(node.children) and node.children[at + 1] == ","
    before = not behind and at > 0 and node.children[at - 1] == ","
    del node.children[at - before : at + 1 + behind]


def _elements(node: Any) -> list[Any]:
    """Return the elements of a literal that has several; none of a type's brackets, or of what is caught."""
    if node.type != "atom" or node.parent.type in ("trailer", "subscriptlist", "except_clause"):
        return []
    inner = node.children[1]
    found = list(inner.children[::2]) if inner.type in ("testlist_comp", "dictorsetmaker") else []
    commas = inner.children[1::2] if found else []
    several = len(found) > 1 and all(each == "," for each in commas)
    return found if several and not _is_target(node) else []


def _is_target(node: Any) -> bool:
    """Return whether something is assigned to this."""
    after = node.get_next_sibling()
    return node.parent.type == "expr_stmt" and getattr(after, "value", "") == "="


def _clauses(node: Any) -> list[tuple[Any, Any]]:
    """Return what a chain of calls asks a query for: the call and its argument."""
    if node.type not in _OF_AN_OBJECT:
        return []
    found: list[tuple[Any, Any]] = []
    for name, call in pairwise(node.children):
        if name.type != "trailer" or name.children[-1].value not in _QUERY_CLAUSES or len(call.children) < 3:
            continue
        inner = call.children[1]
        arguments = inner.children[::2] if inner.type == "arglist" else [inner]
        found += [(call, each) for each in arguments]
    return found
