"""What a program does first, in Python, with a client made from the API's document."""

import os
from uuid import uuid4

from waggle_client import AuthenticatedClient, Client
from waggle_client.api.auth import login
from waggle_client.api.comments import create_comment
from waggle_client.api.tickets import create_ticket, get_ticket, list_tickets
from waggle_client.models import (
    AuthorKind,
    CommentView,
    Credentials,
    ErrorCode,
    FieldCode,
    NewComment,
    NewTicket,
    Priority,
    Problem,
    Session,
    TicketPage,
    TicketStatus,
    TicketView,
)

URL = os.environ["WAGGLE_URL"]

credentials = Credentials(email=os.environ["WAGGLE_EMAIL"], password=os.environ["WAGGLE_PASSWORD"])
session = login.sync(client=Client(URL), body=credentials)
assert isinstance(session, Session), session
waggle = AuthenticatedClient(URL, token=session.access_token)

new = NewTicket(title="From Python", message="It **works**.", priority=Priority.HIGH)
opened = create_ticket.sync(client=waggle, body=new, idempotency_key=str(uuid4()))
assert isinstance(opened, TicketView), opened
assert opened.status == TicketStatus.OPEN

# Two by two, until the last page names no next one.
seen = []
page = list_tickets.sync(client=waggle, limit=2)
while True:
    assert isinstance(page, TicketPage), page
    seen += [ticket.id for ticket in page.items]
    if not page.next_cursor:
        break
    page = list_tickets.sync(client=waggle, limit=2, after=page.next_cursor)
assert len(seen) > 2 and opened.id in seen
assert len(set(seen)) == len(seen)

comment = create_comment.sync(opened.id, client=waggle, body=NewComment(id=uuid4(), message="And it pages."))
assert isinstance(comment, CommentView), comment
assert comment.author.kind == AuthorKind.USER

absent = get_ticket.sync(uuid4(), client=waggle)
assert isinstance(absent, Problem) and absent.code == ErrorCode.NOT_FOUND, absent

wrong = create_ticket.sync(client=waggle, body=NewTicket(title="", message="No title"))
assert isinstance(wrong, Problem) and wrong.code == ErrorCode.INVALID, wrong
assert wrong.errors and [(field.pointer, field.code) for field in wrong.errors] == [("/title", FieldCode.REQUIRED)]
