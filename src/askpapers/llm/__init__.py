"""Language models: which one, reaching it, what goes wrong with it, what it costs, its recorded traffic."""
