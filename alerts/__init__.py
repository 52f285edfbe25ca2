"""Tell: who hears of an event, in which words, through which channel."""
