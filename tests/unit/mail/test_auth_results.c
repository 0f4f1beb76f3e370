/* Authentication-Results as receivers write them (RFC 8601 appendix B, and what large ones do). */
#include "mail/auth_results.h"

#include "base/arena.h"
#include "test.h"

static const struct {
	const char *name, *text;
	const char *server;
	const char *results; /* "spf=pass smtp.mailfrom=example.com; ..." */
} rows[] = {
	{ "RFC 8601 B.2", " example.org 1; none", "example.org", "" },
	{ "B.3", "example.com;\r\n spf=pass smtp.mailfrom=example.net", "example.com",
	    "spf=pass smtp.mailfrom=example.net" },
	{ "B.4",
	    "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net;\n spf=pass "
	    "smtp.mailfrom=example.net",
	    "example.com",
	    "auth=pass smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net" },
	{ "B.7, comments and blanks everywhere",
	    "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait "
	    "for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised "
	    "me) = (as I wasn't expecting it) 1362471462",
	    "foo.example.net", "dkim=fail policy.expired=1362471462" },
	{ "a version", "mx.example; DKIM/1=PASS header.d=a.example", "mx.example",
	    "dkim=pass header.d=a.example" },
	{ "Gmail",
	    "mx.google.com;\r\n       dkim=pass header.i=@example.com header.s=s1 "
	    "header.b=\"a/b+c=\";\r\n       spf=pass (google.com: domain of x@example.com "
	    "designates 203.0.113.25 as permitted sender) smtp.mailfrom=x@example.com;\r\n       "
	    "dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.com",
	    "mx.google.com",
	    "dkim=pass header.i=@example.com header.s=s1 header.b=a/b+c=; spf=pass "
	    "smtp.mailfrom=x@example.com; dmarc=pass header.from=example.com" },
	{ "Microsoft, without a server",
	    "spf=pass (sender IP is 203.0.113.25)\r\n smtp.mailfrom=example.com; dkim=none "
	    "(message "
	    "not signed)\r\n header.d=none;dmarc=bestguesspass action=none "
	    "header.from=example.com;compauth=pass reason=109",
	    "",
	    "spf=pass smtp.mailfrom=example.com; dkim=none header.d=none; dmarc=bestguesspass "
	    "action=none header.from=example.com; compauth=pass (109)" },
	{ "a reason in quotes",
	    "mx.example; dkim=fail reason=\"body hash; did not verify\" header.d=a.example",
	    "mx.example", "dkim=fail header.d=a.example (body hash; did not verify)" },
	{ "not of the form", "mx.example; nonsense; spf=; =pass; spf=pass", "mx.example",
	    "spf=pass" },
	{ "nothing", "", "", "" },
	{ "semicolons alone", ";;;", "", "" },
	{ "a comment that does not end", "mx.example; spf=pass (x", "mx.example", "spf=pass" },
};

static void
test_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct auth_results r;
		const char *said = "";
		ROW(rows[i].name);
		arena_init(&a);
		auth_results_read(&a, rows[i].text, strlen(rows[i].text), &r);
		assert_string_equal(r.server, rows[i].server);
		for (size_t k = 0; k < r.n; k++) {
			const struct auth_result *x = &r.list[k];
			said = arena_printf(&a, "%s%s%s=%s", said, k > 0 ? "; " : "", x->method,
			    x->result);
			for (size_t p = 0; p < x->n_properties; p++)
				said = arena_printf(&a, "%s %s=%s", said, x->properties[p].name,
				    x->properties[p].value);
			if (x->reason[0] != '\0')
				said = arena_printf(&a, "%s (%s)", said, x->reason);
		}
		assert_string_equal(said, rows[i].results);
		arena_fini(&a);
	}
}

static void
test_limits(void **state)
{
	struct arena a;
	struct auth_results r;
	const char *text = "x; a=b";
	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < AUTH_PROPERTIES_MAX + 5; i++)
		text = arena_printf(&a, "%s p.q=r", text);
	for (size_t i = 0; i < AUTH_RESULTS_MAX + 5; i++)
		text = arena_printf(&a, "%s; m=r", text);
	auth_results_read(&a, text, strlen(text), &r);
	assert_int_equal(r.n, AUTH_RESULTS_MAX);
	assert_int_equal(r.list[0].n_properties, AUTH_PROPERTIES_MAX);
	assert_string_equal(auth_property(&r.list[0], "p.q"), "r");
	assert_string_equal(auth_property(&r.list[0], "p.x"), "");
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
