"""Work with papers beyond a question: pairs that contradict each other."""
