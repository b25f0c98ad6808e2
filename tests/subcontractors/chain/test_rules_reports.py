"""Starts and stops against earlier messages: every rule with messages that break it and messages that do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from subcontractors.chain.outbox import troubles
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import report
from tests.subcontractors.chain.scene import (
    ANNA,
    STRANGER,
    TIM,
    WIJKTEAM,
    Chain,
    allocated,
    start,
    stop,
)

Make = Callable[..., Chain]
MODES = ("dialect", "strict")


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_tr019_a_start_needs_an_allocation_of_this_client_and_sender(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01"))) == {}
    assert made.one(made.starts(start("2025-03-01", number="7777"))) == {"StartProduct[1]": ("9019",)}
    assert made.one(made.starts(start("2025-03-01"), bsn=ANNA)) == {"StartProduct[1]": ("9019",)}


def test_tr019_holds_only_where_work_is_paid_by_effort_or_output(small: Make, mode: str):
    made = small(mode=mode)
    task = made.starts(start("2025-03-01", number="", product="08"), sender=WIJKTEAM)
    effort = made.starts(start("2025-03-01", number=""))
    assert made.one(task) == {}
    assert made.one(effort) == {"StartProduct[1]": ("9019",)}


def test_tr019_without_number_the_dialect_matches_on_client_product_and_begin(small: Make):
    made = small(allocated("1001"))
    assert made.one(made.starts(start("2025-03-01", number=""))) == {}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01"))) == {}  # with the number: the same start
    assert made.one(made.starts(start("2026-03-01", number=""))) == {"StartProduct[1]": ("9019",)}


def test_tr019_without_number_strict_finds_no_allocation(small: Make):
    made = small(allocated("1001"), mode="strict")
    assert made.one(made.starts(start("2025-03-01", number=""))) == {"StartProduct[1]": ("9019",)}


def test_tr056_an_identification_is_used_once_per_kind_and_sender(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01"), name="ZELFDE")) == {}
    assert made.one(made.starts(start("2025-04-01"), name="ZELFDE")) == {"Header": ("9056",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-05-01"), name="ZELFDE")) == {}


def test_tr063_only_what_was_delivered_can_be_withdrawn(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01", status="3"))) == {"StartProduct[1]": ("9063",)}
    assert made.one(made.starts(start("2025-03-01"))) == {}
    assert made.one(made.starts(start("2025-03-01", status="3"))) == {}
    assert made.one(made.starts(start("2025-03-01", status="3"), dated="2025-03-05")) == {"StartProduct[1]": ("9063",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", status="3"))) == {"StopProduct[1]": ("9063",)}


def test_tr063_what_was_refused_was_never_sent(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01"))) == {}
    assert made.one(made.starts(start("2025-04-01"))) == {"StartProduct[1]": ("9326",)}
    assert made.one(made.starts(start("2025-04-01", status="3"))) == {"StartProduct[1]": ("9063",)}


def test_tr071_a_start_is_not_withdrawn_after_its_stop(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.codes(made.starts(start("2025-03-01")), made.stops(stop("2025-03-01", "2025-04-01")))
    assert made.one(made.starts(start("2025-03-01", status="3"))) == {"StartProduct[1]": ("9071",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", status="3"))) == {}
    assert made.one(made.starts(start("2025-03-01", status="3"), dated="2025-03-06")) == {}


def test_tr074_a_first_delivery_has_a_new_key(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01"))) == {}
    assert made.one(made.starts(start("2025-03-01"))) == {"StartProduct[1]": ("9074", "9326")}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", "20"))) == {}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", "20")))["StopProduct[1]"] == ("9074", "9413")


def test_tr326_one_start_at_a_time(small: Make, mode: str):
    made = small(allocated("1001"), allocated("1002", product_code="02A05"), mode=mode)
    assert made.one(made.starts(start("2025-03-01"))) == {}
    assert made.one(made.starts(start("2025-04-01"))) == {"StartProduct[1]": ("9326",)}
    assert made.one(made.starts(start("2025-04-01", number="1002", product="02/02A05"))) == {}
    assert made.one(made.stops(stop("2025-03-01", "2025-03-31", "20"))) == {}
    assert made.one(made.starts(start("2025-04-01"))) == {}


def test_tr135_a_message_is_not_dated_in_the_future(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    evening = datetime(2025, 6, 2, 22, 30, tzinfo=UTC)  # half past twelve in the night of the third, in the Netherlands
    assert made.one(made.starts(start("2025-03-01"), dated="2025-06-03")) == {"Header": ("8848",)}
    assert made.one(made.starts(start("2025-03-01"), dated="2025-06-03"), at=evening) == {}


def test_tr378_the_municipality_is_one_of_cbs(small: Make):
    made = small(allocated("1001"))
    assert made.one(made.starts(start("2025-03-01"), receiver="9999")) == {"Header": ("S300",)}
    assert made.one(made.starts(start("2025-03-01"), receiver="0363")) == {}


@pytest.mark.parametrize(("mode", "told"), [("dialect", {}), ("strict", {"Header": ("S300",)})])
def test_tr378_the_code_of_the_contract_is_trusted_in_the_dialect_only(small: Make, mode: str, told: dict):
    made = small(allocated("1001"), mode=mode)
    made.scope.connection.exec_driver_sql("UPDATE contract SET municipality_code = '9999'")
    assert made.one(made.starts(start("2025-03-01"), receiver="9999")) == told


def test_tr381_a_code_belongs_to_its_category(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    assert made.one(made.starts(start("2025-03-01", product="01/02A03")))["StartProduct[1]"] == ("S329",)
    assert made.one(made.starts(start("2025-03-01", product="02/02A03"))) == {}


def test_tr382_a_stop_repeats_the_key_of_its_start(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.one(made.starts(start("2025-03-01")))
    assert made.one(made.stops(stop("2025-03-02", "2025-04-01"))) == {"StopProduct[1]": ("9069",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01"))) == {}


def test_tr382_a_stop_that_comes_alone_is_remarked_in_the_dialect(small: Make):
    made = small(allocated("1001"))
    assert made.one(made.stops(stop("2025-03-02", "2025-04-01"))) == {}
    assert made.verdicts() == [("stop", True, (), ("9069",))]


def test_tr382_a_stop_that_comes_alone_is_refused_in_strict_mode(small: Make):
    made = small(allocated("1001"), mode="strict")
    assert made.one(made.stops(stop("2025-03-02", "2025-04-01"))) == {"StopProduct[1]": ("9069",)}
    assert made.verdicts() == [("stop", False, ("9069",), ())]


def test_tr382_the_product_is_no_part_of_the_key_in_the_dialect(small: Make):
    made = small(allocated("1001"))
    made.one(made.starts(start("2025-03-01")))
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", product="02"))) == {}


def test_tr382_the_product_is_part_of_the_key_in_strict_mode(small: Make):
    made = small(allocated("1001"), mode="strict")
    made.one(made.starts(start("2025-03-01")))
    assert made.one(made.stops(stop("2025-03-01", "2025-04-01", product="02"))) == {"StopProduct[1]": ("9069",)}


def test_tr413_no_second_temporary_stop(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.codes(made.starts(start("2025-03-01")), made.stops(stop("2025-03-01", "2025-04-01", "20")))
    assert made.one(made.stops(stop("2025-03-01", "2025-04-08", "20"))) == {"StopProduct[1]": ("9413",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-08", "19"))) == {}


def test_tr414_an_end_does_not_go_back(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.codes(made.starts(start("2025-03-01")), made.stops(stop("2025-03-01", "2025-04-10", "20")))
    assert made.one(made.stops(stop("2025-03-01", "2025-04-09"))) == {"StopProduct[1]": ("9414",)}
    assert made.one(made.stops(stop("2025-03-01", "2025-04-10"))) == {}


def test_tr415_nothing_follows_a_definitive_stop(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.codes(made.starts(start("2025-03-01")), made.stops(stop("2025-03-01", "2025-04-10", "19")))
    assert made.one(made.stops(stop("2025-03-01", "2025-04-20", "21"))) == {"StopProduct[1]": ("9415",)}
    assert made.one(made.starts(start("2025-04-11"))) == {}
    assert made.one(made.stops(stop("2025-04-11", "2025-05-20", "21"))) == {}


def test_iv008_a_correction_of_the_key_in_one_message(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    made.one(made.starts(start("2025-03-01")))
    assert made.one(made.starts(start("2025-03-08"), start("2025-03-01", status="3"))) == {}
    assert made.one(made.stops(stop("2025-03-08", "2025-04-01"))) == {}


def test_iv008_one_wrong_report_refuses_the_whole_message(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    wrong = made.starts(start("2025-03-01"), start("2025-02-01", status="3"))
    assert made.one(wrong) == {"StartProduct[2]": ("9063",)}
    assert made.one(made.starts(start("2025-03-01"))) == {}


def test_op080_the_order_of_arrival_on_one_day_means_nothing(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    end = made.stops(stop("2025-03-01", "2025-04-01"), dated="2025-05-05", name="A")
    begin = made.starts(start("2025-03-01"), dated="2025-05-05", name="B")
    again = made.starts(start("2025-04-02"), dated="2025-05-05", name="0")
    assert made.codes(end, begin, again) == [{}, {}, {}]
    assert all(accepted and not remarks for _, accepted, _, remarks in made.verdicts())


def test_iv096_a_task_oriented_key_is_product_and_begin(small: Make, mode: str):
    made = small(mode=mode)
    own = {"sender": WIJKTEAM}

    def one(record, dated="2025-03-01"):
        kind = made.starts if record.name == "StartProduct" else made.stops
        return made.one(kind(record, dated=dated, **own))

    assert one(start("2025-03-01", number="", product="08/08A01")) == {}
    assert one(start("2025-03-08", number="", product="08/08A01")) == {"StartProduct[1]": ("9326",)}
    assert one(start("2025-03-08", number="", product="08/08A02")) == {}
    assert one(stop("2025-03-08", "2025-04-01", number="", product="08/08A01")) == {"StopProduct[1]": ("9069",)}
    assert one(stop("2025-03-01", "2025-04-01", number="", product="08/08A01")) == {}


def test_refused_reports_are_evidence_in_the_dialect_and_not_in_strict_mode(small: Make, mode: str):

    made = small(allocated("1001"), mode=mode)
    made.codes(made.starts(start("2025-03-01")), made.starts(start("2025-03-08"), dated="2025-03-03"))
    rows = made.scope.rows(made.scope.select(report.c.begin_date).order_by(report.c.id))
    kept = [date(2025, 3, 1), date(2025, 3, 8)] if mode == "dialect" else [date(2025, 3, 1)]
    assert [row.begin_date for row in rows] == kept


def test_a_message_to_another_municipality_is_remarked_in_the_dialect(small: Make):

    made = small(allocated("1001"))
    assert made.one(made.starts(start("2025-03-01"), receiver="0363")) == {}
    (found,) = troubles(made.scope, made.contract_id, date(2025, 3, 1))
    assert (found.kind, found.codes, found.about) == ("remark", ("GEMEENTE",), "gericht aan gemeente 0363")


def test_a_message_to_another_municipality_is_refused_in_strict_mode(small: Make):

    made = small(allocated("1001"), mode="strict")
    wrong = made.starts(start("2025-03-01"), receiver="0363", name="EEN")
    (head,) = made.take(wrong)
    assert head.status is Status.REFUSED_STRUCTURE
    assert "gemeente 0363" in str(head.came.faults[0])
    assert made.one(made.starts(start("2025-03-01"), name="EEN")) == {}  # its identification was not used up


def test_a_stop_of_level_two_is_returned_with_0001(chain: Make):
    made = chain(allocated("1001"))
    assert made.one(made.stops(stop("2025-03-01", "2025-02-01"))) == {"Header": ("0001",)}


def test_both_databases_give_the_same_verdicts(chain: Make):
    made = chain(allocated("1001"), replace(allocated("1002"), bsn=ANNA))
    story = [
        made.starts(start("2025-03-01")),
        made.starts(start("2025-03-01", number="1002"), bsn=ANNA),
        made.stops(stop("2025-03-01", "2025-04-01", "20"), dated="2025-04-02"),
        made.stops(stop("2025-03-01", "2025-03-20"), dated="2025-04-03"),
        made.starts(start("2025-03-01", status="3"), dated="2025-04-04"),
        made.starts(start("2025-03-01"), bsn=STRANGER, dated="2025-04-04"),
        made.starts(start("2025-05-01"), dated="2025-05-04"),
    ]
    wanted = [
        {},
        {},
        {},
        {"StopProduct[1]": ("9414",)},
        {"StartProduct[1]": ("9071",)},
        {"StartProduct[1]": ("9019",)},
        {},
    ]
    assert made.codes(*story[:4]) + made.codes(*story[4:]) == wanted
    assert TIM not in str(made.verdicts())
