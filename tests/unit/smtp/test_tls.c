#include "test.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "net/loop.h"
#include "smtp_server.h"

enum { DAY_S = 86400, LONG_US = 10 * 1000 * 1000 };

/* A key and certificates made when the tests start. */
static EVP_PKEY *ca_key, *leaf_key;
static X509 *ca;
static int64_t start_s;
static char ca_path[] = "/tmp/mailready-test-ca-XXXXXX";

/* What the scripted TLS server presents. */
struct presented {
	const char *names; /* subjectAltName; NULL: none */
	const char *cn;
	int from_days, to_days;
	bool self_signed;
	bool unknown_issuer;
	int max_version;       /* 0: any */
	unsigned rsa_bits;     /* of its key; 0: a good EC key */
	bool sha1;             /* signed with it */
	bool dh_1024;          /* the key exchange */
	int between_days;      /* an intermediate certificate ends then; 0: there is none */
	const char *wants_sni; /* NULL: does not care */
};

static void
set_name(X509_NAME *name, const char *cn)
{
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
}

static X509 *
new_cert(const char *cn, int from_days, int to_days, EVP_PKEY *key)
{
	static long serial = 1;
	X509 *x = X509_new();
	assert_non_null(x);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)(start_s + from_days * DAY_S));
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(start_s + to_days * DAY_S));
	X509_set_pubkey(x, key);
	set_name(X509_get_subject_name(x), cn);
	return x;
}

static void
extend(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(ext);
	X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
}

static void
sign(X509 *x, const X509_NAME *issuer, EVP_PKEY *key, const EVP_MD *digest)
{
	X509_set_issuer_name(x, issuer);
	assert_true(X509_sign(x, key, digest) > 0);
}

static X509 *
make_ca(const char *cn, int to_days, const char *issuer, EVP_PKEY *key)
{
	X509 *x = new_cert(cn, -90, to_days, key);
	extend(x, NID_basic_constraints, "critical,CA:TRUE");
	X509_NAME *name = X509_NAME_new();
	set_name(name, issuer);
	sign(x, name, ca_key, EVP_sha256());
	X509_NAME_free(name);
	return x;
}

static X509 *
make_leaf(const struct presented *p)
{
	X509 *x = new_cert(p->cn, p->from_days, p->to_days, leaf_key);
	if (p->names != NULL)
		extend(x, NID_subject_alt_name, p->names);
	if (p->self_signed) {
		sign(x, X509_get_subject_name(x), leaf_key, EVP_sha256());
		return x;
	}
	X509_NAME *issuer = X509_NAME_new();
	set_name(issuer,
	    p->unknown_issuer        ? "Nobody's CA" :
		p->between_days != 0 ? "Between CA" :
				       "Test CA");
	sign(x, issuer, ca_key, p->sha1 ? EVP_sha1() : EVP_sha256());
	X509_NAME_free(issuer);
	return x;
}

static int
check_sni(SSL *ssl, int *alert, void *arg)
{
	(void)alert;
	const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	return sni != NULL && strcmp(sni, arg) == 0 ? SSL_TLSEXT_ERR_OK :
						      SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* RFC 2409 6.2: what servers used before 2015 (Logjam). */
static void
set_dh_1024(SSL_CTX *ctx)
{
	EVP_PKEY *params = NULL;
	EVP_PKEY_CTX *making = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *p = BN_get_rfc2409_prime_1024(NULL), *g = BN_new();
	BN_set_word(g, 2);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g);
	OSSL_PARAM *list = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_fromdata_init(making);
	EVP_PKEY_fromdata(making, &params, EVP_PKEY_KEY_PARAMETERS, list);
	SSL_CTX_set0_tmp_dh_pkey(ctx, params);
	SSL_CTX_set_cipher_list(ctx, "DHE:@SECLEVEL=0");
	SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
	OSSL_PARAM_free(list);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(making);
	BN_free(p);
	BN_free(g);
}

static SSL_CTX *
server_context(const struct presented *p)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(ctx, 0);
	/* the server is a process of its own: it may change what is the tests' */
	if (p->rsa_bits != 0)
		leaf_key = EVP_RSA_gen(p->rsa_bits);
	if (p->between_days != 0)
		SSL_CTX_add_extra_chain_cert(ctx,
		    make_ca("Between CA", p->between_days, "Test CA", ca_key));
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, p->max_version);
	X509 *leaf = make_leaf(p);
	SSL_CTX_use_certificate(ctx, leaf);
	SSL_CTX_use_PrivateKey(ctx, leaf_key);
	X509_free(leaf);
	if (p->dh_1024)
		set_dh_1024(ctx);
	if (p->wants_sni != NULL) {
		SSL_CTX_set_tlsext_servername_callback(ctx, check_sni);
		SSL_CTX_set_tlsext_servername_arg(ctx, (void *)(uintptr_t)p->wants_sni);
	}
	return ctx;
}

