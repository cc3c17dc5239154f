"""A judged run as people and machines read it: terminal, Markdown, HTML, JSON, JUnit."""
