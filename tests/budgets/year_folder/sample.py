"""A tiny sound year folder: one agreement of each form, with what it needs to be settled to the cent.

Lump sum 1,200,000.00 for 2025 without indexation: twelve instalments of 100,000.00. Cap 5 % of revenue,
repaid. Three P×Q declarations (one credit), one trajectory in two milestones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

LEAD_AGB = "42420001"
PXQ_AGB, FTE_AGB, LUMP_SUM_AGB, TRAJECTORY_AGB, AVAILABILITY_AGB = (
    "65656055",
    "41410002",
    "41410003",
    "41410004",
    "01410005",
)
CLIENT_BSNS = ("999900006", "999900018", "999900031")

CONTRACT = """\
format = 1
year = 2025

[municipality]
name = "Hollands Kroon"
code = "1911"

[lead_contractor]
name = "Voorbeeld Hoofdaannemer"
agb = "42420001"
kvk = "12345678"

[lump_sum]
amount = "1200000.00"

[settlement]
cut_off = 2026-03-31
corrections_until = 2026-05-31

[settlement.margin]
cap_percent = "5"
"""

AGREEMENTS = """\
[[agreement]]
id = "PXQ-1"
subcontractor = "65656055"
form = "pxq"
products = ["02A03", "02A05"]
ceiling = { amount = "450000.00", signal_percent = "70", always_paid = ["crisis", "specific"] }

[[agreement]]
id = "FTE-1"
subcontractor = "41410002"
form = "fte"
fte = "6.40"
price_per_fte = "92400.00"

[[agreement]]
id = "LS-1"
subcontractor = "41410003"
form = "lump_sum"
amount = "240000.00"

[[agreement]]
id = "TR-1"
subcontractor = "41410004"
form = "trajectory"
products = ["02A17"]
price = "9750.00"
milestones = [ { at = "start", percent = "70" }, { at = "end", percent = "30" } ]
early_stop = { "21" = "pro_rata", "23" = "full" }
guarantee_days = 183

[[agreement]]
id = "AV-1"
subcontractor = "01410005"
form = "availability"
month_amount = "3850.00"
occupancy = { norm_percent = "85", malus_percent_per_point = "0.5" }
"""

SUBCONTRACTORS = """\
agb,name,kvk,iban,size,consent_date,active_from,active_to
65656055,Thuis Verder,65656055,NL91ABNA0417164300,medium,2024-11-01,2024-12-01,
41410002,Wijkteam Noord,41410002,,large,2024-11-01,,
41410003,Buurthuis De Kreek,41410003,,small,2024-11-01,,
41410004,"Herstel, samen",41410004,,micro,2024-11-01,,
01410005,Logeerhuis Duinrand,01410005,,zzp,,,
"""

TARIFFS = """\
subcontractor,product_code,unit,tariff,valid_from,valid_to
65656055,02A03,04,55.80,2025-01-01,2025-06-30
65656055,02A03,04,58.57,2025-07-01,
65656055,02A05,04,87.35,2025-01-01,2025-12-31
"""

ALLOCATIONS = """\
number,bsn,subcontractor,category,product_code,start,end,volume,unit,frequency,budget,reason_change,flags,area
1001,999900006,65656055,02,02A03,2025-01-01,2025-12-31,40,04,4,,,,Noord
1002,999900018,65656055,02,02A05,2025-01-01,,6000,01,4,,,crisis,Zuid
0003,999900031,41410004,02,02A17,2025-02-01,2025-10-31,975000,83,6,,,,Noord
"""

RECEIPTS = "date,amount,reference\n" + "".join(
    f"2025-{month:02d}-01,100000.00,LS 2025-{month:02d}\n" for month in range(1, 13)
)

REALISED = "agreement,month,fte,hours,occupancy_percent\n" + "".join(
    f"FTE-1,2025-{month:02d},6.12,,\nAV-1,2025-{month:02d},,,79.4\n" for month in range(1, 13)
)

COSTS = """\
date,kind,amount,description,disallowed
2025-03-31,own_delivery,120000.00,Eigen wijkteam,false
2025-06-30,overhead,60000.00,Kantoor,false
2025-09-30,other,1000.00,Boete,true
2025-10-31,other,-250.00,Creditnota,false
"""

_DECLARATION = (
    "declaration,period,received,subcontractor,reference,previous_reference,bsn,allocation,category,product_code,"
    "from,to,volume,unit,tariff,amount,debit_credit\n"
)

MESSAGES: Mapping[str, bytes] = {
    "januari.csv": (
        _DECLARATION
        + "D001,2025-01,2025-02-10,65656055,R001,,999900006,1001,02,02A03,2025-01-01,2025-01-31,6,04,55.80,334.80,D\n"
        + "D001,2025-01,2025-02-10,65656055,R002,,999900018,1002,02,02A05,2025-01-01,2025-01-31,95,01,1.46,138.30,D\n"
    ).encode(),
    "februari.csv": (
        _DECLARATION
        + "D002,2025-02,2025-03-10,65656055,R003,R001,999900006,1001,02,02A03,2025-01-01,2025-01-31,6,04,55.80,334.80,C\n"
        + "D002,2025-02,2025-03-10,65656055,R004,,999900006,1001,02,02A03,2025-01-01,2025-01-31,9,04,55.80,502.20,D\n"
    ).encode(),
    "traject.csv": (
        _DECLARATION
        + "T001,2025-02,2025-03-05,41410004,T1,,999900031,0003,02,02A17,2025-02-01,2025-02-28,682500,83,,6825.00,D\n"
    ).encode(),
}

FILES: Mapping[str, str] = {
    "contract.toml": CONTRACT,
    "agreements.toml": AGREEMENTS,
    "subcontractors.csv": SUBCONTRACTORS,
    "tariffs.csv": TARIFFS,
    "allocations.csv": ALLOCATIONS,
    "receipts.csv": RECEIPTS,
    "realised.csv": REALISED,
    "costs.csv": COSTS,
}


def write_sample(folder: Path, **changes: Any) -> Path:
    """Write the sample into a new folder and return it.

    ``changes`` go by the name of the file, with or without its ending (``tariffs``, ``contract.toml``): text or
    bytes replace the file (or add one that the sample lacks, as CSV), ``None`` leaves it out, a function edits its
    text. ``messages`` replaces all message files: their bytes by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    messages: Mapping[str, bytes] = changes.pop("messages", MESSAGES)
    files: dict[str, str | bytes] = dict(FILES)
    for called, change in changes.items():
        name = next((name for name in FILES if called in (name, Path(name).stem)), f"{Path(called).stem}.csv")
        if change is None:
            files.pop(name)
        else:
            files[name] = change(FILES[name]) if callable(change) else change
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    if messages:
        (folder / "messages").mkdir(exist_ok=True)
    for name, data in messages.items():
        (folder / "messages" / name).write_bytes(data)
    return folder
