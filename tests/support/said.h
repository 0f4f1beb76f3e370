/*
 * What a format says of one server, read back from its text, so that formats can be compared with
 * each other.  A reader fails the test when it does not find what the format always has.
 */
#ifndef MAILREADY_TESTS_SAID_H
#define MAILREADY_TESTS_SAID_H

#include "test.h"

#include "views/views.h"

enum { SAID_LISTS_MAX = 16 };

struct said {
	char verdict[12]; /* "" where it is not shown, as the others */
	char ptr[12], iprev[12];
	bool counted;
	struct list_counts counts;
	struct {
		char zone[64], subject[64], state[20], verdict[12];
	} list[SAID_LISTS_MAX];
	size_t n;
};

/* One for each format of check, and of report where that differs. */
typedef void said_reader(const char *text, struct said *s);
said_reader said_text, said_brief, said_json, said_csv, said_markdown, said_html, said_nagios,
    said_openmetrics, said_junit, said_past_json, said_past_csv;

#endif
