/*
 * Fills a history through the API, by a clock of its own.
 *   history_drive year FILE [SERVERS [DAYS]]   daily runs, as a year brings them; prints size and times
 *   history_drive add FILE N [FROM]            N runs of three servers, one after the other
 *   history_drive show FILE                    "servers runs standing" and the last run's time
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "history/change.h"
#include "history/store.h"

enum { DAY = 86400, START = 1700000000, N_LISTS = 32, N_FINDINGS = 14 };

static void
die(const struct err *err)
{
	fprintf(stderr, "history_drive: %s\n", err->text);
	exit(1);
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The same number for the same server, day and kind, whatever came before. */
static unsigned
chance(unsigned server, unsigned day, unsigned kind)
{
	unsigned x = server * 2654435761u ^ day * 2246822519u ^ kind * 3266489917u;

	x ^= x >> 15;
	x *= 2246822519u;
	x ^= x >> 13;
	return x % 1000;
}

static struct digest_finding
finding(struct arena *a, const char *check, unsigned server, enum verdict v, const char *text)
{
	return (struct digest_finding){ .rule = arena_printf(a, "%s.%s", check,
					    enumtab_name(&verdict_names, (int)v)),
		.verdict = v,
		.severity = v == VERDICT_FAIL ? SEVERITY_HIGH : SEVERITY_LOW,
		.subject = arena_printf(a, "203.0.113.%u", server),
		.text = text,
		.remedy = v == VERDICT_PASS ?
		    "" :
		    "Do what the manual says about it, and look again when the TTL of "
		    "the old record is over.",
		.why = "Receivers that look at this refuse with 550 5.7.25, or file the message as "
		       "spam." };
}

/* A list in forty does not answer. */
static void
fill_lists(struct arena *a, unsigned server, unsigned day, struct digest *d)
{
	for (unsigned i = 0; i < N_LISTS; i++) {
		bool listed = chance(server, day / 10, i) < 1, mute = chance(server, day, i) < 25;
		d->lists[d->n_lists++] = (struct digest_list){ .zone = arena_printf(a,
								   "bl%u.example", i),
			.subject = d->address,
			.state = listed ? LIST_LISTED :
			    mute        ? LIST_UNKNOWN :
					  LIST_CLEAN,
			.kind = LIST_KIND_BLOCK,
			.impact = LIST_HIGH,
			.why = !listed && mute ? LIST_TIMEOUT : LIST_OK,
			.codes = listed ? "127.0.0.2" : "" };
		d->counts.asked++;
		d->counts.listed += listed;
		d->counts.unknown += !listed && mute;
		d->counts.clean += !listed && !mute;
		if (!listed && mute && d->n_findings < 2 * N_FINDINGS)
			d->findings[d->n_findings++] = finding(a, arena_printf(a, "bl%u", i),
			    server, VERDICT_TEMPERROR,
			    "the list could not tell: no answer in time");
	}
}

/* A server in fifty is listed for ten days; the certificate ages. */
static void
report(struct arena *a, unsigned server, unsigned day, struct digest *d)
{
	static const char *const checks[N_FINDINGS] = { "address", "ptr", "iprev", "generic_ptr",
		"ehlo", "dnsbl", "smtp", "ptr-zone", "ptr-authority", "ehlo-forward", "smtp-tls",
		"smtp-size", "smtp-banner", "smtp-cert" };

	*d = (struct digest){ .time_s = START + (int64_t)day * DAY + chance(server, day, 1),
		.time_us = 300000 + chance(server, day, 2) * 100,
		.label = arena_printf(a, "outbound %u", server),
		.address = arena_printf(a, "203.0.113.%u", server),
		.host = "",
		.ehlo = arena_printf(a, "mail%u.example.com", server),
		.domain = "example.com",
		.verdict = VERDICT_PASS,
		.reason = "all checks passed",
		.has_ptr = true,
		.has_iprev = true,
		.has_ehlo = true,
		.ptr_status = PTR_FOUND,
		.iprev = IPREV_PASS,
		.ehlo_seen = arena_printf(a, "mail%u.example.com", server),
		.ehlo_result = IPREV_PASS,
		.cert_expires_s = START + (int64_t)(day / 60 + 1) * 90 * DAY };
	d->ptr_names = arena_array(a, 1, sizeof *d->ptr_names);
	d->ptr_names[d->n_ptr_names++] = d->ehlo;
	d->lists = arena_array(a, N_LISTS, sizeof *d->lists);
	d->findings = arena_array(a, 2 * N_FINDINGS, sizeof *d->findings);
	for (unsigned i = 0; i < N_FINDINGS; i++) {
		bool bad = chance(server, day / 10, 100 + i) < 10;
		const char *text = arena_printf(a, "%s of %s is as it should be", checks[i],
		    d->ehlo);
		if (i == N_FINDINGS - 1)
			text = arena_printf(a, "the certificate for %s ends in %u days", d->ehlo,
			    90 - day % 60);
		if (bad)
			text = arena_printf(a, "%s of %s is not as it should be", checks[i],
			    d->ehlo);
		d->findings[d->n_findings++] = finding(a, checks[i], server,
		    bad ? VERDICT_FAIL : VERDICT_PASS, text);
		d->verdict = bad ? VERDICT_FAIL : d->verdict;
	}
	fill_lists(a, server, day, d);
}

static struct history *
open_history(const char *path, enum history_mode mode)
{
	struct history *h;
	struct err err;

	if (history_open(path, mode, &h, &err) != ERR_NONE)
		die(&err);
	return h;
}

