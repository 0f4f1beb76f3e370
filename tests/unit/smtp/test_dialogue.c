#include "test.h"

#include "base/arena.h"
#include "smtp/dialogue.h"

static void
test_tables(void **state)
{
	(void)state;
	assert_true(enumtab_is_sound(&smtp_status_names));
	assert_true(enumtab_is_sound(&smtp_tls_names));
	for (int code = SMTP_PENDING; code <= SMTP_NOT_ASKED; code++)
		assert_string_not_equal(enumtab_name(&smtp_status_names, code), "unknown");
	assert_int_equal(smtp_tls_names.n, SMTP_TLS_DONE + 1);
}

static void
test_copy_is_deep(void **state)
{
	(void)state;
	char text[] = "mx1.test.example";
	const char *list[] = { text, text };
	struct smtp_dialogue from = smtp_dialogue_pending;
	from.status = SMTP_TALKED;
	from.banner = from.banner_name = from.ehlo_name = from.error = from.our_name = text;
	from.tls_name = from.tls_version = from.tls_cipher = from.tls_exchange = text;
	from.tls_error = from.cert.issuer = from.cert.chain_error = text;
	from.cert.key = from.cert.signature = text;
	from.cert.weak = from.cert.expired = (struct smtp_chain_fault){ 1, text, text };
	from.capabilities = from.cert.names = list;
	from.n_capabilities = from.cert.n_names = 2;
	struct arena a;
	arena_init(&a);
	struct smtp_dialogue *copy = smtp_dialogue_copy(&a, &from);
	memset(text, 'x', 3);
	list[0] = list[1] = "";
	const char *const copied[] = { copy->banner, copy->banner_name, copy->ehlo_name,
		copy->error, copy->our_name, copy->tls_name, copy->tls_version, copy->tls_cipher,
		copy->tls_error, copy->cert.issuer, copy->cert.chain_error, copy->capabilities[0],
		copy->capabilities[1], copy->cert.names[0], copy->cert.names[1] };
	for (size_t i = 0; i < N_ELEMENTS(copied); i++)
		assert_string_equal(copied[i], "mx1.test.example");
	assert_int_equal(copy->status, SMTP_TALKED);
	arena_fini(&a);
}

/* A dialogue made by hand may leave texts out; readers never see NULL. */
static void
test_copy_fills_texts(void **state)
{
	(void)state;
	struct smtp_dialogue from = { .status = SMTP_CLOSED };
	struct arena a;
	arena_init(&a);
	struct smtp_dialogue *copy = smtp_dialogue_copy(&a, &from);
	const char *const texts[] = { copy->banner, copy->banner_name, copy->ehlo_name, copy->error,
		copy->our_name, copy->tls_name, copy->tls_version, copy->tls_cipher,
		copy->tls_exchange, copy->tls_error, copy->cert.issuer, copy->cert.key,
		copy->cert.signature, copy->cert.chain_error, copy->cert.weak.detail,
		copy->cert.expired.detail };
	for (size_t i = 0; i < N_ELEMENTS(texts); i++)
		assert_string_equal(texts[i], "");
	assert_int_equal(copy->n_capabilities, 0);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_copy_is_deep),
		cmocka_unit_test(test_copy_fills_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
