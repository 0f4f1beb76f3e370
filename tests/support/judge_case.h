/*
 * Cases of the judges: facts in JSON, expected findings.  One file holds an array of cases:
 *
 *   {"name": "...",
 *    "target": {"address": "192.0.2.1", "ehlo": "", "host": "", "domain": ""},
 *    "policy": {"smtp": false, "smtp_port": 25, "allow_special": true, "offline": false,
 *               "authority": "never", "now_s": 0, "lists": "text of a catalogue"},
 *    "dns": [["PTR", "1.2.0.192.in-addr.arpa", "found", ["mail.example"], {options}], ...],
 *    "smtp": {"status": "talked", "banner_name": "...", ...},
 *    "expect": ["ptr.found:pass", ...],
 *    "remedy": "part" or ["part", ...], "text", "why": the same,
 *    "not_remedy", "not_text", "not_why": parts that must not be there,
 *    "shown", "not_shown": parts of the text report, blanks and line ends written as one blank,
 *    "options": {"verbose": 0, "quiet": false}, of that report,
 *    "unwanted": ["A mail.example", ...],
 *    "with": ["iprev"],
 *    "view": {"ptr": {...}, "iprev": {...}, "generic": {...}, "ehlo": {...}}}
 *
 * The folder of a file names the check that judges; those of "report" run all checks, and may
 * leave "expect" out.  So do those of "preflight", which have in the place of "target"
 *
 *    "intent": "address = 192.0.2.1\nehlo = mail.example\n", of one address,
 *    "providers": ["huawei"], that have credentials,
 *    "items": ["forward:met", "ptr:missing", ...],
 *    "preflight", "not_preflight": parts of what is shown, blanks and line ends as one blank.
 *
 * What is given above as a default may be left out.  A row of "dns" is type, name, status, the
 * records' texts, and options: "chain" (array), "ttl", "soa_zone", "soa_mail", "negative_ttl",
 * "owner" (of the records), "server" (who answered), "at" (the server that is asked itself), "aa",
 * "planned", "ede", "ede_text", "unasked" (the row stands for what must not be asked).  "*60 text {N}"
 * stands for sixty texts, or for sixty rows in a name.
 *
 * "with" names checks that say what they want, too; "unwanted" are parts of keys of facts that must
 * not be asked for.
 *
 * The runner first lets the check say what it wants, gives it these facts, and asks anew as long as
 * a fact that is followed has arrived; a question that no row answers stays pending.  Every row must have been asked.
 */
#ifndef MAILREADY_TESTS_JUDGE_CASE_H
#define MAILREADY_TESTS_JUDGE_CASE_H

#include <jansson.h>
#include <stddef.h>

struct judge_case {
	const char *name;  /* "iprev/edges.json: edge-ok" */
	const char *check; /* "iprev": the folder of the file */
	json_t *json;      /* borrowed from the list's documents */
};

struct judge_cases {
	struct judge_case *list;
	size_t n, cap;
	json_t **documents;
	size_t n_documents, cap_documents;
};

/* All cases of DIR/<check>/<file>.json, sorted by path.  Fails the test when a file is broken. */
void judge_cases_load(struct judge_cases *cases, const char *dir);
void judge_cases_free(struct judge_cases *cases);

/* Runs one case; fails the current test with what differs. */
void judge_case_run(const struct judge_case *one);

#endif
