/* A message in a dump: what comes back is what went in, and what nobody wrote is refused. */
#include "mail/message_json.h"

#include "base/arena.h"
#include "test.h"

static const char text[] =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple; d=example.com; s=s1; h=from:from; "
    "t=1;\r\n"
    " x=9999999999; l=3; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
    "DKIM-Signature: v=1; a=rsa-sha1\r\n"
    "Return-Path: <>\r\n"
    "From: A <a@example.com>\r\n"
    "no field\r\n"
    "\r\n"
    "body\n";

static void
test_round_trip(void **state)
{
	(void)state;
	struct arena a;
	struct err err;
	struct message m;
	arena_init(&a);
	struct message_reader *reader = message_begin(&a);
	assert_int_equal(message_add(reader, text, strlen(text), &err), ERR_NONE);
	assert_int_equal(message_end(reader, &m, &err), ERR_NONE);
	json_t *first = message_json(&m);
	struct json_reader r = { .err = &err };
	const struct message *back = message_load(&r, first, &a);
	assert_false(r.failed);
	assert_int_equal(back->n_signatures, 2);
	assert_string_equal(back->signatures[0].dkim.domain, "example.com");
	assert_true(back->signatures[0].dkim.has_length && back->signatures[0].from_sealed);
	assert_true(back->has_return_path && back->return_path.n == 0);
	assert_int_equal(back->bad_line, 6);
	json_t *again = message_json(back);
	assert_true(json_equal(first, again));
	json_decref(first);
	json_decref(again);
	arena_fini(&a);
}

static const struct {
	const char *name, *json;
} bad[] = {
	{ "empty", "{}" },
	{ "no From", "{\"signatures\":[]}" },
	{ "a number for a name", "{\"signatures\":[],\"from\":{\"domains\":[1]}}" },
	{ "not a name", "{\"signatures\":[],\"from\":{\"domains\":[\"a..b\"]}}" },
	{ "a bare signature", "{\"signatures\":[{}],\"from\":{\"domains\":[]}}" },
	{ "a signature without a fault that cannot be verified",
	    "{\"signatures\":[{\"algorithm\":\"rsa-sha256\",\"body\":\"same\",\"digest\":"
	    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\"signature\":\"AAAA\"}],"
	    "\"from\":{\"domains\":[]}}" },
	{ "a short digest",
	    "{\"signatures\":[{\"fault\":\"x\",\"algorithm\":\"rsa-sha256\",\"body\":\"same\","
	    "\"digest\":"
	    "\"AAAA\",\"signature\":\"AAAA\"}],\"from\":{\"domains\":[]}}" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
		struct arena a;
		struct err err = { .code = ERR_NONE };
		struct json_reader r = { .err = &err };
		ROW(bad[i].name);
		arena_init(&a);
		json_t *json = json_read(bad[i].json, strlen(bad[i].json), &err);
		assert_non_null(json);
		message_load(&r, json, &a);
		assert_true(r.failed);
		assert_int_equal(err.code, ERR_DATA);
		json_decref(json);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
