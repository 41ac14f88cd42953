"""What browsers may load and run on a page, and what is told of a request to others: nothing.

The first is Content Security Policy, level 3.
"""

from fastapi.telemetry import TelemetryConfig

NAME = "Content-Security-Policy"
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# An environment variable could otherwise send the addresses of requests to another server.
UNOBSERVED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def with_styles(nonce: str) -> str:
    """Return the policy for a page with styles that know this word, made for one response.

    The editor makes its styles while it runs; scripts stay those of the site.
    """
    return f"{POLICY}; style-src 'self' 'nonce-{nonce}'"
