"""The command line by the name of the package: `python -m s4s_graph`."""

from s4s_graph.cli import main

if __name__ == "__main__":
    main(prog_name="s4s")
