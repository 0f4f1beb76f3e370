/* What the formats share. */
#ifndef MAILREADY_REPORT_REPORT_PRIV_H
#define MAILREADY_REPORT_REPORT_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/jsonw.h"
#include "history/digest.h"
#include "report/model.h"
#include "report/render.h"
#include "views/receivers.h"

extern const struct renderer render_text, render_brief, render_json, render_jsonl, render_csv,
    render_markdown, render_html, render_junit, render_openmetrics, render_nagios;

/* What a check has beside its findings, of those checks that were run: see parts.c. */
void parts_json(struct jsonw *w, const struct report *r);
void parts_take(const struct report *r, struct digest *d);

/* Members of the JSON object, for the table of parts.c. */
void part_sender_json(struct jsonw *w, struct understanding *k);
void part_spf_json(struct jsonw *w, struct understanding *k);
void part_dkim_json(struct jsonw *w, struct understanding *k);
void part_dmarc_json(struct jsonw *w, struct understanding *k);
void part_sender_take(struct understanding *k, struct digest *d);
void part_spf_take(struct understanding *k, struct digest *d);
void part_dkim_take(struct understanding *k, struct digest *d);
void part_dmarc_take(struct understanding *k, struct digest *d);

/* The digest of a report while that lives, without evidence; its findings alone; the evidence. */
void digest_borrow(const struct report *r, struct digest *out);
void digest_findings(const struct report *r, struct digest *d);
void digest_evidence(const struct report *r, struct digest *d);

/* Is a worse than b?  Bad before unknown before warn before good before remarks; then
 * severity. */
bool finding_is_worse(const struct finding *a, const struct finding *b);

/*
 * "203.0.113.25 (mail.example.com)  FAIL  reason", with a newline.  It is one line, unless the
 * options say how wide the terminal is.
 */
void report_headline(const struct report *r, const struct render_options *o, struct buf *out);

/* Adds text between the escape sequences that a verdict has, when colour is on. */
void put_colored(struct buf *out, const struct render_options *o, enum verdict v, const char *text);

/* Listed by a block list. */
bool list_is_bad(const struct digest_list *l);

/*
 * What a list's row means: of a listing, the verdict of its finding, so that no format judges it
 * again; info where none speaks of it.
 */
enum verdict list_verdict(const struct digest *d, const struct digest_list *l);

/*
 * "listed on 1 of 7, 2 could not be asked; 10 do not take IPv6 addresses": what every format says of
 * the block lists; "" without any.
 */
const char *lists_text(const struct digest *d, struct arena *a);

/* The words as a sentence: "Listed on 1 of 7." */
const char *sentence(const char *words, struct arena *a);

void put_spaces(struct buf *out, int n);

/* Adds text that starts at column indent, broken at blanks; later lines start there, too. */
void put_wrapped(struct buf *out, const struct render_options *o, int indent, const char *text);

/* The same of what is one line unless a terminal is too narrow for it: it starts at column start. */
void put_line(struct buf *out, const struct render_options *o, int start, int indent,
    const char *text);

/* The same, with its command line on a line of its own. */
void put_remedy(struct buf *out, const struct render_options *o, int indent, const char *remedy,
    struct arena *a);

/*
 * Findings with distinct remedies, most severe first; how many.  Of what is wrong, or of everything
 * that has one.
 */
size_t digest_remedies(const struct digest *d, bool all, struct arena *a,
    const struct digest_finding ***out);

/* One field of CSV, quoted as it needs to be, and no formula. */
void csv_add(struct buf *out, const char *text);

/* Escaped, for a line or a cell of Markdown. */
void markdown_text(struct buf *out, const char *text);
/* The same with web addresses (base/link.h) as links. */
void markdown_linked(struct buf *out, const char *text, struct arena *a);
/* A rule's id as code; one that no writer of ours has written, as text. */
void markdown_code(struct buf *out, const char *word);
/* Lines as a block in which nothing is markup. */
void markdown_block(struct buf *out, const char *lines);
void markdown_digest(const struct digest *d, const struct render_options *o, struct arena *a,
    struct buf *out);

/* The microseconds of a fact or run in milliseconds, for people and JSON alike. */
double as_ms(uint64_t time_us);

/* A fact as lines for people, each after indent spaces; its provenance is in the first. */
void evidence_text(const struct fact *fact, int indent, struct buf *out);

/* A report as an object with the members of its schema; key: as in jsonw_object(). */
void report_json(struct jsonw *w, const char *key, const struct report *r);

/* A fact as an object with the member "kind". */
void evidence_json(struct jsonw *w, const struct fact *fact);

/* RFC 3339 in UTC, or "" for 0.  Returns out. */
enum { TIME_TEXT_MAX = 40 };
const char *time_text(int64_t time_s, char out[TIME_TEXT_MAX]);

/* A member with the same, or null. */
void time_json(struct jsonw *w, const char *key, int64_t time_s);

/* The members of a count of lists. */
void counts_json(struct jsonw *w, const struct list_counts *c);

/* The members of an SMTP dialogue, for evidence and for the report's own object alike. */
void smtp_json(struct jsonw *w, const struct smtp_dialogue *d, const struct endpoint *server);

/*
 * What receivers demand (views/receivers.h), as each format has it: a table, a row a receiver, and below it
 * what is not met, line by line.
 */
void receivers_text(const struct receivers_view *v, const struct render_options *o, struct arena *a,
    struct buf *out);
void receivers_json(struct jsonw *w, const struct receivers_view *v);

/* The table's heads, by enum receiver_demand: "PTR". */
extern const char *const receivers_heads[];

/* The demands that are not met, or not known to be; its texts are those of v. */
void receivers_digest(const struct receivers_view *v, struct arena *a, struct digest *out);

/* "yes", "NO", "?" or "-"; "-/NO" where a bulk sender is answered otherwise.  In a. */
const char *receivers_cell(const struct demand_view *d, struct arena *a);

/* "pass", or "pass/FAIL" where a bulk sender is answered otherwise.  In a. */
const char *receivers_verdict(const struct receiver_view *row, struct arena *a);

/* The cells of a row, from the left: receiver, verdict, demands.  row NULL: the heads. */
enum { RECEIVERS_COLUMNS = RECEIVER_DEMANDS + 2 };
void receivers_cells(const struct receiver_view *row, struct arena *a,
    const char *cells[RECEIVERS_COLUMNS]);

/* Sentences that explain the signs of the table; NULL after the last. */
const char *receivers_legend(const struct receivers_view *v, size_t i);

/*
 * "Gmail demands that ..." of each demand that is not met, or of all with their sources and the receivers' notes;
 * fn gets a sentence in a each time.
 */
void receivers_each(const struct receivers_view *v, bool all, struct arena *a,
    void (*fn)(void *arg, const char *line), void *arg);

#endif