static void
talk_tls(int fd, const struct presented *p)
{
	SSL_CTX *ctx = server_context(p);
	SSL *ssl = SSL_new(ctx);
	SSL_set_fd(ssl, fd);
	char line[512];
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, line, sizeof line) > 0) {
		SSL_write(ssl, "250 mx1.test.example\r\n", 22);
		SSL_read(ssl, line, sizeof line);
		SSL_write(ssl, "221 bye\r\n", 9);
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
}

static void
serve_tls(int fd, const void *arg)
{
	server_offer_starttls(fd);
	server_say(fd, "220 2.0.0 go\r\n");
	talk_tls(fd, arg);
}

static void
serve_injection(int fd, const void *arg)
{
	server_offer_starttls(fd);
	server_say(fd, "220 2.0.0 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n");
	talk_tls(fd, arg);
}

static const struct tls_row {
	const char *name;
	struct presented presented;
	const char *server_name; /* by which the server is known */
	server_fn *serve;
	enum smtp_tls tls;
	const char *version; /* NULL: any */
	size_t n_names;
	const char *first_name;
	bool chain_good, self_signed;
	const char *chain_error;
	const char *exchange; /* NULL: any */
	bool tls_weak;
	const char *weak, *expired_subject;
	int expired_depth;
	unsigned notes;
} tls_rows[] = {
	{ "good",
	    .presented = { "DNS:mx1.test.example,DNS:*.test.example", "mx1", -1, 30,
		.wants_sni = NULL },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .version = "TLSv1.3", .n_names = 2,
	    .first_name = "mx1.test.example", .chain_good = true },
	{ "common name only", .presented = { NULL, "mx1.test.example", -1, 30, .wants_sni = NULL },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1,
	    .first_name = "mx1.test.example", .chain_good = true },
	{ "address in the certificate is not a name",
	    .presented = { "IP:127.0.0.1", "x.example", -1, 30, .wants_sni = NULL },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "x.example",
	    .chain_good = true },
	{ "expired, chain good but for that",
	    .presented = { "DNS:a.example", "a", -30, -1, .wants_sni = NULL }, .serve = serve_tls,
	    .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example", .chain_good = true },
	{ "not yet valid", .presented = { "DNS:a.example", "a", 1, 30, .wants_sni = NULL },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .chain_good = true },
	{ "self-signed", .presented = { "DNS:a.example", "a", -1, 30, .self_signed = true },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .self_signed = true, .chain_error = "self" },
	{ "unknown issuer", .presented = { "DNS:a.example", "a", -1, 30, .unknown_issuer = true },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .chain_error = "issuer" },
	{ "expired and self-signed",
	    .presented = { "DNS:a.example", "a", -9, -1, .self_signed = true }, .serve = serve_tls,
	    .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example", .self_signed = true,
	    .chain_error = "self" },
	{ "TLS 1.2", .presented = { "DNS:a.example", "a", -1, 30, .max_version = TLS1_2_VERSION },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .version = "TLSv1.2", .n_names = 1,
	    .first_name = "a.example", .chain_good = true },
	{ "TLS 1.0", .presented = { "DNS:a.example", "a", -1, 30, .max_version = TLS1_VERSION },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .version = "TLSv1", .n_names = 1,
	    .first_name = "a.example", .chain_good = true },
	{ "server name is sent",
	    .presented = { "DNS:a.example", "a", -1, 30, .wants_sni = "mx1.test.example" },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .chain_good = true },
	{ "SNI is the name by which the server is known, final dot and all",
	    .server_name = "b.example.",
	    .presented = { "DNS:b.example", "b", -1, 30, .wants_sni = "b.example" },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "b.example",
	    .chain_good = true },
	{ "server wants another name",
	    .presented = { "DNS:a.example", "a", -1, 30, .wants_sni = "b.example" },
	    .serve = serve_tls, .tls = SMTP_TLS_FAILED },
	{ "DH of 1024 bits",
	    .presented = { "DNS:a.example", "a", -1, 30, .rsa_bits = 2048, .dh_1024 = true },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .version = "TLSv1.2", .n_names = 1,
	    .first_name = "a.example", .chain_good = true, .exchange = "DH 1024 bits",
	    .tls_weak = true },
	{ "RSA of 1024 bits", .presented = { "DNS:a.example", "a", -1, 30, .rsa_bits = 1024 },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .weak = "RSA 1024 bits" },
	{ "RSA of 1024 bits, signed by nobody",
	    .presented = { "DNS:a.example", "a", -1, 30, .rsa_bits = 1024, .unknown_issuer = true },
	    .serve = serve_tls, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .chain_error = "issuer", .weak = "RSA 1024 bits" },
	{ "SHA-1", .presented = { "DNS:a.example", "a", -1, 30, .sha1 = true }, .serve = serve_tls,
	    .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .weak = "ecdsa-with-SHA1" },
	{ "an intermediate certificate",
	    .presented = { "DNS:a.example", "a", -1, 30, .between_days = 30 }, .serve = serve_tls,
	    .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example", .chain_good = true },
	{ "an expired intermediate certificate",
	    .presented = { "DNS:a.example", "a", -1, 30, .between_days = -1 }, .serve = serve_tls,
	    .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .expired_subject = "CN = Between CA", .expired_depth = 1 },
	{ "injected command", .presented = { "DNS:a.example", "a", -1, 30, .wants_sni = NULL },
	    .serve = serve_injection, .tls = SMTP_TLS_DONE, .n_names = 1, .first_name = "a.example",
	    .chain_good = true, .notes = SMTP_NOTE_INJECTED },
};

static void
check_cert(const struct tls_row *row, const struct smtp_dialogue *d)
{
	assert_string_equal(d->cert.names[0], row->first_name);
	assert_int_equal(d->cert.not_before_s, start_s + row->presented.from_days * DAY_S);
	assert_int_equal(d->cert.not_after_s, start_s + row->presented.to_days * DAY_S);
	assert_non_null(strstr(d->cert.issuer,
	    row->self_signed                     ? "CN = a" :
		row->presented.unknown_issuer    ? "Nobody's CA" :
		row->presented.between_days != 0 ? "Between CA" :
						   "Test CA"));
	assert_true(d->tls_cipher[0] != '\0');
	if (row->exchange != NULL)
		assert_string_equal(d->tls_exchange, row->exchange);
	assert_int_equal(d->tls_weak, row->tls_weak);
	assert_string_equal(d->cert.weak.detail, row->weak != NULL ? row->weak : "");
	assert_part_of(d->cert.expired.subject, row->expired_subject);
	assert_int_equal(d->cert.expired.depth, row->expired_depth);
	assert_int_equal(d->cert.expired.detail[0] != '\0', row->expired_depth > 0);
	if (row->version != NULL)
		assert_string_equal(d->tls_version, row->version);
}

static void
test_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(tls_rows); i++) {
		const struct tls_row *row = &tls_rows[i];
		ROW(row->name);
		uint16_t port;
		pid_t pid = server_start(row->serve, &row->presented, &port);
		struct smtp_job job = { .server = { .port = port },
			.server_name = row->server_name,
			.deadline_us = loop_now_us() + LONG_US };
		assert_true(ip_parse("127.0.0.1", &job.server.ip));
		struct outcome o;
		probe_job(&o, &job);
		server_stop(pid);
		const struct smtp_dialogue *d = o.dialogue;
		assert_dialogue(d, SMTP_TALKED, row->tls);
		assert_int_equal(d->notes, row->notes);
		assert_int_equal(d->cert.n_names, row->n_names);
		assert_int_equal(d->cert.chain_good, row->chain_good);
		assert_int_equal(d->cert.self_signed, row->self_signed);
		assert_part_of(d->cert.chain_error, row->chain_error);
		if (row->presented.wants_sni != NULL && row->tls == SMTP_TLS_DONE)
			assert_string_equal(d->tls_name, row->presented.wants_sni);
		assert_int_equal(d->tls_error[0] != '\0', row->tls == SMTP_TLS_FAILED);
		if (row->tls == SMTP_TLS_DONE)
			check_cert(row, d);
		arena_fini(&o.arena);
	}
}

