/* SMTP dialogues as values: their words, and copies of them. */
#include "smtp/dialogue.h"

#include "base/arena.h"

static const struct enumtab_row status_rows[] = {
	{ "pending", SMTP_PENDING },
	{ "talked", SMTP_TALKED },
	{ "closed", SMTP_CLOSED },
	{ "filtered", SMTP_FILTERED },
	{ "unreachable", SMTP_UNREACHABLE },
	{ "silent", SMTP_SILENT },
	{ "broken", SMTP_BROKEN },
	{ "not-asked", SMTP_NOT_ASKED },
};
const struct enumtab smtp_status_names = ENUMTAB(status_rows);

static const struct enumtab_row tls_rows[] = {
	{ "unknown", SMTP_TLS_UNKNOWN },
	{ "not-offered", SMTP_TLS_NOT_OFFERED },
	{ "refused", SMTP_TLS_REFUSED },
	{ "failed", SMTP_TLS_FAILED },
	{ "done", SMTP_TLS_DONE },
};
const struct enumtab smtp_tls_names = ENUMTAB(tls_rows);

const struct smtp_dialogue smtp_dialogue_pending = {
	.error = "",
	.our_name = "",
	.banner = "",
	.banner_name = "",
	.ehlo_name = "",
	.tls_name = "",
	.tls_version = "",
	.tls_cipher = "",
	.tls_error = "",
	.tls_exchange = "",
	.cert = {
		.issuer = "",
		.key = "",
		.signature = "",
		.chain_error = "",
		.weak = { .subject = "", .detail = "" },
		.expired = { .subject = "", .detail = "" },
	},
};

static const char **
copy_strings(struct arena *a, const char *const *from, size_t n)
{
	const char **out = arena_array(a, n, sizeof *out);
	for (size_t i = 0; i < n; i++)
		out[i] = arena_strdup(a, from[i]);
	return out;
}

/* Dialogues made by hand or loaded from a file may leave texts out. */
static void
copy_text(struct arena *a, const char **text)
{
	*text = *text != NULL ? arena_strdup(a, *text) : "";
}

struct smtp_dialogue *
smtp_dialogue_copy(struct arena *a, const struct smtp_dialogue *from)
{
	struct smtp_dialogue *d = arena_alloc(a, sizeof *d);
	*d = *from;
	const char **texts[] = {
		&d->error,
		&d->our_name,
		&d->banner,
		&d->banner_name,
		&d->ehlo_name,
		&d->tls_name,
		&d->tls_version,
		&d->tls_cipher,
		&d->tls_exchange,
		&d->tls_error,
		&d->cert.issuer,
		&d->cert.key,
		&d->cert.signature,
		&d->cert.chain_error,
		&d->cert.weak.subject,
		&d->cert.weak.detail,
		&d->cert.expired.subject,
		&d->cert.expired.detail,
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		copy_text(a, texts[i]);
	d->capabilities = copy_strings(a, from->capabilities, from->n_capabilities);
	d->cert.names = copy_strings(a, from->cert.names, from->cert.n_names);
	return d;
}
