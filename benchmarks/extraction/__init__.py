"""What an extractor finds of the articles on pages in the shapes of real platforms, and what it costs."""
