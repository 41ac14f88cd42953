"""Finding among things: lists, search, comparing, advice."""