static void
write_ca(const char *path)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(PEM_write_X509(out, ca), 1);
	assert_int_equal(fclose(out), 0);
}

/* Debian's way: no single file, but one file an authority, named by the hash of its subject. */
static void
test_trusted_directory(void **state)
{
	(void)state;
	char dir[] = "/tmp/mailready-test-dir-XXXXXX";
	char file[64];
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/%08lx.0", dir, X509_subject_name_hash(ca));
	write_ca(file);
	setenv("SSL_CERT_DIR", dir, 1);
	setenv("SSL_CERT_FILE", "/nonexistent", 1);
	struct outcome good, strange;
	uint16_t port;
	pid_t pid = server_start(serve_tls, &tls_rows[0].presented, &port);
	probe_run(&good, "127.0.0.1", port, NULL, LONG_US);
	server_stop(pid);
	static const struct presented own = { "DNS:a.example", "a", -1, 30, .self_signed = true };
	pid = server_start(serve_tls, &own, &port);
	probe_run(&strange, "127.0.0.1", port, NULL, LONG_US);
	server_stop(pid);
	setenv("SSL_CERT_FILE", ca_path, 1);
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
	unlink(file);
	rmdir(dir);
	assert_true(good.dialogue->cert.chain_good);
	assert_false(strange.dialogue->cert.chain_good);
	assert_part_of(strange.dialogue->cert.chain_error, "self");
	arena_fini(&good.arena);
	arena_fini(&strange.arena);
}

static int
set_up(void **state)
{
	(void)state;
	start_s = (int64_t)time(NULL);
	ca_key = EVP_EC_gen("P-256");
	leaf_key = EVP_EC_gen("P-256");
	ca = make_ca("Test CA", 90, "Test CA", ca_key);
	close(mkstemp(ca_path));
	write_ca(ca_path);
	setenv("SSL_CERT_FILE", ca_path, 1);
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(ca_path);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(leaf_key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_trusted_directory),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
