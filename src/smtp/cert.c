/* What a server's certificate shows, and whether today's clients verify its chain. */
#include "smtp/cert_priv.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/when.h"

enum { NAME_LINE_MAX = 256 };

static int64_t
seconds(const ASN1_TIME *when)
{
	struct tm tm;
	return ASN1_TIME_to_tm(when, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

/* A NUL byte inside a name has been used to forge names: such an entry names nothing. */
static void
add_name(struct smtp_cert *cert, struct arena *a, const unsigned char *text, int len)
{
	if (len <= 0 || memchr(text, '\0', (size_t)len) != NULL)
		return;
	if (cert->n_names < SMTP_CERT_NAMES_MAX)
		cert->names[cert->n_names++] = arena_strndup(a, (const char *)text, (size_t)len);
}

static void
add_alt_names(struct smtp_cert *cert, struct arena *a, X509 *x)
{
	GENERAL_NAMES *alt = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(alt); i++) {
		const GENERAL_NAME *entry = sk_GENERAL_NAME_value(alt, i);
		if (entry->type == GEN_DNS)
			add_name(cert, a, ASN1_STRING_get0_data(entry->d.dNSName),
			    ASN1_STRING_length(entry->d.dNSName));
	}
	GENERAL_NAMES_free(alt);
}

/* RFC 6125 6.4.4: the common name counts only when there is no dNSName. */
static void
add_common_name(struct smtp_cert *cert, struct arena *a, X509 *x)
{
	X509_NAME *subject = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (at < 0)
		return;
	ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, value);
	add_name(cert, a, utf8, len);
	OPENSSL_free(utf8);
}

static const char *
name_text(const X509_NAME *name, struct arena *a)
{
	BIO *out = BIO_new(BIO_s_mem());
	if (out == NULL)
		return "";
	X509_NAME_print_ex(out, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
	char text[NAME_LINE_MAX];
	int n = BIO_read(out, text, sizeof text);
	BIO_free(out);
	return n > 0 ? arena_strndup(a, text, (size_t)n) : "";
}

const char *
cert_key_text(EVP_PKEY *key, struct arena *a)
{
	const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
	return type != NULL ? arena_printf(a, "%s %d bits", type, EVP_PKEY_get_bits(key)) : "";
}

static const char *
signature_text(const X509 *x)
{
	const char *text = OBJ_nid2ln(X509_get_signature_nid(x));
	return text != NULL ? text : "";
}

/* What is known of a chain, as far as it has been verified. */
struct chain {
	STACK_OF(X509) * sent;
	struct arena *arena;
	int error; /* the first that is not one of the two below; X509_V_OK */
	struct smtp_chain_fault weak, expired;
};

static bool
is_sent(const struct chain *c, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(c->sent); i++)
		if (X509_cmp(sk_X509_value(c->sent, i), x) == 0)
			return true;
	return false;
}

static void
keep_fault(struct chain *c, struct smtp_chain_fault *fault, const X509 *x, int depth,
    const char *detail)
{
	if (fault->detail[0] != '\0')
		return;
	*fault = (struct smtp_chain_fault){ .depth = depth,
		.subject = name_text(X509_get_subject_name(x), c->arena),
		.detail = detail };
}

/* The end of a certificate that the server sends is its owner's affair, not this machine's. */
static void
keep_error(struct chain *c, int error, int depth, X509 *x)
{
	bool key = error == X509_V_ERR_EE_KEY_TOO_SMALL || error == X509_V_ERR_CA_KEY_TOO_SMALL;
	char day[WHEN_TEXT_MAX];
	if (key)
		keep_fault(c, &c->weak, x, depth, cert_key_text(X509_get0_pubkey(x), c->arena));
	else if (error == X509_V_ERR_CA_MD_TOO_WEAK)
		keep_fault(c, &c->weak, x, depth, signature_text(x));
	else if (error == X509_V_ERR_CERT_HAS_EXPIRED && is_sent(c, x))
		keep_fault(c, &c->expired, x, depth,
		    arena_strdup(c->arena, when_day(seconds(X509_get0_notAfter(x)), day)));
	else if (c->error == X509_V_OK)
		c->error = error;
}

