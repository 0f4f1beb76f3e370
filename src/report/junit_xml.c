/* Suites and cases as JUnit XML. */
#include "report/junit.h"

#include "base/buf.h"
#include "base/markup.h"
#include "report_priv.h"

static void
put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	markup_add(out, value);
	buf_putc(out, '"');
}

static size_t
count(const struct junit_suite *s, enum junit_outcome outcome)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->cases[i].outcome == outcome;
	return n;
}

static void
put_outcome(struct buf *out, const char *element, const struct junit_case *c)
{
	buf_printf(out, "      <%s", element);
	/* Ant's schema knows no attributes of skipped: its text begins with the message */
	if (c->outcome != JUNIT_SKIPPED) {
		put_attribute(out, "message", c->message);
		put_attribute(out, "type", c->type);
	}
	buf_putc(out, '>');
	markup_add(out, c->text);
	buf_printf(out, "</%s>\n", element);
}

static void
put_case(struct buf *out, const struct junit_case *c)
{
	static const char *const elements[] = {
		[JUNIT_FAILED] = "failure",
		[JUNIT_ERROR] = "error",
		[JUNIT_SKIPPED] = "skipped",
	};

	buf_puts(out, "    <testcase");
	put_attribute(out, "classname", c->group);
	put_attribute(out, "name", c->name);
	buf_puts(out, " time=\"0\"");
	if (c->outcome == JUNIT_PASSED) {
		buf_puts(out, "/>\n");
		return;
	}
	buf_puts(out, ">\n");
	put_outcome(out, elements[c->outcome], c);
	buf_puts(out, "    </testcase>\n");
}

/* What passed has no place for words of its own: a warning would be lost. */
static void
put_output(struct buf *out, const struct junit_suite *s)
{
	buf_puts(out, "    <system-out>");
	for (size_t i = 0; i < s->n; i++) {
		if (s->cases[i].outcome != JUNIT_PASSED || s->cases[i].message[0] == '\0')
			continue;
		markup_add(out, s->cases[i].name);
		buf_puts(out, ": ");
		markup_add(out, s->cases[i].message);
		buf_putc(out, '\n');
	}
	buf_puts(out, "</system-out>\n    <system-err/>\n");
}

static void
put_suite(struct buf *out, const struct junit_suite *s, size_t id)
{
	char time[TIME_TEXT_MAX];

	time_text(s->time_s > 0 ? s->time_s : 1, time);
	buf_puts(out, "  <testsuite package=\"mailready\"");
	put_attribute(out, "name", s->name);
	put_attribute(out, "hostname", s->host);
	buf_printf(out,
	    " id=\"%zu\" timestamp=\"%.19s\" time=\"%.3f\" tests=\"%zu\" failures=\"%zu\" "
	    "errors=\"%zu\" skipped=\"%zu\">\n    <properties>\n",
	    id, time, as_ms(s->time_us) / 1000, s->n, count(s, JUNIT_FAILED), count(s, JUNIT_ERROR),
	    count(s, JUNIT_SKIPPED));
	for (const char *const *p = s->properties; p != NULL && *p != NULL; p += 2) {
		buf_puts(out, "      <property");
		put_attribute(out, "name", p[0]);
		put_attribute(out, "value", p[1]);
		buf_puts(out, "/>\n");
	}
	buf_puts(out, "    </properties>\n");
	for (size_t i = 0; i < s->n; i++)
		put_case(out, &s->cases[i]);
	put_output(out, s);
	buf_puts(out, "  </testsuite>\n");
}

void
junit_add(struct buf *out, const struct junit_suite *suites, size_t n)
{
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	for (size_t i = 0; i < n; i++)
		put_suite(out, &suites[i], i);
	buf_puts(out, "</testsuites>\n");
}
