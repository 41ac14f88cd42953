"""The pages of things: what is said of one, what it rests on, what follows."""
