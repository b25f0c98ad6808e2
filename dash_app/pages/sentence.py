"""The answer in a sentence, made of the very figures that are drawn below it. Bold stands between ``**``."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from budgets.meeting.ground import Looked
from budgets.scenarios.outlook import Outlook, odds
from budgets.settlement.model import Surplus
from budgets.use.model import Outcome, Standing, YearPosition
from dash_app.formats import euro_short, month_name, percent
from dash_app.language import gettext
from dash_app.pages.text import in_months, joined
from lead_contractor.contract.model import Excess
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import Number


def answer(looked: Looked) -> str:
    """Where the year stands and what it is expected to come to, in two to four sentences."""
    if looked.outlook is not None:
        return f"{_used_of_year(looked.position, looked.outlook)} {_expected(looked.position, looked.outlook)}"
    said = realised(looked.position)
    if looked.position.outcome is None and looked.position.until is not None and looked.position.recorded:
        until = month_name(looked.position.until)
        none = gettext(
            "Eind %(month)s is geen prognose vastgelegd: dit is wat tot dan toe gerealiseerd is.", month=until
        )
        return f"{said} {none}"
    return said


def realised(position: YearPosition) -> str:
    """Where the year stands by what was recorded, in two or three sentences."""
    if position.outcome is not None:
        return _settled(position, position.outcome)
    if not position.recorded:
        return gettext(
            "Over contractjaar %(year)s is nog niets vastgelegd. De lumpsum is **%(sum)s**.",
            year=position.year,
            sum=euro_short(position.lump_sum),
        )
    if not position.complete:
        return f"{_used(position)}. {_coming_in(position)}"
    parts = [f"{_used(position)}: {_room(position.standing)}.", _margin(position, position.standing)]
    if position.coming_in:
        parts.append(_coming_in(position))
    return " ".join(parts)


def share(part: int, whole: int) -> Number:
    """A part in percent of a whole; zero of nothing."""
    return Fraction(100 * int(part), int(whole)) if whole else 0


def margin(standing: Standing) -> str:
    """The margin in one decimal."""
    return percent(Decimal(standing.margin_percent))


def cap_percent(position: YearPosition) -> str:
    """The cap as the contract writes it."""
    terms = position.terms.margin
    if terms is None:
        return ""
    digits = -int(terms.cap_percent.normalize().as_tuple().exponent)
    return percent(terms.cap_percent, max(0, digits))


def destination(position: YearPosition) -> str:
    """Where the contract sends what lies above the cap, in a word."""
    terms = position.terms.margin
    words = {
        Excess.REPAY: gettext("terug te betalen"),
        Excess.INVEST: gettext("te investeren"),
        Excess.RESERVE: gettext("naar de reserve"),
    }
    return "" if terms is None else words[terms.excess]


def _used_of_year(position: YearPosition, outlook: Outlook) -> str:
    standing = position.standing
    return gettext(
        "Tot en met %(month)s is **%(share)s** van het jaarbudget gebruikt.",
        month=month_name(standing.month),
        share=percent(share(standing.cost.total, outlook.revenue.point), 0),
    )


def _expected(position: YearPosition, outlook: Outlook) -> str:
    last = outlook.months[-1]
    parts = [
        gettext(
            "We verwachten eind %(month)s **%(cost)s** (tussen %(low)s en %(high)s): **%(room)s**.",
            month=month_name(last.month),
            cost=euro_short(last.cost.point),
            low=euro_short(last.cost.low80),
            high=euro_short(last.cost.high80),
            room=room_words(outlook.result.point),
        )
    ]
    if outlook.result.point < 0 or outlook.chance_shortage > outlook.chance_excess:
        parts.append(gettext("De kans op een tekort is %(chance)s.", chance=chance_words(outlook.chance_shortage)))
    parts.append(_margin_expected(position, outlook))
    return " ".join(parts)


def room_words(room: Cents) -> str:
    """How far under or over the budget of the year."""
    if room == 0:
        return gettext("precies het budget")
    words = {"room": euro_short(abs(room))}
    return gettext("%(room)s onder het budget", **words) if room > 0 else gettext("%(room)s boven het budget", **words)


def _margin_expected(position: YearPosition, outlook: Outlook) -> str:
    margin = percent(Decimal(outlook.margin.point))
    terms = position.terms.margin
    if terms is None:
        return gettext("De marge komt dan uit op **%(margin)s**; het contract kent geen maximum.", margin=margin)
    values = {"margin": margin, "cap": cap_percent(position)}
    if terms.excess is Excess.REPAY:
        return gettext(
            "De marge komt dan uit op **%(margin)s** bij een maximum van %(cap)s; de kans dat er geld terug moet is "
            "%(chance)s.",
            chance=chance_words(outlook.chance_repaid),
            **values,
        )
    return gettext(
        "De marge komt dan uit op **%(margin)s** bij een maximum van %(cap)s; de kans dat er iets boven het maximum "
        "uitkomt (%(whereto)s) is %(chance)s.",
        chance=chance_words(outlook.chance_excess),
        whereto=destination(position),
        **values,
    )


def chance_words(chance: float) -> str:
    """A chance as people say it: "ongeveer 1 op 5"."""
    part, whole = odds(chance)
    if part == 0:
        return gettext("**vrijwel nul**")
    if part == whole:
        return gettext("**vrijwel 100 %**")
    return gettext("ongeveer **%(part)s op %(whole)s**", part=part, whole=whole)


def _used(position: YearPosition) -> str:
    standing = position.standing
    return gettext(
        "Tot en met %(month)s is **%(used)s** van de **%(sum)s** lumpsum (**%(share)s**) gebruikt",
        month=month_name(standing.month),
        used=euro_short(standing.cost.total),
        sum=euro_short(position.lump_sum),
        share=percent(share(standing.cost.total, position.lump_sum), 0),
    )


def _room(standing: Standing) -> str:
    room = euro_short(abs(standing.room))
    month = month_name(standing.month)
    if standing.room > 0:
        return gettext("**%(room)s ruimte** ten opzichte van de termijnen tot en met %(month)s", room=room, month=month)
    if standing.room < 0:
        return gettext("**%(room)s tekort** ten opzichte van de termijnen tot en met %(month)s", room=room, month=month)
    return gettext("precies de termijnen tot en met %(month)s", month=month)


def _margin(position: YearPosition, standing: Standing) -> str:
    if position.terms.margin is None:
        return gettext("De marge staat op **%(margin)s**; het contract kent geen maximum.", margin=margin(standing))
    values = {"margin": margin(standing), "cap": cap_percent(position)}
    if not standing.surplus.excess:
        return gettext(
            "De marge staat op **%(margin)s** bij een maximum van %(cap)s; er is niets boven het maximum.", **values
        )
    return gettext(
        "De marge staat op **%(margin)s** bij een maximum van %(cap)s: **%(above)s** ligt daarboven (%(whereto)s).",
        above=euro_short(standing.surplus.excess),
        whereto=_whereto(standing.surplus),
        **values,
    )


def _whereto(surplus: Surplus) -> str:
    """Where what lies above the cap goes; a full reserve sends the rest back."""
    if surplus.invested:
        return gettext("te investeren")
    if surplus.added_to_reserve and surplus.repaid:
        return gettext(
            "voor %(reserve)s voor de reserve en voor %(repaid)s terug te betalen",
            reserve=euro_short(surplus.added_to_reserve),
            repaid=euro_short(surplus.repaid),
        )
    return gettext("voor de reserve") if surplus.added_to_reserve else gettext("terug te betalen")


def _coming_in(position: YearPosition) -> str:
    months = in_months([standing.month for standing in position.coming_in], month_name)
    return gettext("Over %(months)s komen de declaraties nog binnen.", months=months)


def _settled(position: YearPosition, outcome: Outcome) -> str:
    standing = position.standing
    made = gettext("definitief afgerekend") if outcome.final else gettext("in concept afgerekend")
    opening = gettext(
        "%(year)s is %(made)s: van **%(revenue)s** inkomsten is **%(used)s** gebruikt",
        year=position.year,
        made=made,
        revenue=euro_short(standing.revenue.total),
        used=euro_short(standing.cost.total),
    )
    return " ".join([f"{opening}, {_result(position, outcome)}.", *_destinations(outcome), _balance(outcome)])


def _result(position: YearPosition, outcome: Outcome) -> str:
    if outcome.result < 0:
        return gettext("een tekort van **%(result)s**", result=euro_short(abs(outcome.result)))
    if position.terms.margin is None:
        return gettext(
            "een overschot van **%(result)s** (**%(margin)s**); het contract kent geen maximum",
            result=euro_short(outcome.result),
            margin=margin(position.standing),
        )
    return gettext(
        "een overschot van **%(result)s** (**%(margin)s** bij een maximum van %(cap)s)",
        result=euro_short(outcome.result),
        margin=margin(position.standing),
        cap=cap_percent(position),
    )


def _destinations(outcome: Outcome) -> list[str]:
    surplus, deficit = outcome.surplus, outcome.deficit
    if surplus.excess:
        whereto = _whereto(surplus)
        above = euro_short(surplus.excess)
        return [gettext("Boven het maximum ligt **%(above)s**: %(whereto)s.", above=above, whereto=whereto)]
    if outcome.result > 0:
        return [gettext("Er is niets boven het maximum.")] if surplus.margin_cap else []
    if not deficit.total:
        return []
    borne = [
        (deficit.reserve_used, gettext("de reserve")),
        (deficit.municipality, gettext("de gemeente")),
        (deficit.contractor, gettext("de hoofdaannemer")),
    ]
    shares = joined([f"{who} **{euro_short(cents)}**" for cents, who in borne if cents])
    return [gettext("Daarvan dragen: %(shares)s.", shares=shares)]


def _balance(outcome: Outcome) -> str:
    due = euro_short(abs(outcome.balance_due))
    if outcome.balance_due > 0:
        return gettext("De gemeente betaalt nog **%(due)s**.", due=due)
    if outcome.balance_due < 0:
        return gettext("De hoofdaannemer betaalt nog **%(due)s** terug.", due=due)
    return gettext("Er is niets meer te verrekenen.")
