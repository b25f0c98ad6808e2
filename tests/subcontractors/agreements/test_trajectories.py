"""Episodes from allocations and reports of start and stop."""

from __future__ import annotations

from datetime import date

from subcontractors.agreements.trajectories import AllocationSpan, StartEvent, StopEvent, trajectories

SPAN = AllocationSpan("700", 1, "02A17", date(2025, 1, 6), date(2025, 12, 31), "Noord")


def day(text):
    return date.fromisoformat(f"2025-{text}")


def start(begin, deleted=False):
    return StartEvent("700", day(begin), deleted)


def stop(begin, end, reason="19", deleted=False):
    return StopEvent("700", day(begin), day(end), reason, deleted)


def episodes(starts=(), stops=(), span=SPAN):
    made, found = trajectories([span], starts, stops)
    assert found == ()
    return [(one.started, one.ended, one.stop_reason) for one in made]


def test_without_reports_the_allocation_itself_is_the_trajectory():
    made, found = trajectories([SPAN], [], [])
    assert found == ()
    (one,) = made
    assert (one.started, one.ended, one.stop_reason) == (day("01-06"), day("12-31"), None)
    assert (one.allocation, one.client, one.product_code, one.area) == ("700", 1, "02A17", "Noord")
    assert (one.allocation_start, one.allocation_end) == (SPAN.start, SPAN.end)


def test_a_start_and_a_stop_make_an_episode():
    assert episodes([start("02-01")], [stop("02-01", "06-30", "21")]) == [(day("02-01"), day("06-30"), "21")]


def test_a_stop_without_start_closes_what_began_with_the_allocation():
    assert episodes([], [stop("01-06", "06-30", "21")]) == [(day("01-06"), day("06-30"), "21")]


def test_a_start_without_stop_runs_to_the_end_of_the_allocation():
    assert episodes([start("02-01")]) == [(day("02-01"), day("12-31"), None)]


def test_a_temporary_stop_ends_nothing():
    assert episodes([start("02-01")], [stop("02-01", "06-30", "20")]) == [(day("02-01"), day("12-31"), None)]


def test_each_start_after_a_stop_opens_a_new_episode():
    found = episodes([start("09-01"), start("02-01")], [stop("09-01", "10-31", "23"), stop("02-01", "06-30", "21")])
    assert found == [(day("02-01"), day("06-30"), "21"), (day("09-01"), day("10-31"), "23")]


def test_a_start_while_one_is_open_opens_nothing():
    assert episodes([start("02-01"), start("03-01")], [stop("02-01", "06-30")]) == [(day("02-01"), day("06-30"), "19")]
    assert episodes([start("02-01"), start("03-01")]) == [(day("02-01"), day("12-31"), None)]


def test_a_new_start_on_the_day_of_the_stop_opens_a_new_episode():
    found = episodes([start("02-01"), start("06-30")], [stop("02-01", "06-30", "21")])
    assert found[0] == (day("02-01"), day("06-30"), "21")
    assert found[1] == (day("06-30"), day("12-31"), None)


def test_a_deletion_cancels_the_report_with_the_same_key():
    assert episodes([start("02-01"), start("02-01", True)]) == [(day("01-06"), day("12-31"), None)]
    taken_back = [stop("02-01", "06-30", "21"), stop("02-01", "06-30", "21", True)]
    assert episodes([start("02-01")], taken_back) == [(day("02-01"), day("12-31"), None)]


def test_a_deletion_of_another_key_cancels_nothing():
    other = [stop("02-01", "06-30", "21"), stop("02-01", "06-30", "22", True), stop("02-01", "06-29", "21", True)]
    assert episodes([start("02-01"), start("02-02", True)], other) == [(day("02-01"), day("06-30"), "21")]


def test_a_report_sent_again_after_its_deletion_holds():
    assert episodes([start("02-01"), start("02-01", True), start("02-01")]) == [(day("02-01"), day("12-31"), None)]


def test_a_stop_after_the_end_of_the_allocation_came_too_late():
    short = AllocationSpan("700", 1, "02A17", day("01-06"), day("06-30"))
    assert episodes([start("02-01")], [stop("02-01", "07-15", "21")], short) == [(day("02-01"), day("06-30"), None)]


def test_reports_of_another_allocation_do_not_count():
    other = AllocationSpan("701", 2, "02A17", day("03-01"), day("03-31"))
    made, _ = trajectories([other, SPAN], [start("02-01")], [stop("02-01", "02-28", "21")])
    assert [(one.allocation, one.started, one.ended) for one in made] == [
        ("700", day("02-01"), day("02-28")),
        ("701", day("03-01"), day("03-31")),
    ]


def test_an_allocation_without_end_is_a_finding_and_no_trajectory():
    made, (found,) = trajectories([AllocationSpan("702", 3, "02A17", day("01-01"), None)], [], [])
    assert made == ()
    assert (found.file, found.column) == ("allocations.csv", "end")
    assert "702" in found.message


def test_a_start_after_the_end_of_the_allocation_is_a_warning():
    short = AllocationSpan("700", 1, "02A17", day("01-06"), day("06-30"))
    made, (found,) = trajectories([short], [start("07-01")], [])
    assert made == ()
    assert found.severity == "warning"
