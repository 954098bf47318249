"""The house rules that script/house checks; docs/architecture.md and CONTRIBUTING.md say why they are so."""