/*
 * Always continues.  The dates of the server's own certificate are judged later against the clock
 * of the run, so that a chain that is good but for them is not called bad.
 */
static int
on_verify(int ok, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);
	bool own_dates = depth == 0 &&
	    (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID);
	if (!ok && !own_dates)
		keep_error(X509_STORE_CTX_get_app_data(ctx), error, depth,
		    X509_STORE_CTX_get_current_cert(ctx));
	/* or OpenSSL takes an error that was passed over for the reason that there is no issuer */
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	return 1;
}

/* The system's directory of certificates: each is read when it is needed.  SSL_CERT_DIR. */
static bool
load_directory(X509_STORE *store)
{
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
	return lookup != NULL && X509_LOOKUP_add_dir(lookup, NULL, X509_FILETYPE_DEFAULT) == 1;
}

/* The system's file of certificates: all are read, which takes some 30 ms.  SSL_CERT_FILE. */
static bool
load_file(X509_STORE *store)
{
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	return lookup != NULL && X509_LOOKUP_load_file(lookup, NULL, X509_FILETYPE_DEFAULT) == 1;
}

static struct chain
verify_with(X509 *x, STACK_OF(X509) * sent, bool (*load)(X509_STORE *), struct arena *a)
{
	static const struct smtp_chain_fault none = { .subject = "", .detail = "" };
	struct chain c = { .sent = sent, .arena = a, .weak = none, .expired = none };
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	if (store == NULL || ctx == NULL || !load(store) ||
	    X509_STORE_CTX_init(ctx, store, x, sent) != 1 ||
	    X509_STORE_CTX_set_default(ctx, "ssl_server") != 1) {
		c.error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	} else {
		X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(ctx), CLIENT_LEVEL);
		X509_STORE_CTX_set_app_data(ctx, &c);
		X509_STORE_CTX_set_verify_cb(ctx, on_verify);
		/* on_verify lets everything pass: it ends early where OpenSSL itself fails */
		if (X509_verify_cert(ctx) != 1 && c.error == X509_V_OK)
			c.error = X509_V_ERR_UNSPECIFIED;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return c;
}

/*
 * The directory answers for most chains without reading the file.  When neither does, the reason
 * counts that comes from more than a missing issuer.
 */
static struct chain
verify(X509 *x, STACK_OF(X509) * sent, struct arena *a)
{
	struct chain in_directory = verify_with(x, sent, load_directory, a);
	if (in_directory.error == X509_V_OK)
		return in_directory;
	struct chain in_file = verify_with(x, sent, load_file, a);
	bool missing = in_directory.error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	return in_file.error == X509_V_OK || missing ? in_file : in_directory;
}

void
cert_facts(X509 *x, STACK_OF(X509) * sent, struct arena *a, struct smtp_cert *out)
{
	out->names = arena_array(a, SMTP_CERT_NAMES_MAX, sizeof *out->names);
	add_alt_names(out, a, x);
	if (out->n_names == 0)
		add_common_name(out, a, x);
	out->not_before_s = seconds(X509_get0_notBefore(x));
	out->not_after_s = seconds(X509_get0_notAfter(x));
	out->issuer = name_text(X509_get_issuer_name(x), a);
	out->key = cert_key_text(X509_get0_pubkey(x), a);
	out->signature = signature_text(x);
	out->self_signed = X509_self_signed(x, 0) == 1;
	struct chain c = verify(x, sent, a);
	out->weak = c.weak;
	out->expired = c.expired;
	out->chain_good = c.error == X509_V_OK && c.weak.detail[0] == '\0' &&
	    c.expired.detail[0] == '\0';
	out->chain_error = c.error == X509_V_OK ? "" : X509_verify_cert_error_string(c.error);
}
