"""Work with papers beyond a question: from one paper to those like it."""
