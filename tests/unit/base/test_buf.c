#include "base/buf.h"

#include "test.h"

static void
add_bytes(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

static void
fill_room(struct buf *b, const char *text)
{
	char *room = buf_room(b, strlen(text));
	for (size_t i = 0; room != NULL && text[i] != '\0'; i++)
		room[i] = text[i];
}

static void
put_each(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		buf_putc(b, *text);
}

static void
print(struct buf *b, const char *text)
{
	buf_printf(b, "%s", text);
}

static const struct writer {
	const char *name;
	void (*write)(struct buf *b, const char *text);
} writers[] = {
	{ "buf_add", add_bytes },
	{ "buf_room", fill_room },
	{ "buf_puts", buf_puts },
	{ "buf_printf", print },
};

static void
test_maximum_is_exact_and_the_error_sticks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(writers); i++) {
		ROW(writers[i].name);
		struct buf b;
		buf_init(&b, 6);
		writers[i].write(&b, "abc");
		writers[i].write(&b, "def");
		assert_false(b.failed);
		assert_string_equal(b.data, "abcdef");
		writers[i].write(&b, "g");
		assert_true(b.failed);
		writers[i].write(&b, "");
		assert_string_equal(b.data, "abcdef");
		assert_int_equal(b.len, 6);

		buf_reset(&b);
		assert_string_equal(b.data, "");
		writers[i].write(&b, "1234567");
		assert_true(b.failed);
		writers[i].write(&b, "1");
		assert_int_equal(b.len, 0);
		buf_fini(&b);
	}
}

static void
test_grows_to_any_maximum(void **state)
{
	(void)state;
	static const size_t maxima[] = { 0, 1, 63, 64, 65, 127, 128, 1000, 65536 };
	for (size_t i = 0; i < N_ELEMENTS(maxima); i++) {
		struct buf b;
		buf_init(&b, maxima[i]);
		for (size_t n = 0; n < maxima[i]; n++) {
			buf_putc(&b, (char)('a' + n % 26));
			assert_false(b.failed);
			assert_int_equal(b.len, n + 1);
			assert_int_equal(b.data[b.len], '\0');
			assert_true(b.cap > b.len);
			/* only the NUL may exceed it */
			assert_true(b.cap <= maxima[i] + 1);
		}
		buf_putc(&b, '!');
		assert_true(b.failed);
		assert_int_equal(b.len, maxima[i]);
		for (size_t n = 0; n < maxima[i]; n++)
			assert_int_equal(b.data[n], 'a' + n % 26);
		buf_fini(&b);
	}
}

static void
test_no_limit_at_all(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, SIZE_MAX);
	put_each(&b, "abc");
	buf_printf(&b, "%300d", 5);
	assert_int_equal(b.len, 303);
	assert_false(b.failed);
	buf_fini(&b);
}

static void
test_binary_content(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	buf_add(&b, "a\0b", 3);
	buf_add(&b, NULL, 0);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "a\0b", 4);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maximum_is_exact_and_the_error_sticks),
		cmocka_unit_test(test_grows_to_any_maximum),
		cmocka_unit_test(test_no_limit_at_all),
		cmocka_unit_test(test_binary_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