static void
add_day(struct history *h, unsigned servers, unsigned day)
{
	struct arena a;
	struct err err;

	arena_init(&a);
	struct digest *all = arena_array(&a, servers, sizeof *all);
	for (unsigned i = 0; i < servers; i++)
		report(&a, i + 1, day, &all[i]);
	if (history_add(h, all, servers, &err) != ERR_NONE)
		die(&err);
	arena_fini(&a);
}

static long long
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (long long)st.st_size : -1;
}

/* What a report over a year, and a run's comparison, ask for. */
static void
read_year(struct history *h, double *points_ms, double *compare_ms, size_t *n_changes)
{
	struct history_server *servers;
	size_t n, k;
	struct arena a;
	struct err err;
	double start = now_ms();

	arena_init(&a);
	if (history_servers(h, NULL, &a, &servers, &n, &err) != ERR_NONE)
		die(&err);
	for (size_t i = 0; i < n; i++) {
		struct history_point *points;
		struct history_span *spans;
		struct history_listing *listings;
		if (history_points(h, servers[i].id, 0, &a, &points, &k, &err) != ERR_NONE ||
		    history_spans(h, servers[i].id, 0, &a, &spans, &k, &err) != ERR_NONE ||
		    history_listings(h, servers[i].id, 0, &a, &listings, &k, &err) != ERR_NONE)
			die(&err);
	}
	*points_ms = now_ms() - start;
	start = now_ms();
	for (size_t i = 0; i < n; i++) {
		struct digest *runs;
		struct changes c;
		if (history_runs(h, servers[i].id, 0, CHANGE_RUNS_MAX, &a, &runs, &k, &err) !=
		    ERR_NONE)
			die(&err);
		changes_of(runs, k, &change_policy_default, &a, &c);
		*n_changes += c.n;
	}
	*compare_ms = now_ms() - start;
	arena_fini(&a);
}

static double
forget(struct history *h, unsigned all, unsigned days)
{
	struct err err;
	double start = now_ms();

	if (history_forget(h, START + (int64_t)all * DAY, (int64_t)(all - days) * DAY, &err) !=
	    ERR_NONE)
		die(&err);
	return now_ms() - start;
}

static int
year(const char *path, unsigned servers, unsigned days)
{
	double slowest = 0, points_ms, compare_ms, start = now_ms();
	size_t n_changes = 0;
	struct history *h = open_history(path, HISTORY_WRITE);

	for (unsigned day = 0; day < days; day++) {
		double began = now_ms();
		add_day(h, servers, day);
		double took = now_ms() - began;
		slowest = took > slowest ? took : slowest;
	}
	double all_ms = now_ms() - start;
	history_close(h);
	long long size = size_of(path);
	h = open_history(path, HISTORY_READ);
	read_year(h, &points_ms, &compare_ms, &n_changes);
	history_close(h);
	h = open_history(path, HISTORY_WRITE);
	double day_ms = forget(h, days, 1);
	double half_ms = forget(h, days, days / 2);
	history_close(h);
	printf("%u servers, %u daily runs: %lld bytes\n", servers, days, size);
	printf("store a run: %.1f ms mean, %.1f ms slowest\n", all_ms / days, slowest);
	printf("timelines, spans and listings of all: %.1f ms\n", points_ms);
	printf("last runs of all, and their changes: %.1f ms, %zu changes\n", compare_ms,
	    n_changes);
	printf("forget a day: %.1f ms; half: %.1f ms, %lld bytes left\n", day_ms, half_ms,
	    size_of(path));
	return 0;
}

static int
add(const char *path, unsigned n, unsigned from)
{
	struct history *h = open_history(path, HISTORY_WRITE);

	for (unsigned i = from; i < from + n; i++) {
		add_day(h, 3, i);
		printf("%u\n", i);
		fflush(stdout);
	}
	history_close(h);
	return 0;
}

static int
show(const char *path)
{
	struct history *h = open_history(path, HISTORY_READ);
	struct history_server *servers;
	struct arena a;
	struct err err;
	size_t n, runs = 0, standing = 0;
	int64_t last_s = 0;

	arena_init(&a);
	if (history_servers(h, NULL, &a, &servers, &n, &err) != ERR_NONE)
		die(&err);
	for (size_t i = 0; i < n; i++) {
		struct history_span *spans;
		struct digest *all;
		size_t k;
		if (history_spans(h, servers[i].id, 0, &a, &spans, &k, &err) != ERR_NONE)
			die(&err);
		while (k > 0)
			standing += spans[--k].standing;
		if (history_runs(h, servers[i].id, 0, SIZE_MAX, &a, &all, &k, &err) != ERR_NONE)
			die(&err);
		runs += k;
		last_s = servers[i].last_s > last_s ? servers[i].last_s : last_s;
	}
	printf("%zu %zu %zu %" PRId64 "\n", n, runs, standing, last_s);
	arena_fini(&a);
	history_close(h);
	return 0;
}

int
main(int argc, char **argv)
{
	unsigned first = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	unsigned second = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;

	if (argc > 2 && strcmp(argv[1], "year") == 0)
		return year(argv[2], first > 0 ? first : 50, second > 0 ? second : 365);
	if (argc > 3 && strcmp(argv[1], "add") == 0)
		return add(argv[2], first, second);
	if (argc > 2 && strcmp(argv[1], "show") == 0)
		return show(argv[2]);
	fprintf(stderr, "usage: history_drive year|add|show FILE [N [N]]\n");
	return 64;
}
