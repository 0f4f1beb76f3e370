/* Signatures against vectors that the vendor's own signers made. */
#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "provider/huawei/sign_priv.h"
#include "test.h"

static const char *
text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	assert_non_null(value);
	return value;
}

static void
check_vector(const json_t *vector)
{
	const json_t *input = json_object_get(vector, "input");
	struct http_request r = { .method = text(input, "method"),
		.url = text(vector, "wire_url"),
		.body = text(input, "body") };
	struct arena a;
	ROW(text(vector, "name"));
	arena_init(&a);
	r.body_len = strlen(r.body);
	const char *name;
	json_t *value;
	json_object_foreach (json_object_get(input, "headers"), name, value) {
		http_header(&r, name, json_string_value(value));
	}
	struct huawei_signature s = huawei_sign(&r, text(input, "ak"), text(input, "sk"), &a);
	assert_string_equal(s.canonical, text(vector, "canonical_request"));
	assert_string_equal(s.to_sign, text(vector, "string_to_sign"));
	assert_string_equal(s.authorization, text(vector, "authorization"));
	arena_fini(&a);
}

static void
test_vectors(void **state)
{
	(void)state;
	struct err err = { 0 };
	json_t *doc = json_read_file("tests/provider/huawei-signing-vectors.json", 1 << 20, &err);
	assert_non_null(doc);
	const json_t *vectors = json_object_get(doc, "vectors");
	assert_int_equal(json_array_size(vectors), 21);
	for (size_t i = 0; i < json_array_size(vectors); i++)
		check_vector(json_array_get(vectors, i));
	json_decref(doc);
}

/* What a vector cannot hold: bodies that are absent, odd queries, implied ports. */
static const struct {
	const char *name;
	const char *url;
	const char *body;
	const char *canonical; /* up to the signed headers */
} shapes[] = {
	{ "port 443 is implied by https", "https://h.example:443/a", NULL,
	    "GET\n/a/\n\nhost:h.example\n" },
	{ "port 80 is not implied by https", "https://h.example:80/a", NULL,
	    "GET\n/a/\n\nhost:h.example:80\n" },
	{ "port 80 is implied by http", "http://127.0.0.1:80/", NULL,
	    "GET\n/\n\nhost:127.0.0.1\n" },
	{ "no path at all", "https://h.example?x=1", NULL, "GET\n/\nx=1\nhost:h.example\n" },
	{ "name without value, empty piece", "https://h.example/?b&&a=", NULL,
	    "GET\n/\na=&b=\nhost:h.example\n" },
	{ "broken escapes are bytes", "https://h.example/?a=%4&b=%zz", "",
	    "GET\n/\na=%254&b=%25zz\nhost:h.example\n" },
	{ "an equals sign in a value", "https://h.example/?a=b=c", "",
	    "GET\n/\na=b%3Dc\nhost:h.example\n" },
};

static void
test_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(shapes); i++) {
		struct http_request r = { .method = "GET",
			.url = shapes[i].url,
			.body = shapes[i].body };
		struct arena a;
		ROW(shapes[i].name);
		arena_init(&a);
		http_header(&r, "X-Sdk-Date", " 20260115T080910Z\t");
		http_header(&r, "X-Blank", " \t");
		struct huawei_signature s = huawei_sign(&r, "AK", "SK", &a);
		assert_memory_equal(s.canonical, shapes[i].canonical, strlen(shapes[i].canonical));
		assert_non_null(strstr(s.canonical, "\nx-blank:\nx-sdk-date:20260115T080910Z\n\n"));
		assert_non_null(
		    strstr(s.canonical, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b93"));
		arena_fini(&a);
	}
}

static void
test_date(void **state)
{
	(void)state;
	char date[WHEN_TEXT_MAX];
	assert_string_equal(when_compact(1768464554, date), "20260115T080914Z");
	assert_string_equal(when_compact(0, date), "19700101T000000Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
