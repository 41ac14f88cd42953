"""What browsers may load and run on a page, and nothing else (Content Security Policy, level 3)."""

NAME = "Content-Security-Policy"
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def with_styles(nonce: str) -> str:
    """Return the policy for a page with styles that know this word, made for one response.

    The editor makes its styles while it runs; scripts stay those of the site.
    """
    return f"{POLICY}; style-src 'self' 'nonce-{nonce}'"
