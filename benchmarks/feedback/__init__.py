"""How error falls on documents of events that a model never saw, as a newsroom clicks on others of them."""
