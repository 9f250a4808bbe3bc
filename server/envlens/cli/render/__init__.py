"""How findings look: text for people, concise for grep, JSON for programs."""
