"""What a language model is shown of papers, and what it wrote: thoughts, citation marks, JSON, sentences, verdicts."""
