"""Pages to come in by: signing in and out, choosing a membership, choosing a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from sqlalchemy import Engine, text
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from lead_contractor.access import service
from lead_contractor.access.model import Language, Role, User
from lead_contractor.kernel.database import reading
from lead_contractor.web import guard, navigation
from lead_contractor.web.languages import SESSION_KEY

PER_ADDRESS = "20 per minute; 200 per hour"
PER_PERSON = "5 per minute; 30 per hour"


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed
    """E-mail address and password."""

    email = StringField(lazy_gettext("E-mailadres"), [InputRequired(), Length(max=254)])
    password = PasswordField(lazy_gettext("Wachtwoord"), [InputRequired(), Length(max=256)])
    next = HiddenField()


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine

    def sign_in(self) -> Any:
        """The form, and what follows from it."""
        if guard.signed_in() is not None:
            return redirect(url_for("web.home"))
        form = SignInForm(next=request.args.get("next", ""))
        if not form.is_submitted():
            return _sign_in_page(form)
        user = service.authenticate(self.engine, form.email.data, form.password.data) if form.validate() else None
        if user is None:
            return _sign_in_page(form, wrong=True), 401
        self._begin(user)
        return redirect(local_target(form.next.data))

    def sign_out(self) -> Any:
        """End this sign-in, here and in every copy of the cookie."""
        service.end_session(self.engine, session.get(guard.TOKEN, ""))
        _clear()
        flash(gettext("U bent afgemeld."))
        return redirect(url_for("web.sign_in"))

    def capacity(self) -> Any:
        """The memberships, and the choice of one."""
        person = guard.signed_in()
        if person is None:
            return redirect(url_for("web.sign_in"))
        if request.method != "POST":
            return render_template("web/capacity.html", person=person)
        key = request.form.get("membership", "")
        service.switch(person, key)
        session[guard.CAPACITY] = key
        return redirect(local_target(request.form.get("next")))

    def language(self) -> Any:
        """Take a language, remember it with the person, and go back to the page."""
        chosen = request.form.get("language", "")
        if chosen not in {known.value for known in Language}:
            chosen = Language.DUTCH.value
        session[SESSION_KEY] = chosen
        person = guard.signed_in()
        if person is not None:
            service.set_language(self.engine, person.user.id, Language(chosen))
        return redirect(local_target(request.form.get("next")))

    def home(self) -> Any:
        """The first screen of the role."""
        first = navigation.first_page(current_app, guard.acting().role)
        return redirect(first) if first else render_template("web/home.html")

    def healthy(self) -> Any:
        """Whether the app and its database answer."""
        with reading(self.engine) as connection:
            connection.execute(text("SELECT 1"))
        return Response("in orde\n", mimetype="text/plain")

    def _begin(self, user: User) -> None:
        """Begin a session that shares nothing with the one before it but the language that was chosen there."""
        _clear()
        session.permanent = True
        session[guard.TOKEN] = service.start_session(self.engine, user, datetime.now(UTC))
        session.setdefault(SESSION_KEY, user.language.value)


def install(app: Flask, engine: Engine) -> None:
    """Register the pages, and limit how often somebody may try to sign in."""
    pages, views = Blueprint("web", __name__), Pages(engine)
    limiter = Limiter(get_remote_address, app=app)
    failed_only: Any = {"methods": ["POST"], "deduct_when": lambda response: response.status_code >= 400}  # noqa: PLR2004 - what HTTP calls an error
    per_address = limiter.limit(PER_ADDRESS, **failed_only)
    per_person = limiter.limit(PER_PERSON, key_func=_address_and_person, **failed_only)
    pages.add_url_rule("/aanmelden", "sign_in", per_address(per_person(views.sign_in)), methods=["GET", "POST"])
    pages.add_url_rule("/afmelden", "sign_out", views.sign_out, methods=["POST"])
    pages.add_url_rule("/rol", "capacity", views.capacity, methods=["GET", "POST"])
    pages.add_url_rule("/taal", "language", views.language, methods=["POST"])
    pages.add_url_rule("/", "home", views.home)
    pages.add_url_rule("/gezond", "healthy", views.healthy)
    guard.restrict(pages, *Role)
    app.register_blueprint(pages)
    for endpoint in ("web.sign_in", "web.language", "web.healthy"):
        guard.leave_open(app, endpoint)
    for endpoint in ("web.sign_out", "web.capacity"):
        guard.leave_open_to_signed_in(app, endpoint)


def local_target(target: str | None) -> str:
    """A path on this site to go to next; anything else (another site, a trick, nothing) becomes the home page."""
    home = url_for("web.home")
    if not target or not target.startswith("/") or len(target) > 2000:  # noqa: PLR2004 - no browser sends more
        return home
    if target.startswith("//") or any(char in target for char in "\\\r\n\t") or not target.isprintable():
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc else target


def _clear() -> None:
    language = session.get(SESSION_KEY)
    session.clear()
    if language is not None:
        session[SESSION_KEY] = language


def _sign_in_page(form: SignInForm, *, wrong: bool = False) -> str:
    return render_template("web/sign_in.html", form=form, wrong=wrong, sign_ins=current_app.config["DEMO_SIGN_INS"])


def _address_and_person() -> str:
    """Who is being tried from where, so that nobody can be locked out from elsewhere."""
    return f"{get_remote_address()} {request.form.get('email', '').strip().lower()[:254]}"
