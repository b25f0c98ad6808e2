"""Small numbers in reports that follow one another, attacked by subtraction over rows, breakdowns, quarters, versions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from budgets.reports.atoms import Layers, change_secrets, read, together, written
from budgets.reports.protect import NewRow, Sum, Told, protect
from lead_contractor.kernel.quarters import Quarter
from tests.budgets.reports.attacker import finds

Q1 = Quarter(2025, 1)
NOTHING = Told()


def total(*tables: list[NewRow]) -> Sum:
    return frozenset().union(*(row.atoms for table in tables for row in table))


def row(people: int | None, *atoms: str) -> NewRow:
    return NewRow(people, frozenset(atoms))


def safe(told: Told) -> bool:
    return not any(finds(told.known, secret) for secret in told.secrets)


def test_rule_42_a_small_row_takes_the_next_smallest_along():
    areas = [row(14, "a"), row(7, "b"), row(23, "c")]
    (hidden,), told = protect([areas], NOTHING, [total(areas)])
    assert hidden == {0, 1}
    assert told.secrets == (frozenset("b"),)
    assert safe(told)


def test_nothing_is_hidden_where_nobody_is_few():
    areas = [row(14, "a"), row(10, "b"), row(None, "c")]
    (hidden,), told = protect([areas], NOTHING, [total(areas)])
    assert hidden == frozenset()
    assert told.secrets == ()


def test_another_breakdown_of_the_same_quarter_does_not_give_it_away():
    products = [row(12, "xA", "xB"), row(30, "yA", "yB"), row(4, "zB")]
    providers = [row(20, "xA", "yA"), row(25, "xB", "yB", "zB")]
    hidden, told = protect([products, providers], NOTHING, [total(products)])
    assert hidden[0] == {0, 2}
    assert safe(told)
    assert finds([*told.known, products[0].atoms], frozenset({"zB"})), "the attack that is warded off"


def test_what_an_earlier_release_hides_cannot_be_had_from_a_later_total():
    """A page shows the half year per product; the second quarter must not give the small first one away by taking it off."""
    first = [row(4, "x1"), row(40, "y1"), row(30, "z1")]
    (_,), told = protect([first], NOTHING, [total(first)])
    half_year = [frozenset({"x1", "x2"}), frozenset({"y1", "y2"}), frozenset({"z1", "z2"})]
    second = [row(15, "x2"), row(40, "y2"), row(30, "z2")]
    (hidden,), after = protect([second], Told((*told.known, *half_year), told.secrets), [total(second)])
    assert 0 in hidden, "15 people, and still hidden: the half year less this quarter is 4 people"
    assert safe(after)
    (careless,), _ = protect([second], NOTHING, [total(second)])
    assert careless == frozenset()


def test_a_second_version_does_not_tell_what_two_people_changed():
    states = ({"x|A|p": [100, 0, 20], "y|A|p": [200, 0, 30], "z|A|p": [300, 0, 40]},)
    now = {"x|A|p": [110, 0, 21], "y|A|p": [205, 0, 30], "z|A|p": [300, 0, 40]}
    layers = Layers(Q1, (*states, now), 0, {"x|A|p": frozenset({7}), "y|A|p": frozenset({8, 9})})
    before = Layers(Q1, states)
    cells = ["x|A|p", "y|A|p", "z|A|p"]
    _, told = protect([[NewRow(20, before.atoms([cell])) for cell in cells]], NOTHING, [before.atoms(cells)])
    secrets = change_secrets(layers, [[cell] for cell in cells])
    assert len(secrets) == 2
    new = [NewRow(20, layers.atoms([cell])) for cell in cells]
    (hidden,), after = protect([new], Told(told.known, tuple(secrets)), [layers.atoms(cells)])
    assert hidden == {0, 1}, "row z did not change and may be shown again"
    assert safe(after)


def test_a_change_behind_which_enough_people_stand_is_told():
    many = frozenset(range(12))
    layers = Layers(Q1, ({"x|A|p": [100, 0, 20]}, {"x|A|p": [180, 0, 25]}), 0, {"x|A|p": many})
    assert change_secrets(layers, [["x|A|p"]]) == []
    assert layers.changes(["x|A|p"])
    assert change_secrets(Layers(Q1, ({"x|A|p": [100, 0, 20]},) * 2, 0), [["x|A|p"]]) == []
    assert change_secrets(Layers(Q1, ({"x|A|p": [100, 0, 20]},)), [["x|A|p"]]) == []


def test_what_is_stored_is_read_back_and_only_what_is_new():
    before = Told((frozenset("a"),), (frozenset("b"),))
    after = Told((frozenset("a"), frozenset("ac")), (frozenset("b"), frozenset("d")))
    assert together([before, read(written(after, before))]) == after


@st.composite
def releases(draw: st.DrawFn) -> list[tuple[list[NewRow], list[NewRow]]]:
    """Some quarters, and of each perhaps a second version, cut in two ways; people overlap at will."""
    made = []
    for quarter in range(draw(st.integers(1, 3))):
        cells = [f"q{quarter}-{p}{s}" for p in "xyz" for s in "AB"]
        people = {cell: draw(st.integers(0, 25)) for cell in cells}
        for version in range(draw(st.integers(1, 2))):
            atoms = {cell: {f"{cell}/{v}" for v in range(version + 1)} if people[cell] else set() for cell in cells}

            def cut(
                places: list[int], atoms: dict[str, set[str]] = atoms, people: dict[str, int] = people
            ) -> list[NewRow]:
                groups: dict[str, list[str]] = {}
                for cell in atoms:
                    groups.setdefault("".join(cell.partition("-")[2][place] for place in places), []).append(cell)
                return [
                    NewRow(sum(people[c] for c in own) or None, frozenset().union(*(atoms[c] for c in own)))
                    for own in groups.values()
                ]

            made.append((cut([0]), cut([1])))
    return made


@given(releases())
def test_no_attacker_finds_what_is_hidden_over_all_releases_together(story):
    told = NOTHING
    hidden_before: list[Sum] = []
    for products, providers in story:
        totals = [total(products)]
        allowed = [one for one in hidden_before if finds([*told.known, *totals], one)]
        (first, second), told = protect([products, providers], told, totals)
        for table, hidden in ((products, first), (providers, second)):
            for place, one in enumerate(table):
                assert not one.small or place in hidden, "a small row is never shown"
        shown = [
            one.atoms
            for table, hidden in ((products, first), (providers, second))
            for place, one in enumerate(table)
            if place not in hidden
        ]
        for secret in hidden_before:
            if secret not in allowed:
                assert not finds([*told.known, *shown], secret)
        assert safe(told)
        hidden_before = list(told.secrets)
