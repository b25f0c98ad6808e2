"""Software sends declarations and reports: answered per line, the same again, tried, refused, and looked at."""

from __future__ import annotations

import io
import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gunicorn.http.errors import InvalidChunkSize
from sqlalchemy import Engine

from budgets.settlement.service import settle_contract
from lead_contractor.access.model import Role
from lead_contractor.access.tables import api_answer
from lead_contractor.access.tokens import TokenScope
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.writer import write_323
from tests.api import ADDRESS, AT, CODE, Desk, Software, acting, declaration, line, new_desk, token
from tests.subcontractors.portal.desk import GOOD, NOT_YOURS, TOO_MUCH, csv_of

PROBLEM = "application/problem+json"


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(engine, tmp_path)


@pytest.fixture
def small(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    """For what is the same on every database."""
    return new_desk(sqlite_engine, tmp_path)


def xml(identification: str = "B0001", number: str = "D003", reference: str = "R010", volume: int = 10) -> bytes:
    """A WMO323 with one line of 55.80 an hour."""
    day, last = date(2025, 3, 1), date(2025, 3, 31)
    head = Declaration(Channel.XML, "65656055", "1911", identification, number, day, last, AT.date(), AT.date(), None)
    amount = Cents(volume * 5580)
    one = Line(
        1, reference, "999900006", "1001", "02", "02A03", day, last, volume, "04", amount, False, "", Cents(5580)
    )
    return write_323(head, [one])


def told(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """A problem, with what every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM
    found: dict[str, Any] = answer.json
    assert found["type"] == f"urn:hoofdsom:problem:{slug}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


def test_each_line_is_answered_with_all_reasons_and_what_to_do(desk: Desk):
    given = declaration(
        "D003",
        line("R010"),
        line("R011", volume=9000, unit="01", product_code="02A05", bsn="999900018", allocation="1002",
             tariff_cents=146, amount_cents=1310250),
        line("R012", allocation="9999"),
    )  # fmt: skip
    answer = desk.provider.post("/declarations", given, "eerste")
    assert answer.status_code == 201, answer.text
    (message,) = answer.json["messages"]
    assert (message["submitted_cents"], message["granted_cents"]) == (1421850, 55800)
    first, second, third = message["lines"]
    assert (first["accepted"], first["codes"], first["amount_cents"]) == (True, [], 55800)
    assert not second["accepted"]
    assert "9321" in second["codes"]
    assert second["reasons"][0]["text"] == "Het volume is meer dan er voor deze periode is toegewezen."
    assert second["reasons"][0]["remedy"]
    assert not third["accepted"]
    assert answer.headers["Location"] == f"{ADDRESS}/declarations/{message['id']}"
    again = desk.provider.get(f"/declarations/{message['id']}", **{"Accept-Language": "en"}).json
    assert again["lines"][1]["reasons"][0]["text"] != second["reasons"][0]["text"]
    assert [one["codes"] for one in again["lines"]] == [one["codes"] for one in message["lines"]]
    desk.prove()


def test_what_contradicts_the_standard_inside_json_names_its_line(desk: Desk):
    given = declaration(
        "D003",
        line("R010"),
        line("R011", period_to="2025-04-30", bsn="999900018", allocation="1002"),
        line("R012", debit_credit="C", allocation="1002"),
    )
    found = told(desk.provider.post("/declarations?dry_run=true", given), 422, "message-refused")
    assert {(one["pointer"], one["code"]) for one in found["errors"]} == {
        ("/lines/1", "CS337"),
        ("/lines/1", "TR137"),
        ("/lines/2", "CD060"),
    }


def test_the_same_key_and_content_get_the_same_answer_to_the_byte(desk: Desk):
    content = csv_of(GOOD, TOO_MUCH, NOT_YOURS)
    first = desk.provider.post("/declarations", content, "een")
    before = desk.rows()
    for _ in range(2):
        again = desk.provider.post("/declarations", content, "een")
        assert (again.status_code, again.data, again.mimetype) == (201, first.data, first.mimetype)
        assert again.headers["Location"] == first.headers["Location"]
        assert again.headers["Idempotency-Replayed"] == "true"
    assert desk.rows() == before
    assert "Idempotency-Replayed" not in first.headers


def test_the_same_key_with_other_content_is_a_conflict_that_names_both(desk: Desk):
    desk.provider.post("/declarations", csv_of(GOOD), "een")
    before = desk.rows()
    found = told(desk.provider.post("/declarations", csv_of(GOOD, NOT_YOURS), "een"), 409, "key-used")
    first, second = found["contents"]
    assert first["fingerprint"] != second["fingerprint"]
    assert first["received_at"] == "2025-04-01T09:30:00Z"
    assert desk.rows() == before


def test_the_same_key_of_another_party_is_another_key(desk: Desk):
    assert desk.provider.post("/declarations", csv_of(GOOD), "een").status_code == 201
    assert desk.south.post("/declarations", csv_of(GOOD), "een").status_code == 201
    told(desk.neighbour.post("/declarations", csv_of(GOOD), "een"), 403, "foreign-sender")


def test_content_that_came_before_under_no_key_or_another_is_answered_as_it_was(desk: Desk):
    first = desk.provider.post("/declarations", csv_of(GOOD), "een")
    before = desk.rows()
    again = desk.provider.post("/declarations", csv_of(GOOD), "twee")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert desk.rows() == before


def test_json_is_the_same_content_whatever_its_order_and_white_space(small: Desk):
    given = declaration()
    first = small.provider.post("/declarations", given, "een")
    turned = json.dumps(dict(reversed(given.items())), indent=3).encode()
    again = small.provider.post("/declarations", turned, "een", kind="application/json")
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)


def test_a_message_that_carries_its_own_identification_needs_no_key(desk: Desk):
    first = desk.provider.post("/declarations", xml(), kind="application/xml")
    assert first.status_code == 201, first.text
    before = desk.rows()
    again = desk.provider.post("/declarations", xml(), kind="application/xml")
    assert (again.status_code, again.data) == (201, first.data)
    spaced = xml().replace(b"\r\n", b"\n")
    assert desk.provider.post("/declarations", spaced, kind="application/xml").json == first.json
    assert desk.rows() == before


def test_the_same_identification_with_other_content_is_answered_9056(desk: Desk):
    desk.provider.post("/declarations", xml(), kind="application/xml")
    other = xml(number="D004", reference="R099")
    found = told(desk.provider.post("/declarations", other, kind="application/xml"), 409, "identification-used")
    assert [one["code"] for one in found["errors"]] == ["9056"]
    (message,) = found["answer"]["messages"]
    assert (message["granted_cents"], message["lines"][0]["codes"]) == (0, ["0233"])
    before = desk.rows()
    again = desk.provider.post("/declarations", other, kind="application/xml")
    assert (again.status_code, again.json) == (409, found)
    assert desk.rows() == before
    answer = desk.provider.get(f"/declarations/{message['id']}/325")
    assert answer.mimetype == "application/xml"
    assert b"9056" in answer.data
    desk.prove()


def test_a_number_that_was_used_before_grants_nothing(small: Desk):
    small.provider.post("/declarations", xml(), kind="application/xml")
    found = told(
        small.provider.post("/declarations", xml("B0002", reference="R050"), kind="application/xml"),
        409,
        "identification-used",
    )
    assert [one["code"] for one in found["errors"]] == ["9333"]


def test_without_key_a_table_is_not_taken(small: Desk):
    before = small.rows()
    told(small.provider.post("/declarations", csv_of(GOOD)), 400, "key-missing")
    told(small.provider.post("/declarations", declaration()), 400, "key-missing")
    told(small.provider.post("/declarations", csv_of(GOOD), "é" * 3), 400, "key-wrong")
    told(small.provider.post("/declarations", csv_of(GOOD), "a b"), 400, "key-wrong")
    told(small.provider.post("/declarations", csv_of(GOOD), "x" * 201), 400, "key-wrong")
    assert small.rows() == before


def test_a_trial_says_what_would_happen_and_keeps_nothing(desk: Desk):
    before = desk.rows()
    tried = desk.provider.post("/declarations?dry_run=true", csv_of(GOOD, TOO_MUCH), "een")
    assert tried.status_code == 200, tried.text
    assert desk.rows() == before
    assert tried.json["dry_run"] is True
    assert tried.json["messages"][0]["id"] is None
    done = desk.provider.post("/declarations", csv_of(GOOD, TOO_MUCH), "een")
    assert done.json["messages"][0]["lines"] == tried.json["messages"][0]["lines"]


def test_a_message_refused_as_a_whole_leaves_nothing_and_its_key_free(desk: Desk):
    before = desk.rows()
    broken = xml().replace(b"<wmo323:TotaalBedrag>55800<", b"<wmo323:TotaalBedrag>1<")
    broken = broken if broken != xml() else xml().replace(b">55800<", b">1<", 1)
    found = told(desk.provider.post("/declarations", broken, "een", kind="application/xml"), 422, "message-refused")
    assert found["errors"][0]["remedy"]
    assert desk.rows() == before
    assert desk.provider.post("/declarations", xml(), "een", kind="application/xml").status_code == 201


def test_what_is_wrong_in_json_is_named_by_its_place(small: Desk):
    given = declaration("D003", line(), line("R011", amount_cents=1.7, volume="3", period_from="1-3-2025", extra=1))
    del given["lines"][1]["bsn"]
    found = told(small.provider.post("/declarations", given, "een"), 422, "invalid")
    places = {one["pointer"]: one["code"] for one in found["errors"]}
    assert places == {
        "/lines/1/amount_cents": "integer",
        "/lines/1/volume": "integer",
        "/lines/1/period_from": "date",
        "/lines/1/bsn": "required",
        "/lines/1/extra": "unknown",
    }
    english = small.provider.post("/declarations", given, "een", **{"Accept-Language": "en"}).json
    assert english["title"] == "The data are not right"
    assert {one["remedy"] for one in english["errors"]} >= {"Fill it in."}


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff", b"[1]", b"null", b"[" * 100_000, b'{"number": NaN}', b'{"\\ud800": 1}', b'{"number": "\\udfff"}'],
    ids=["open", "bytes", "list", "null", "deep", "nan", "half a sign as name", "half a sign"],
)
def test_what_is_no_declaration_is_refused(small: Desk, content: bytes):
    answer = small.provider.post("/declarations", content, "een", kind="application/json")
    assert answer.status_code in {400, 422}
    assert answer.mimetype == PROBLEM


@pytest.mark.parametrize("field", ["reference", "bsn", "allocation", "product_code"])
def test_a_line_end_behind_a_value_is_no_part_of_its_form(small: Desk, field: str):
    given = declaration("D003", line(**{field: f"{line()[field]}\n"}))
    found = told(small.provider.post("/declarations", given, "een"), 422, "invalid")
    assert {one["pointer"] for one in found["errors"]} == {f"/lines/0/{field}"}


def test_a_line_that_the_schema_passes_and_the_table_refuses_is_named(small: Desk):
    found = told(
        small.provider.post("/declarations", declaration("D003", line(), line()), "een"), 422, "message-refused"
    )
    assert found["errors"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"], ids=str)
def test_another_kind_of_content_is_not_read(small: Desk, kind: str):
    told(small.provider.post("/declarations", b"x=1", "een", kind=kind), 415, "wrong-media-type")


def test_compressed_content_is_not_read(small: Desk):
    answer = small.provider.post("/declarations", b"\x1f\x8b", "een", **{"Content-Encoding": "gzip"})
    told(answer, 415, "wrong-media-type")


def test_what_is_too_large_is_refused_before_it_is_read(small: Desk):
    class Never(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

    answer = small.provider.client().post(
        f"{ADDRESS}/declarations",
        headers={**small.provider.headers, "Idempotency-Key": "een"},
        content_type="text/csv",
        input_stream=Never(),
        environ_overrides={"CONTENT_LENGTH": str(25 * 1024 * 1024 + 1)},
    )
    told(answer, 413, "too-large")


@pytest.mark.parametrize(("path", "kind"), [("/declarations", "text/csv"), ("/returns", "text/csv")], ids=str)
def test_half_a_body_is_no_body(small: Desk, path: str, kind: str):
    """As a server hands it over: what came in before the line broke, or more than it says it reads."""
    before = small.rows()
    whole = b"declaration\n" * 10
    for content, said, slug in (
        (whole, {"CONTENT_LENGTH": str(len(whole) + 50)}, "bad-request"),
        (b" " * (25 * 1024 * 1024 + 10), {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}, "too-large"),
    ):
        answer = small.provider.client().post(
            f"{ADDRESS}{path}",
            headers={**small.provider.headers, "Idempotency-Key": "een"},
            content_type=kind,
            input_stream=io.BytesIO(content),
            environ_overrides={**said, "wsgi.input_terminated": True},
        )
        told(answer, 413 if slug == "too-large" else 400, slug)
    assert small.rows() == before


def test_a_body_that_cannot_be_made_out_is_the_senders_mistake(small: Desk):
    class Garbled(io.BytesIO):
        def readinto(self, _buffer: Any) -> int:
            raise InvalidChunkSize(b"zz")

        read = read1 = readinto  # type: ignore[assignment]

    answer = small.provider.client().post(
        f"{ADDRESS}/declarations",
        headers={**small.provider.headers, "Idempotency-Key": "een"},
        content_type="text/csv",
        input_stream=Garbled(),
        environ_overrides={"CONTENT_LENGTH": "10", "wsgi.input_terminated": True},
    )
    told(answer, 400, "bad-request")


def test_names_that_nobody_knows_are_counted_up_to_a_point(small: Desk):
    given = dict.fromkeys((f"k{number}" for number in range(12_000)), 1)
    found = told(small.provider.post("/declarations", given, "een"), 422, "invalid")
    assert len(found["errors"]) == 200
    assert found["errors_left_out"] == 9_800


def test_a_list_of_millions_is_refused_by_its_length(small: Desk):
    content = b'{"number": "D003", "period": "2025-03", "lines": [' + b"{}," * 1_000_000 + b"{}]}"
    begin = time.process_time()
    found = told(small.provider.post("/declarations", content, "een", kind="application/json"), 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in found["errors"]] == [("/lines", "list")]
    assert time.process_time() - begin < 10, "about one second on a quiet machine"


def test_a_message_of_another_sender_is_refused(small: Desk):
    before = small.rows()
    found = told(small.neighbour.post("/declarations", xml(), kind="application/xml"), 403, "foreign-sender")
    assert "65656055" in found["detail"]
    assert small.rows() == before


def test_starts_do_not_go_where_declarations_go(small: Desk):
    before = small.rows()
    told(small.provider.post("/reports", xml(), kind="application/xml"), 422, "wrong-kind")
    assert small.rows() == before


def report(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "start",
        "identification": "S0001",
        "client": {"bsn": "999900031", "birth_date": "1980-05-06", "sex": "2", "surname": "Jansen"},
        "allocation": "1003",
        "category": "02",
        "product_code": "02A17",
        "begin": "2025-02-01",
        **changed,
    }


def test_a_start_and_a_stop_come_in_as_json(desk: Desk):
    given = [
        report(identification="S0009", begin="2025-03-01"),
        report(kind="stop", identification="S0010", begin="2025-03-01", end="2025-03-20", reason="19"),
    ]
    for one in given:
        answer = desk.neighbour.post("/reports", one)
        assert answer.status_code == 201, answer.text
    again = desk.neighbour.post("/reports", given[0])
    assert again.headers["Idempotency-Replayed"] == "true"
    found = desk.neighbour.get("/reports").json
    mine = [one for one in found["reports"] if one["begin"] == "2025-03-01"]
    assert [one["kind"] for one in mine] == ["stop", "start"]
    assert mine[0]["end"] == "2025-03-20"
    assert mine[0]["bsn"] == "999900031"
    desk.prove()


@pytest.mark.parametrize("name", [" ", "Bakker\n", "Bak\uffffker"], ids=ascii)
def test_a_name_that_no_message_can_hold_is_refused(small: Desk, name: str):
    given = report()
    given["client"]["surname"] = name
    told(small.neighbour.post("/reports", given), 422, "invalid")


def test_a_start_that_is_refused_is_told_so_with_its_reasons(desk: Desk):
    """What the return message (WMO306) says, software hears at once: when it tries, when it sends and in the list."""
    unknown = report(identification="S0020", allocation="9999", begin="2025-03-01")
    tried = desk.neighbour.post("/reports?dry_run=true", unknown)
    (one,) = tried.json["messages"][0]["reports"]
    assert (one["accepted"], [reason["code"] for reason in one["reasons"]]) == (False, ["9019"])
    assert one["reasons"][0]["remedy"]
    sent = desk.neighbour.post("/reports", unknown)
    assert sent.status_code == 201
    assert sent.json["messages"][0]["reports"] == [one]
    good = desk.neighbour.post("/reports", report(identification="S0021", allocation="3", begin="2025-03-01")).json
    assert [told_of["accepted"] for told_of in good["messages"][0]["reports"]] == [True]
    listed = {row["allocation"]: row for row in desk.neighbour.get("/reports").json["reports"]}
    assert not listed["9999"]["accepted"]
    assert listed["9999"]["reasons"] == one["reasons"]
    assert listed["3"]["accepted"]


def test_a_stop_without_end_and_a_start_with_one_are_refused(small: Desk):
    found = told(small.neighbour.post("/reports", report(client=None)), 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in found["errors"]] == [("/client", "null")]
    found = told(small.neighbour.post("/reports", report(kind="stop")), 422, "invalid")
    assert [one["pointer"] for one in found["errors"]] == ["/end", "/reason"]
    found = told(small.neighbour.post("/reports", report(end="2025-03-01")), 422, "invalid")
    assert [one["pointer"] for one in found["errors"]] == ["/end"]


def test_lists_are_filtered_and_paged(small: Desk):
    for number in range(3):
        given = {**declaration(f"E{number}", line(f"X{number}", volume=1, amount_cents=5580)), "period": "2025-03"}
        assert small.provider.post("/declarations", given, f"k{number}").status_code == 201
    page = small.provider.get("/declarations?period=2025-03&page_size=2").json
    assert (page["total"], page["pages"], len(page["declarations"])) == (3, 2, 2)
    assert page["declarations"][0]["number"] == "E2"
    second = small.provider.get("/declarations?period=2025-03&page_size=2&page=2").json
    assert [one["number"] for one in second["declarations"]] == ["E0"]
    assert small.provider.get(f"/declarations?contract={CODE}&status=duplicate").json["total"] == 0
    told(small.provider.get("/declarations?contract=NEE"), 404, "not-found")
    told(small.provider.get("/declarations?page=0"), 422, "invalid")
    told(small.provider.get("/declarations?peroid=2025-03"), 422, "invalid")


def test_one_provider_never_sees_the_declarations_of_another(small: Desk):
    message = small.provider.post("/declarations", xml(), kind="application/xml").json["messages"][0]["id"]
    for stranger in (small.neighbour, small.south):
        told(stranger.get(f"/declarations/{message}"), 404, "not-found")
        told(stranger.get(f"/declarations/{message}/325"), 404, "not-found")
    told(small.provider.get(f"/declarations/{2**53 - 1}"), 404, "not-found")
    told(small.provider.get(f"/declarations/{2**70}"), 404, "not-found")


def test_the_lead_contractor_sees_all_of_them_with_masked_bsns(small: Desk):
    message = small.provider.post("/declarations", csv_of(GOOD, NOT_YOURS), "een").json["messages"][0]["id"]
    listed = small.lead.get("/lead/declarations?subcontractor=65656055&period=2025-03").json
    assert [one["id"] for one in listed["declarations"]] == [message]
    shown = small.lead.get(f"/lead/declarations/{message}")
    assert shown.json["lines"][0]["bsn"] == "******006"
    assert "999900006" not in shown.text
    told(small.lead.get("/declarations"), 403, "no-scope")
    told(small.provider.get("/lead/declarations"), 403, "no-scope")
    causes = small.lead.get("/lead/exceptions").json["causes"]
    assert sum(one["lines"] for one in causes) >= 1
    assert {"code", "text", "remedy"} <= set(causes[0])


def test_a_token_does_only_what_its_scopes_say(small: Desk):
    who = acting(small.north, Role.PROVIDER, "65656055")
    reader = Software(small.app, token(small.engine, who, [TokenScope.DECLARATIONS_READ]))
    assert reader.get("/declarations").status_code == 200
    found = told(reader.post("/declarations", csv_of(GOOD), "een"), 403, "no-scope")
    assert "declarations:write" in found["detail"]
    told(reader.get("/allocations"), 403, "no-scope")


def test_bsns_and_tokens_stay_out_of_the_logs(small: Desk, caplog: pytest.LogCaptureFixture):
    caplog.set_level(0)
    small.provider.post("/declarations", csv_of(GOOD, NOT_YOURS), "een")
    small.provider.post("/declarations", csv_of(GOOD), "een")
    assert "999900006" not in caplog.text
    assert small.provider.text not in caplog.text


def test_a_year_that_is_settled_takes_nothing_more(small: Desk):
    with writing(small.engine) as connection:
        scope = Scope(connection, small.north.lead_contractor_id)
        settle_contract(scope, small.north.contract_id, AT, final=True)
    told(small.provider.post("/declarations", csv_of(GOOD), "een"), 409, "year-closed")
    assert small.provider.get("/contracts").json["contracts"][0]["closed"] is True


def test_agreements_and_allocations_tell_what_is_left(small: Desk):
    small.provider.post("/declarations", csv_of(GOOD), "een")
    (agreement,) = small.provider.get("/agreements").json["agreements"]
    assert agreement["code"] == "PXQ-1"
    assert agreement["ceiling_cents"] == 45_000_000
    assert agreement["granted_cents"] == 47310 + 16740 + 55800
    assert agreement["left_cents"] == 45_000_000 - 106_020, "what is always paid stands outside the ceiling"
    page = small.provider.get("/allocations").json
    mine = {one["number"]: one for one in page["allocations"]}
    assert set(mine) == {"1001", "1002"}
    assert mine["1001"]["used_volume"] > 0
    assert small.neighbour.get("/allocations").json["total"] == 1


def test_what_the_settlement_leaves_out_uses_up_no_ceiling(small: Desk):
    """The pages of the provider and of the lead contractor say the same of a ceiling."""
    small.provider.post("/declarations", csv_of(GOOD), "een")
    before = small.provider.get("/agreements").json["agreements"][0]
    with writing(small.engine) as connection:
        scope = Scope(connection, small.north.lead_contractor_id)
        scope.sql("UPDATE declaration_line SET in_time = :no WHERE lead_contractor_id = :lead AND reference = 'R010'",
                  no=False)  # fmt: skip
    after = small.provider.get("/agreements").json["agreements"][0]
    assert after["granted_cents"] == before["granted_cents"]
    assert after["left_cents"] == before["left_cents"] + 55_800


def test_balances_are_those_of_the_books(small: Desk):
    page = small.lead.get("/lead/balances?account=cost_pxq").json
    assert sum(one["cents"] for one in page["balances"]) == 47310 + 16740
    told(small.lead.get("/lead/balances?account=nee"), 422, "invalid")


def test_returns_come_in_and_are_looked_at_again(desk: Desk):
    given = {"returns": [{"agreement": "FTE-1", "month": "2025-03", "fte": "6.2", "hours": "800"}]}
    tried = desk.reporter.post("/returns?dry_run=true", given)
    assert tried.status_code == 200, tried.text
    done = desk.reporter.post("/returns", given)
    assert done.status_code == 201, done.text
    assert done.json["returns"][0]["accepted"] is True
    assert desk.reporter.post("/returns", given).json["returns"][0]["changed"] is False
    found = desk.reporter.get("/returns").json
    assert [(one["month"], one["fte"]) for one in found["returns"]] == [("2025-03", "6.2")]
    refused = {"returns": [{"agreement": "PXQ-1", "month": "2025-03", "fte": "1"}]}
    assert told(desk.reporter.post("/returns", refused), 422, "invalid")["errors"]
    assert desk.neighbour.get("/returns").json["total"] == 0
    desk.prove()


def test_payments_are_a_page(small: Desk):
    page = small.provider.get("/payments").json
    assert (page["total"], page["payments"]) == (0, [])


def test_the_right_value_is_offered_where_it_can_be_known(small: Desk):
    given = declaration("D003", line("R010", tariff_cents=5000, amount_cents=50000))
    (shown,) = small.provider.post("/declarations?dry_run=true", given).json["messages"][0]["lines"]
    assert not shown["accepted"]
    offered = {one["field"]: (one["value"], one["in_bulk"]) for one in shown["suggestions"]}
    assert offered == {"tariff": ("55.80", True), "amount": ("558.00", True)}


def test_a_file_comes_back_with_its_reasons(small: Desk):
    message = small.provider.post("/declarations", csv_of(GOOD, NOT_YOURS), "een").json["messages"][0]["id"]
    answer = small.provider.get(f"/declarations/{message}/file")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "R012" in answer.text
    assert "8187" in answer.text or "9338" in answer.text
    for stranger in (small.neighbour, small.south):
        told(stranger.get(f"/declarations/{message}/file"), 404, "not-found")


def test_nothing_is_kept_in_clear(small: Desk):
    small.provider.post("/declarations", csv_of(GOOD), "sleutel-999900006")
    with reading(small.engine) as connection:
        row = connection.execute(api_answer.select()).one()
    assert b"999900006" not in row.body_encrypted
    assert "999900006" not in " ".join(str(value) for value in row if isinstance(value, str))
