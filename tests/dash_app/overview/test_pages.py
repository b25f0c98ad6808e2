from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import unescape

from flask.testing import FlaskClient

from budgets.settlement.store import versions
from budgets.settlement.tables import settlement
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance, account_total
from lead_contractor.contract.tables import contract, receipt
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from lead_contractor.web.formats import euro
from subcontractors.agreements.store import committed
from subcontractors.agreements.tables import commitment
from subcontractors.declarations.tables import declaration_line, message
from tests.dash_app.overview.conftest import NEIGHBOUR, STRANGER, Site
from tests.people import MUNICIPALITY, PROVIDER

PAGES = ("/overzicht", "/declaraties", "/declaraties/regels", "/afrekening", "/waarom?account=cost_pxq")
FIGURE = re.compile(r'<a class="figure" href="([^"]+)">(.*?)<span class="visually-hidden">', re.DOTALL)
AMOUNT = re.compile(r"€ -?[\d.]+,\d\d")
LINK = re.compile(r'href="(/(?:overzicht|waarom|declaraties|afrekening)[^"#]*)"')
Settle = Callable[[FlaskClient, int], None]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def figures_of(page: str) -> list[tuple[str, str]]:
    """Every figure that opens its balance: the address and the amount to the cent."""
    found = [(unescape(href), words_of(text).strip()) for href, text in FIGURE.findall(page)]
    return [(href, text) for href, text in found if AMOUNT.fullmatch(text)]


