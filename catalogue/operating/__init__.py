"""What a server on the internet needs around its pages: who asks, how often, what is told of it."""
