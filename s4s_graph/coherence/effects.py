"""Where a company starts, and what stops holding when a configuration works."""

from s4s_graph.coherence.model import Company, Configuration
from s4s_graph.coherence.view import View


def start(view: View, company: Company) -> frozenset[str]:
    """Return what is known to hold at a company, by the narrowest names where it was said.

    What was said both ways is unknown, so it is left out; what follows from it need not be.
    """
    known = view.known_of(company).holds
    said = company.holds & known
    return said | (known - view.broader(said))


def ends(view: View, configuration: Configuration) -> frozenset[str]:
    """Return what stops holding when a configuration works: the delete effects of STRIPS.

    What it takes away goes with everything narrower, and so do the opposites of what it brings
    about. What it brings about itself stays: in STRIPS too, deletion comes first.
    """
    taken, brought = configuration.takes, configuration.brings
    return (view.narrower(taken) | view.excluded(brought)) - brought
