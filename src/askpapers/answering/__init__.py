"""What a question asks, and what to say: intent, topic, extractive answers, surveys, abstaining."""
