"""The words of what comes next, in the language of the request: payments, what is late, the way of a declaration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.working_days import add_working_days
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.agreements.notices import CeilingNotice
from subcontractors.clocks.model import Kind, Worklist
from subcontractors.clocks.terms import Duty
from subcontractors.clocks.words import words as worklist_words
from subcontractors.declarations.model import Status
from subcontractors.portal.model import (
    Overview,
    Verdict,
)
from subcontractors.portal.outlook import Missing, Outlook, Standing
from subcontractors.portal.words import amount

ANSWER_WITHIN = 10


"""Working days in which a declaration is answered."""


def short_day(day: date) -> str:
    """A day without its year, in short: ``12 sep``."""
    return f"{day.day} {formats.month_name(day, current_language(), short=True)}"


def long_day(day: date, today: date) -> str:
    """A day in words, with its year where it is not this year, that does not break over two lines."""
    name = f"{day.day} {formats.month_name(day, current_language())}"
    return (name if day.year == today.year else f"{name} {day.year}").replace(" ", "\u00a0")


def payment_sentence(found: Outlook, month: Month | None, today: date) -> Markup:
    """When the provider is paid, in one sentence; empty where nothing is known."""
    stands = found.months.get(month) if month else None
    if stands is not None and stands.done and stands.paid_on is not None:
        said = gettext(
            "<strong>%(amount)s</strong> is uitbetaald op <strong>%(day)s</strong>.",
            amount=amount(stands.paid),
            day=long_day(stands.paid_on, today),
        )
    elif found.next_day is not None and found.next_cents > 0:
        said = gettext(
            "Uw volgende betaling is <strong>%(amount)s</strong> op <strong>%(day)s</strong>.",
            amount=amount(found.next_cents),
            day=long_day(found.next_day, today),
        )
    elif found.late_cents > 0 and found.late_since is not None:
        said = gettext(
            "Er staat nog <strong>%(amount)s</strong> voor u open; de betaaldag is voorbij.",
            amount=amount(found.late_cents),
        )
    else:
        return Markup()
    return Markup(said)  # noqa: S704 - amounts and days of our own in a text of our own


def month_payment(found: Outlook, month: Month, today: date) -> tuple[str, str]:
    """How a month is paid, in two words, and the class that colours them."""
    return _payment(found.months.get(month), today)


def message_payment(found: Outlook, message_id: int, today: date) -> tuple[str, str]:
    """How a declaration is paid, and the class that colours it."""
    return _payment(found.messages.get(message_id), today)


def _payment(stands: Standing | None, today: date) -> tuple[str, str]:
    if stands is None:
        return "", ""
    if stands.done:
        return gettext("uitbetaald"), "good"
    if stands.expected is not None and stands.to_come > 0:
        day = short_day(stands.expected)
        if stands.expected < today:
            return gettext("betaling te laat"), "attention"
        return gettext("betaling %(day)s", day=day), ""
    return (gettext("wordt verrekend"), "") if stands.to_come < 0 else ("", "")


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that asks for attention: who is late, what it is, and where to go for it."""

    tag: str
    text: str
    late: bool = False
    url: str = ""
    action: str = ""


def attention(view: Overview, today: date) -> list[ToDo]:
    """What asks for attention now, on the side of the provider first and then on that of the lead contractor."""
    contract_id = view.year.contract_id
    found = [
        ToDo(
            gettext("concept"),
            gettext("%(name)s is gecontroleerd maar nog niet ingediend.", name=one.name),
            url=url_for("declarations.check", token=one.token),
            action=gettext("Bekijken"),
        )
        for one in view.waiting[:3]
    ]
    if not view.year.closed:
        for late in (True, False):
            found += _missing([one for one in view.missing if one.late(today) is late], contract_id, today, late=late)
    found += [_ceiling(one, contract_id) for one in view.notices]
    found += [_work(one, contract_id) for one in view.worklists if one.kind not in _SAID_ELSEWHERE]
    if view.outlook.late_cents > 0 and view.outlook.late_since is not None:
        text = gettext(
            "%(amount)s had betaald moeten zijn, het oudste deel op %(day)s. Dit ligt bij de hoofdaannemer.",
            amount=amount(view.outlook.late_cents),
            day=long_day(view.outlook.late_since, today),
        )
        where = url_for("declarations.payments", contract_id=contract_id)
        found.append(ToDo(gettext("hoofdaannemer te laat"), text, late=True, url=where, action=gettext("Bekijken")))
    return found


_SAID_ELSEWHERE = (Kind.DECLARATION_MISSING,)


_PAGES = {
    Kind.START_MISSING: ("reports", lazy_gettext("Start melden")),
    Kind.STOP_MISSING: ("reports", lazy_gettext("Stop melden")),
    Kind.RETURN_MISSING: ("returns", lazy_gettext("Opgave doen")),
    Kind.REFUSED_OPEN: ("overview", lazy_gettext("Redenen lezen")),
    Kind.TAKE_BACK: ("overview", lazy_gettext("Bekijken")),
}


