"""The engines that a release can be asked at: the one that runs inside, and any other by HTTP."""
