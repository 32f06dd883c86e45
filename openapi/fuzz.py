"""What made-up requests cannot know from the document, because no schema can tell it.

Invariant: what breaks the schema stays as it was made up.
"""

import itertools
import re

import schemathesis

KEY = re.compile(r"^[!-~]([ -~]{0,253}[!-~])?$")
TAGS = re.compile(r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$')

# Counted, not drawn: the same requests are made each time.
keys = itertools.count()
changes = itertools.count()


@schemathesis.hook
def before_call(context, case, **_):
    """A key comes with one request only, and every other change is one of what is there now, whatever was read."""
    headers = case.headers or {}
    for name, value in list(headers.items()):
        if name.lower() == "idempotency-key" and KEY.match(str(value)):
            headers[name] = f"made-up-{next(keys)}"
        if name.lower() == "if-match" and TAGS.match(str(value)) and next(changes) % 4:
            headers[name] = "*"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A spoilt token is refused, and the request is called valid at times all the same."""
    spoilt = getattr(getattr(case.meta, "phase", None), "data", None)
    return response.status_code != 401 or getattr(spoilt, "parameter", None) != "Authorization"
