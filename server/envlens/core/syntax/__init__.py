"""From text to trees with exact spans. Nothing here knows what a definition means; nothing raises for bad input."""
