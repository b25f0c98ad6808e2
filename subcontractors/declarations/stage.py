"""The temporary tables of the check engine, with those in which lines wait (:mod:`.waiting`)."""

from __future__ import annotations

from subcontractors.declarations import waiting

_TABLES = {
    "check_cover": """subcontractor VARCHAR(8), covers VARCHAR(5), agreement VARCHAR(60), from_day INTEGER,
        to_day INTEGER""",
    "check_kind": """kind INTEGER PRIMARY KEY, sender VARCHAR(8), declared_until INTEGER, received INTEGER,
        category VARCHAR(2), product_code VARCHAR(5), period_from INTEGER, period_to INTEGER, period INTEGER,
        month_first INTEGER, month_last INTEGER, service_month VARCHAR(7),
        unit VARCHAR(2), tariff_cents BIGINT, agreement VARCHAR(60), form VARCHAR(20), lines_cost INTEGER,
        own_tariff BIGINT, hour_tariff BIGINT, tariffs INTEGER, in_time INTEGER, misfit INTEGER""",
    "check_misfit": "kind INTEGER PRIMARY KEY",
    "check_slot": """slot INTEGER PRIMARY KEY, sender VARCHAR(8), allocation_number VARCHAR(20), allocation_id BIGINT,
        allocated_client BIGINT, allocated_category VARCHAR(2), allocated_product VARCHAR(5), start_day INTEGER,
        end_day INTEGER, allocated_volume BIGINT, allocated_unit VARCHAR(2), frequency VARCHAR(1), term_limit BIGINT,
        budget_cents BIGINT, reason_change VARCHAR(2), area VARCHAR(80), contested INTEGER""",
    "check_repeated": "id BIGINT PRIMARY KEY",
    "check_busy": "slot INTEGER, period INTEGER",
    "check_named": "slot INTEGER, reference VARCHAR(20)",
    "check_used": "allocation_id BIGINT PRIMARY KEY, base BIGINT, cents BIGINT",
    "check_line": """id BIGINT, message_id BIGINT, source VARCHAR(120), position INTEGER, assessed INTEGER,
        sender VARCHAR(8), reference VARCHAR(20), previous_reference VARCHAR(20), client_id BIGINT,
        allocation_number VARCHAR(20), allocation_id BIGINT, allocated_unit VARCHAR(2), allocated_volume BIGINT,
        term_limit BIGINT, budget_cents BIGINT, area VARCHAR(80), agreement VARCHAR(60), lines_cost INTEGER,
        category VARCHAR(2), product_code VARCHAR(5), received INTEGER, recorded_month VARCHAR(7),
        period_from INTEGER, period_to INTEGER, service_month VARCHAR(7), volume BIGINT, unit VARCHAR(2),
        tariff_cents BIGINT, amount_cents BIGINT, credit INTEGER, in_time INTEGER, codes BIGINT,
        credits_line_id BIGINT, wave INTEGER""",
    "check_accepted": """id BIGINT, allocation_id BIGINT, reference VARCHAR(20), previous_reference VARCHAR(20),
        client_id BIGINT, category VARCHAR(2), product_code VARCHAR(5), period_from INTEGER, period_to INTEGER,
        volume BIGINT, unit VARCHAR(2), tariff_cents BIGINT, amount_cents BIGINT, credit INTEGER, credited INTEGER,
        in_time INTEGER, message_id BIGINT""",
    "check_changed": "id BIGINT PRIMARY KEY, codes BIGINT, in_time INTEGER, assessed INTEGER",
    "check_credit": """source VARCHAR(120), agreement VARCHAR(60), sender VARCHAR(8), product_code VARCHAR(5),
        area VARCHAR(80), service_month VARCHAR(7), recorded_month VARCHAR(7), lines_cost INTEGER, in_time INTEGER,
        approved INTEGER, original VARCHAR(120), cents BIGINT""",
    "check_booked": """source VARCHAR(120), debit_account VARCHAR(40), credit_account VARCHAR(40),
        agreement VARCHAR(60), product_code VARCHAR(5), service_month VARCHAR(7), area VARCHAR(80), id BIGINT""",
    "check_total": """message_id BIGINT, agreement VARCHAR(60), sender VARCHAR(8), product_code VARCHAR(5),
        area VARCHAR(80), service_month VARCHAR(7), lines_cost INTEGER, in_time INTEGER, credit INTEGER,
        approved INTEGER, lines BIGINT, cents BIGINT""",
    "check_sum": """message_id BIGINT, source VARCHAR(120), agreement VARCHAR(60), sender VARCHAR(8),
        product_code VARCHAR(5), area VARCHAR(80), service_month VARCHAR(7), recorded_month VARCHAR(7),
        lines_cost INTEGER, in_time INTEGER, credit INTEGER, approved INTEGER, lines BIGINT, cents BIGINT""",
}
INDEXES = (
    "CREATE INDEX stage_line_number ON stage_line (number)",
    "CREATE INDEX check_cover_of ON check_cover (subcontractor, covers)",
    "CREATE INDEX check_line_wave ON check_line (wave)",
    "CREATE INDEX check_accepted_period ON check_accepted (allocation_id, credited, period_from, period_to)",
    "CREATE INDEX check_accepted_reference ON check_accepted (allocation_id, reference)",
    "CREATE INDEX check_booked_of ON check_booked (source, product_code, service_month)",
    "CREATE INDEX check_accepted_id ON check_accepted (id)",
)

STAGE = {**waiting.TABLES, **_TABLES}
"""All temporary tables of the engine."""
