"""What is only read goes to the browser as one piece, not as hundreds of components.

The renderer of Dash takes milliseconds for every component, and a table of fifty subcontractors has a thousand; the
page could not be used for as long as that took. A still piece is one component that carries the tree below it, and the
script of the page (``assets/overleg.js``) makes plain elements of it, with text as text.
"""

from __future__ import annotations

import json

from dash import html
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder


def still(tree: Component) -> html.Div:
    """A piece of the page without anything that a callback or a link within the page needs.

    Args:
        tree: components of ``dash.html`` only.
    """
    drawn = json.dumps(tree, cls=PlotlyJSONEncoder, ensure_ascii=False)
    return html.Div(className="still", **{"data-still": drawn})  # type: ignore[arg-type]
