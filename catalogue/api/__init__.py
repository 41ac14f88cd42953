"""The stored questions and the words of the graph for programs, by the Dutch rules for APIs."""
