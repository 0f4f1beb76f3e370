/*
 * Texts for people that end with a command line to copy.  It is in backquotes, so that a
 * reader of the bare text (JSON, a history) sees where it begins; formats that can do better do.
 */
#ifndef MAILREADY_BASE_COMMAND_H
#define MAILREADY_BASE_COMMAND_H

struct arena;

struct command_text {
	const char *words;   /* the text before it, without blanks at its end */
	const char *command; /* without the backquotes; "" when the text ends in none */
};

/* text must live as long as out; what is cut out of it lives in the arena. */
void command_split(const char *text, struct arena *a, struct command_text *out);

#endif
