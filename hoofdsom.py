"""Hoofdsom: the front door. Puts the four packages together: the command line, the site and the scheduler.

Nothing is built at import; every command makes what it needs and gives it back.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from budgets.settlement.books import check_contract
from budgets.settlement.layout import to_json
from budgets.settlement.model import Settlement
from budgets.settlement.service import settle_contract
from budgets.settlement.statement import statement_pdf
from budgets.settlement.text import statement_text
from budgets.year_folder.service import Loaded, export, folders_in, load
from budgets.year_folder.stored import contract_of
from lead_contractor.contract import store as contracts
from lead_contractor.kernel import schema
from lead_contractor.kernel.database import default_url, make_engine, reading, writing
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.refusals import NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault, load_key, new_key, write_key
from lead_contractor.parties.store import subcontractors
from subcontractors.declarations import answers as answering
from subcontractors.declarations.intake import Head
from subcontractors.declarations.model import Status
