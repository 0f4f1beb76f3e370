/*
 * Fills a history as daily runs would have.  usage: past_drive FILE SERVERS DAYS
 * Server 0 has, in its names and texts, what strangers write to break formats.  Ends an hour ago.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "history/store.h"

enum { DAY = 86400, LISTS = 25, FINDINGS_MAX = 8 };

static const char hostile[] = "</style><script>alert(1)</script>|`=cmd()\" ' & --> ]]>";

static void
add_lists(struct digest *d, struct arena *a, bool listed)
{
	d->n_lists = LISTS;
	d->lists = arena_array(a, LISTS, sizeof *d->lists);
	d->counts = (struct list_counts){ .asked = LISTS,
		.listed = listed ? 2 : 0,
		.clean = LISTS - 1 - (listed ? 2 : 0),
		.unknown = 1 };
	for (int i = 0; i < LISTS; i++)
		d->lists[i] = (struct digest_list){ .zone = arena_printf(a, "list-%d.example", i),
			.subject = d->address,
			.state = listed && i < 2 ? LIST_LISTED :
			    i == 9               ? LIST_UNKNOWN :
						   LIST_CLEAN,
			.kind = LIST_KIND_BLOCK,
			.impact = listed && i == 0 ? LIST_CRITICAL : LIST_LOW,
			.why = i == 9 ? LIST_TIMEOUT : LIST_OK,
			.codes = listed && i < 2 ? "127.0.0.2" : "" };
}

static void
add_finding(struct digest *d, const char *rule, enum verdict v, const char *subject,
    const char *text)
{
	d->findings[d->n_findings++] = (struct digest_finding){ .rule = rule,
		.verdict = v,
		.severity = verdict_is_bad(v) ? SEVERITY_CRITICAL : SEVERITY_LOW,
		.required = true,
		.subject = subject,
		.text = text,
		.remedy = v == VERDICT_PASS ? "" : "Mend it: publish the record that is asked for.",
		.why = v == VERDICT_PASS ? "" : "Receivers refuse mail for it: 550 5.7.25." };
}

/* Each server has its own bad weeks, and now and then a run that could not tell. */
static void
make_digest(struct digest *d, struct arena *a, int server, int day, int64_t time_s)
{
	bool listed = (day + server * 7) % 90 < 6, unknown = (day * 31 + server) % 61 == 0;
	const char *name = server == 0 ? hostile : arena_printf(a, "mail%d.example.com", server);
	const char **names = arena_array(a, 1, sizeof *names);

	names[0] = name;
	*d = (struct digest){ .time_s = time_s,
		.time_us = 84000,
		.label = server == 0 ? hostile : arena_printf(a, "outbound %d", server),
		.address = arena_printf(a, "203.0.113.%d", server + 1),
		.host = "",
		.ehlo = name,
		.domain = "example.com",
		.verdict = unknown  ? VERDICT_TEMPERROR :
		    listed          ? VERDICT_FAIL :
		    server % 3 == 1 ? VERDICT_WARN :
				      VERDICT_PASS,
		.reason = unknown ? "the PTR record could not be looked up: SERVFAIL" :
		    listed        ? "listed by list-0.example (127.0.0.2)" :
				    "nothing found that receivers refuse",
		.has_ptr = true,
		.has_iprev = true,
		.has_ehlo = true,
		.ptr_status = unknown ? PTR_TEMPERROR : PTR_FOUND,
		.ptr_names = names,
		.n_ptr_names = unknown ? 0 : 1,
		.iprev = unknown ? IPREV_TEMPERROR : IPREV_PASS,
		.ehlo_seen = name,
		.ehlo_result = IPREV_PASS,
		.cert_expires_s = time_s + (90 - day % 90) * (int64_t)DAY };
	d->findings = arena_array(a, FINDINGS_MAX, sizeof *d->findings);
	add_lists(d, a, listed);
	if (unknown)
		add_finding(d, "ptr.temperror", VERDICT_TEMPERROR, d->address,
		    "the PTR record could not be looked up: SERVFAIL");
	else
		add_finding(d, "ptr.found", VERDICT_PASS, d->address,
		    arena_printf(a, "PTR %s", name));
	if (listed)
		add_finding(d, "dnsbl.listed", VERDICT_FAIL, "list-0.example",
		    "listed by list-0.example (127.0.0.2)");
	if (server % 3 == 1)
		add_finding(d, "ehlo.other", VERDICT_WARN, name,
		    arena_printf(a, "%s is not the PTR name", name));
	add_finding(d, "iprev.pass", VERDICT_PASS, d->address,
	    arena_printf(a, "%s leads back to %s", name, d->address));
}

static enum err_code
fill(struct history *h, int servers, int days, struct err *err)
{
	int64_t end = (int64_t)time(NULL) - 3600;

	for (int day = 0; day < days; day++) {
		struct arena a;
		arena_init(&a);
		struct digest *all = arena_array(&a, (size_t)servers, sizeof *all);
		for (int s = 0; s < servers; s++)
			make_digest(&all[s], &a, s, day, end - (days - 1 - day) * (int64_t)DAY);
		enum err_code code = history_add(h, all, (size_t)servers, err);
		arena_fini(&a);
		if (code != ERR_NONE)
			return code;
	}
	return ERR_NONE;
}

int
main(int argc, char **argv)
{
	struct history *h = NULL;
	struct err err = { 0 };

	if (argc != 4)
		return 64;
	if (history_open(argv[1], HISTORY_WRITE, &h, &err) != ERR_NONE ||
	    fill(h, (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10), &err) !=
		ERR_NONE)
		fprintf(stderr, "%s\n", err.text);
	history_close(h);
	return err.code == ERR_NONE ? 0 : 1;
}
