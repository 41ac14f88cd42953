"""What only a browser can tell of the site: how it looks, and that everyone can use it."""
