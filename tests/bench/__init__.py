"""Measurements, run by hand: `make bench`. Not tests, since the machines they run on differ."""