"""Where to go for what stands on a worklist; the others only say something."""


def _work(one: Worklist, contract_id: int) -> ToDo:
    """A worklist in one line: how many, what to do, and who is to do it."""
    said = worklist_words(one.kind, current_language())
    ours = one.duty is Duty.SUBCONTRACTOR
    if one.told_only:
        tag = gettext("was te laat")
    elif one.late:
        tag = gettext("te laat") if ours else gettext("hoofdaannemer te laat")
    else:
        tag = gettext("te doen") if ours else gettext("bij de hoofdaannemer")
    text = f"{said.title}: {one.total}. {said.todo}"
    page, action = _PAGES.get(one.kind, ("", ""))
    month = one.entries[0].month if one.entries and page == "overview" else None
    url = url_for(f"declarations.{page}", contract_id=contract_id, maand=month or None) if page else ""
    return ToDo(tag, text, late=bool(one.late) and not one.told_only, url=url, action=str(action))


def _ceiling(one: CeilingNotice, contract_id: int) -> ToDo:
    """The ceiling of an agreement, in one line."""
    known = {"code": one.agreement, "ceiling": amount(one.ceiling)}
    if one.certainty == "passed":
        text = gettext(
            "Overeenkomst %(code)s: uw productie ligt boven het plafond van %(ceiling)s. Zonder addendum blijft "
            "%(unpaid)s onbetaald.",
            unpaid=amount(one.unpaid),
            **known,
        )
    elif one.certainty == "almost_sure":
        text = gettext(
            "Overeenkomst %(code)s: uw productie komt dit jaar vrijwel zeker boven het plafond van %(ceiling)s uit. "
            "Overleg met de hoofdaannemer.",
            **known,
        )
    elif one.certainty == "may":
        text = gettext(
            "Overeenkomst %(code)s: uw productie kan dit jaar boven het plafond van %(ceiling)s uitkomen.", **known
        )
    else:
        text = gettext(
            "Overeenkomst %(code)s: uw productie van %(used)s heeft de signaalgrens van het plafond van %(ceiling)s "
            "bereikt.",
            used=amount(one.used),
            **known,
        )
    url = url_for("declarations.agreements", contract_id=contract_id)
    return ToDo(gettext("plafond"), text, late=one.certainty == "passed", url=url, action=gettext("Afspraken bekijken"))


def _missing(lacking: Sequence[Missing], contract_id: int, today: date, *, late: bool) -> list[ToDo]:
    """The months that were not declared yet, in one line."""
    if not lacking:
        return []
    first = lacking[0]
    values = {
        "month": formats.month(first.month, current_language()),
        "last": formats.month(lacking[-1].month, current_language()),
        "day": long_day(first.until, today),
    }
    if late:
        text = ngettext(
            "Over %(month)s is nog niets ingediend. Dat had gekund tot en met %(day)s.",
            "Over %(num)s maanden (%(month)s tot en met %(last)s) is niets ingediend; de eerste kon tot %(day)s.",
            len(lacking),
            **values,
        )
    else:
        text = ngettext(
            "Over %(month)s is nog niets ingediend. Doe dat uiterlijk %(day)s.",
            "Over %(num)s maanden (vanaf %(month)s) is nog niets ingediend. Doe de eerste uiterlijk %(day)s.",
            len(lacking),
            **values,
        )
    where = url_for("declarations.form", contract_id=contract_id, maand=str(first.month))
    tag = gettext("te laat") if late else gettext("te doen")
    return [ToDo(tag, text, late=late, url=where, action=gettext("Regels invullen"))]


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of a declaration: what, when, and whether it is done."""

    name: str
    said: str
    done: bool
    late: bool = False


def steps(one: Verdict, stands: Standing | None, today: date) -> list[Step]:
    """The way of a declaration: received, checked, answered, payable, paid."""
    if one.received is None:
        return []
    language = current_language()
    day = formats.day(one.received, language)
    until = formats.day(add_working_days(one.received, ANSWER_WITHIN), language)
    answer = gettext("op dezelfde dag; het mocht tot en met %(day)s", day=until)
    found = [
        Step(gettext("Ontvangen"), day, done=True),
        Step(gettext("Gecontroleerd"), day, done=True),
        Step(gettext("Beantwoord"), answer, done=True),
    ]
    if one.status is not Status.ANSWERED or stands is None:
        return found
    if stands.expected is not None and stands.to_come > 0:
        late = stands.expected < today
        found.append(Step(gettext("Betaalbaar"), formats.day(stands.expected, language), done=False, late=late))
    if stands.paid_on is not None:
        said = gettext("%(amount)s op %(day)s", amount=amount(stands.paid), day=formats.day(stands.paid_on, language))
        found.append(Step(gettext("Betaald"), said, done=True))
    elif stands.to_come > 0:
        said = gettext("te laat: dit ligt bij de hoofdaannemer") if found[-1].late else gettext("nog niet")
        found.append(Step(gettext("Betaald"), said, done=False, late=found[-1].late))
    return found