def balance_on(client: FlaskClient, address: str) -> str:
    """What the way down says that the figure is, without its sign."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.search(r'<h1 class="sentence">.*?<strong>(.*?)</strong>', answer.text, re.DOTALL)
    assert found is not None
    return found[1].replace("-", "")


def every_page(client: FlaskClient, start: Iterable[str]) -> dict[str, str]:
    """All pages that can be reached from these by links, as they came."""
    seen: dict[str, str] = {}
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address in seen or "static" in address or "pdf" in address:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        seen[address] = answer.text
        if "format=csv" not in address:
            waiting += [unescape(found) for found in LINK.findall(answer.text)]
    return seen


def test_every_figure_of_overview_and_settlement_is_a_balance_of_the_books(furnished: Site, settle: Settle):
    client = furnished.browser()
    before = figures_of(client.get("/overzicht").text)
    assert len(before) > 25
    for address, amount in before:
        assert balance_on(client, address) == amount.replace("-", ""), address
    settle(client, furnished.contract)
    after = figures_of(client.get("/afrekening").text) + figures_of(client.get("/overzicht").text)
    assert len(after) > 50
    for address, amount in after:
        assert balance_on(client, address) == amount.replace("-", ""), address


def test_the_amount_of_each_step_is_a_balance_of_the_books(site: Site, settle: Settle):
    client = site.browser()
    settle(client, site.contract)
    page = client.get("/afrekening").text
    steps = re.findall(r'<details class="step".*?</details>', page, re.DOTALL)
    assert len(steps) == 7
    found = 0
    for step in steps:
        amount = re.search(r'class="step-amount">([^<]+)<', step)
        way = re.search(r'<a class="why" href="([^"]+)"', step)
        assert amount is not None
        if way is not None:
            found += 1
            assert balance_on(client, unescape(way[1])) == amount[1].replace("-", ""), amount[1]
    assert found >= 5


def test_the_overview_adds_up_refused_lines_to_what_the_books_refused(furnished: Site):
    page = furnished.browser().get("/overzicht").text
    with reading(furnished.engine) as connection:
        scope = Scope(connection, furnished.lead)
        rejected = account_total(scope, furnished.contract, accounts.REJECTED)
        refused = [
            row
            for row in scope.rows(
                scope.select(declaration_line).where(declaration_line.c.contract_id == furnished.contract)
            )
            if row.codes or not row.assessed
        ]
    assert euro(rejected) in words_of(page)
    assert f"{len(refused)} regels" in words_of(page)
    assert "de boeken sluiten." in words_of(page)


def test_the_year_table_ends_on_revenue_and_cost_of_the_books(furnished: Site):
    page = words_of(furnished.browser().get("/overzicht").text)
    with reading(furnished.engine) as connection:
        scope = Scope(connection, furnished.lead)
        booked = account_balance(scope, furnished.contract, list(accounts.ACCOUNTS))
    got = {code: int(cents) for (code,), cents in booked.items()}
    revenue = (
        got["revenue_lump_sum"]
        + got.get("revenue_indexation", 0)
        + got.get("revenue_volume", 0)
        - got.get("revenue_deductions", 0)
    )
    eligible = (*accounts.COST_OF_FORM.values(), *accounts.COST_OF_KIND.values())
    cost = sum(got.get(code, 0) for code in eligible)
    last = page.replace(" – waarom?", "").rpartition("Samen")[2]
    assert AMOUNT.findall(last)[:3] == [euro(revenue), euro(cost), euro(revenue - cost)]


def test_commitments_stand_beside_the_books_and_say_what_is_not_determinable(furnished: Site):
    def shown() -> str:
        return words_of(furnished.browser().get("/overzicht").text)

    with reading(furnished.engine) as connection:
        memorandum = committed(Scope(connection, furnished.lead), furnished.contract)
    fixed, count = sum(one.cents for one in memorandum), sum(one.allocations for one in memorandum)
    assert f"{count} toewijzingen leggen over hun hele looptijd samen {euro(fixed)} vast." in shown()
    assert "niet te bepalen" not in shown()
    with writing(furnished.engine) as connection:
        scope = Scope(connection, furnished.lead)
        number = scope.sql(
            "SELECT MIN(allocation_number) FROM commitment WHERE lead_contractor_id = :lead"
        ).scalar_one()
        scope.update(commitment, {"allocation_number": number}, cents=None)
    assert f"{count - 1} toewijzingen leggen" in shown()
    assert "Bij 1 andere is het bedrag niet te bepalen." in shown()


def test_no_page_that_a_controller_can_reach_shows_a_bsn_or_the_neighbour(
    site: Site, settle: Settle, people: frozenset[str]
):
    client = site.browser()
    settle(client, site.contract)
    seen = every_page(client, PAGES)
    assert len(seen) > 60
    for address, page in seen.items():
        assert not people & set(re.findall(r"(?<!\d)\d{9}(?!\d)", page)), address
        assert NEIGHBOUR not in page, address
        assert "BUUR-" not in page, address
    assert NEIGHBOUR in site.browser(STRANGER).get("/overzicht").text


def test_ids_of_the_neighbour_do_not_exist_here(furnished: Site, settle: Settle):
    stranger, client = furnished.browser(STRANGER), furnished.browser()
    settle(stranger, furnished.neighbour_contract)
    with reading(furnished.engine) as connection:
        scope = Scope(connection, furnished.neighbour)
        theirs = scope.rows(
            scope.select(message.c.id).where(
                message.c.contract_id == furnished.neighbour_contract, message.c.kind == "323"
            )
        )[-1].id
    asked = f"contract={furnished.neighbour_contract}"
    addresses = [f"/declaraties/{theirs}", f"/declaraties/{theirs}?format=csv"]
    addresses += [f"{page}{'&' if '?' in page else '?'}{asked}" for page in PAGES]
    addresses += [f"/afrekening/{kind}?{asked}" for kind in ("pdf", "json")]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert NEIGHBOUR not in answer.text
    assert stranger.get(f"/declaraties/{theirs}").status_code == 200


def test_a_settlement_of_the_neighbour_cannot_be_made_from_here(site: Site):
    client = site.browser()
    page = client.get("/afrekening").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = client.post(f"/afrekening?contract={site.neighbour_contract}", data={"csrf_token": token[1]})
    assert answer.status_code == 404
    with reading(site.engine) as connection:
        assert versions(Scope(connection, site.neighbour), site.neighbour_contract) == []


def test_other_roles_are_refused_every_page_but_the_outcome_for_the_municipality(furnished: Site):
    provider, municipality = furnished.browser(PROVIDER), furnished.browser(MUNICIPALITY)
    for page in (*PAGES, "/afrekening/json", "/afrekening/pdf", "/declaraties/5"):
        assert provider.get(page).status_code == 403, page
        expected = 200 if page == "/afrekening" else 403
        assert municipality.get(page).status_code == expected, page
    for client in (provider, municipality):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/rol").text)
        assert token is not None
        assert client.post("/afrekening", data={"csrf_token": token[1]}).status_code == 403


def test_the_municipality_sees_steps_in_totals_and_no_agreement_or_name(site: Site, settle: Settle):
    settle(site.browser(), site.contract)
    page = site.browser(MUNICIPALITY).get("/afrekening").text
    with reading(site.engine) as connection:
        scope = Scope(connection, site.lead)
        result = versions(scope, site.contract)[0].result
        names = [party.name for party in subcontractors(scope, site.contract)]
    for line in result["lines"]:
        assert euro(line["amount"]) in words_of(page)
    shown = words_of(page)
    assert not any(name in shown for name in names)
    assert not any(agreement["id"] in shown for agreement in result["agreements"])
    assert "waarom" not in shown
    assert "csrf" in page
    assert 'action="/afrekening' not in page


def test_the_settlement_page_names_nobody_to_the_municipality_whatever_the_contract_says(site: Site, settle: Settle):
    """Shares per subcontractor stand on the meeting page, where small numbers are suppressed (rule 42)."""
    settle(site.browser(), site.contract)
    with writing(site.engine) as connection:
        Scope(connection, site.lead).update(contract, {"id": site.contract}, sees="subcontractors")
    shown = words_of(site.browser(MUNICIPALITY).get("/afrekening").text)
    with reading(site.engine) as connection:
        names = [party.name for party in subcontractors(Scope(connection, site.lead), site.contract)]
    assert not any(name in shown for name in names)


def test_another_municipality_sees_nothing_of_the_settlement(site: Site, settle: Settle):
    settle(site.browser(), site.contract)
    with writing(site.engine) as connection:
        Scope(connection, site.lead).update(contract, {"id": site.contract}, municipality_code="0001")
    shown = words_of(site.browser(MUNICIPALITY).get("/afrekening").text)
    assert "nog geen contractjaar" in shown
    assert site.browser(MUNICIPALITY).get(f"/afrekening?contract={site.contract}").status_code == 200


def test_what_a_ceiling_was_used_for_follows_from_the_balance_under_it(site: Site, settle: Settle):
    """Production stands on the overview, cost in the books: what lies between them is said."""
    client = site.browser()
    assert "17.704" in client.get("/overzicht").text
    settle(client, site.contract)
    shown = words_of(client.get("/waarom?account=cost_pxq&agreement=PXQ-02").text)
    assert f"P×Q: {euro(25_147_40)}" in shown
    used, above, outside = 17_703_66, 1_203_66, 8_647_40
    assert used - above + outside == 25_147_40
    assert f"Van het plafond van {euro(16_500_00)} is {euro(used)} gebruikt: dit saldo, plus {euro(above)}" in shown
    assert f"min {euro(outside)} dat buiten het plafond staat" in shown
    assert "plafond van" not in words_of(client.get("/waarom?account=cost_pxq&agreement=PXQ-01").text)


def test_settling_again_keeps_the_version_until_the_books_change(furnished: Site, settle: Settle):
    client = furnished.browser()
    assert "nog geen afrekening" in words_of(client.get("/afrekening").text)
    settle(client, furnished.contract)
    settle(client, furnished.contract)
    with reading(furnished.engine) as connection:
        made = versions(Scope(connection, furnished.lead), furnished.contract)
    assert [one.version for one in made] == [1]
    answer = client.get("/afrekening/json")
    assert answer.json == made[0].result
    assert client.get("/afrekening/pdf").data.startswith(b"%PDF")


def test_what_changed_between_versions_is_named_with_the_difference(site: Site, settle: Settle):
    client = site.browser()
    settle(client, site.contract)
    with writing(site.engine) as connection:
        scope = Scope(connection, site.lead)
        version = versions(scope, site.contract)[0]
        result = {**version.result, "received": version.result["received"] - 12_345}
        scope.update(settlement, {"contract_id": site.contract, "version": 1}, result=result)
    assert "de boeken zeggen niet meer hetzelfde" in words_of(client.get("/afrekening").text)
    assert client.get("/afrekening/pdf").status_code == 409
    settle(client, site.contract)
    shown = words_of(client.get("/afrekening").text)
    assert "van versie 1 naar 2" in shown
    assert "€ +123,45" in shown
    assert "Dit is een eerdere versie" in words_of(client.get("/afrekening?version=1").text)
    assert client.get("/afrekening?version=9").status_code == 404


def test_a_year_without_its_evidence_is_not_settled_but_told_what_is_missing(site: Site):
    client = site.browser()
    with writing(site.engine) as connection:
        connection.exec_driver_sql("DELETE FROM realised")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/afrekening").text)
    assert token is not None
    answer = client.post("/afrekening", data={"csrf_token": token[1]})
    assert answer.status_code == 422
    assert "kan nog niet worden afgerekend" in words_of(answer.text)
    assert '<ul class="findings"' in answer.text


def test_a_form_without_its_token_settles_nothing(site: Site):
    assert site.browser().post("/afrekening").status_code == 400


def test_what_is_not_there_is_not_found(furnished: Site):
    client = furnished.browser()
    for address in (
        "/waarom",
        "/waarom?account=nowhere",
        "/waarom?account=bank&service_month=2025-13",
        "/waarom?account=bank&page=0",
        "/waarom?account=bank&page=99999999999999999999",
        "/waarom?account=bank&agreement=%00",
        "/overzicht?contract=x",
        "/overzicht?contract=99999999999999999999",
        "/declaraties?status=weg",
        "/declaraties?sender=%27%20OR%201",
        "/declaraties?month=2031-01",
        "/declaraties/999999",
        "/declaraties/99999999999999999999999",
        "/declaraties/regels?code=9999",
        "/declaraties/regels?code=x",
    ):
        wanted = 400 if "%00" in address else 404  # a sign that no database takes is no address at all
        assert client.get(address).status_code == wanted, address


def test_a_running_year_is_shown_as_of_today_without_a_word_about_what_is_to_come(site: Site):
    page = site.browser(at=datetime(2025, 9, 5, 12, tzinfo=UTC)).get("/overzicht").text
    shown = words_of(page)
    assert "Tot en met augustus is van" in shown
    assert "vrijdag 5 september 2025" in shown
    assert "Maand augustus" in shown
    assert "termijn 30 september 2025" in shown or "Declaraties beantwoord" in shown
    assert "komt nog binnen" in shown
    assert not re.search("prognose|verwacht|forecast", page, re.IGNORECASE)


def test_a_year_that_has_not_begun_says_so(site: Site):
    answer = site.browser(at=datetime(2024, 12, 30, 12, tzinfo=UTC)).get("/overzicht")
    assert answer.status_code == 200
    assert "nog niets geboekt" in words_of(answer.text)


def test_a_missing_receipt_shows_in_the_months_checklist(site: Site):
    client = site.browser()
    with reading(site.engine) as connection:
        scope = Scope(connection, site.lead)
        assert scope.rows(scope.select(receipt).where(receipt.c.contract_id == site.contract))
        received = account_total(scope, site.contract, accounts.BANK)
    assert euro(received) in words_of(client.get("/overzicht").text)


def test_in_english_no_dutch_is_left_on_the_pages(site: Site, settle: Settle):
    client = site.browser()
    settle(client, site.contract)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/overzicht").text)
    assert token is not None
    client.post("/taal", data={"csrf_token": token[1], "language": "en", "next": "/overzicht"})
    for address, told in (
        ("/overzicht", "To look at"),
        ("/declaraties", "declaration messages"),
        ("/declaraties/regels", "refused lines"),
        ("/afrekening", "In seven steps"),
        ("/waarom?account=cost_pxq&account=bank", "What it consists of"),
    ):
        page = client.get(address).text
        assert told in page, address
        assert '<html lang="en">' in page
        bare = re.sub(r'<(p|li|ul|td|span|button)[^>]* lang="nl".*?</\1>', "", page, flags=re.DOTALL)
        for word in ("Aanbieder", "Bedrag", "regels ", "Overeenkomst", "Maand", "Saldo", "aanbieders"):
            assert word not in words_of(bare), (address, word)


def test_the_desk_filters_messages_and_writes_them_as_a_table(furnished: Site):
    client = furnished.browser()
    for status in ("refused_content", "refused_structure", "duplicate"):
        shown = words_of(client.get(f"/declaraties?status={status}").text)
        assert re.search(r"[1-9]\d* declaratiebericht", shown), status
    answer = client.get("/declaraties?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbfOntvangen;AGB;")
    with reading(furnished.engine) as connection:
        scope = Scope(connection, furnished.lead)
        kept = scope.rows(
            scope.select(message.c.id).where(
                message.c.contract_id == furnished.contract, message.c.kind.in_(("323", ""))
            )
        )
    assert len(answer.data.decode("utf-8-sig").splitlines()) == len(kept) + 1


def test_a_message_shows_its_lines_under_pseudonyms_with_reasons(site: Site):
    client = site.browser()
    page = client.get("/declaraties/regels").text
    address = re.search(r'href="(/declaraties/\d+)"', page)
    assert address is not None
    lines = client.get(address[1]).text
    assert re.search(r"<code>[A-Z2-7]{10}</code>", lines)
    assert '<details class="reason">' in lines
    exported = client.get(f"{address[1]}?format=csv").data.decode("utf-8-sig")
    assert re.search(r";[A-Z2-7]{10};", exported)
    only = client.get(f"{address[1]}?refused=1").text
    assert '<td class="words">goedgekeurd' in lines
    assert '<td class="words">goedgekeurd' not in only
