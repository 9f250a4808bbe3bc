"""What a person asks of a snapshot: findings, hovers, actions, symbols, links. No LSP types; each a function."""
