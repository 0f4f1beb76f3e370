#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/loop.h"
#include "smtp/probe.h"

enum { DAY_S = 86400, SHORT_US = 300 * 1000, LONG_US = 10 * 1000 * 1000 };

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
sign(X509 *x, X509_NAME *issuer, EVP_PKEY *key)
{
	X509_set_issuer_name(x, issuer);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
}

static X509 *
make_leaf(const struct presented *p)
{
	X509 *x = new_cert(p->cn, p->from_days, p->to_days, leaf_key);
	if (p->names != NULL)
		extend(x, NID_subject_alt_name, p->names);
	if (p->self_signed) {
		sign(x, X509_get_subject_name(x), leaf_key);
		return x;
	}
	X509_NAME *other = X509_NAME_new();
	set_name(other, "Nobody's CA");
	sign(x, p->unknown_issuer ? other : X509_get_subject_name(ca), ca_key);
	X509_NAME_free(other);
	return x;
}

/* The scripted server: one forked process a test, one connection. */

static void
say(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* The next line of the client, without its end; "" at the end of the connection. */
static const char *
hear(int fd)
{
	static char line[512];
	size_t n = 0;
	while (n < sizeof line - 1 && recv(fd, line + n, 1, 0) == 1 && line[n] != '\n')
		n++;
	line[n > 0 ? n - 1 : 0] = '\0';
	return line;
}

static void
serve_plain(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "220-mx1.test.example ESMTP\r\n220 no spam\r\n");
	hear(fd);
	say(fd, "250-mx1.test.example\r\n250-SIZE 1000\r\n250 8BITMIME\r\n");
	hear(fd);
	say(fd, "221 bye\r\n");
}

/* Answers EHLO with the name that the client gave. */
static void
serve_mirror(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "220 mx1.test.example\r\n");
	const char *line = hear(fd);
	say(fd, "250 ");
	say(fd, line + 5);
	say(fd, "\r\n");
	hear(fd);
}

static void
serve_silence(int fd, const struct presented *p)
{
	(void)p;
	hear(fd);
}

static void
serve_early_close(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "220-mx1.test.example\r\n");
}

static void
serve_garbage(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
	hear(fd);
}

static void
serve_endless_banner(int fd, const struct presented *p)
{
	(void)p;
	static char block[65536];
	memset(block, '2', sizeof block);
	for (size_t sent = 0; sent < 10 * 1000 * 1000; sent += sizeof block)
		if (send(fd, block, sizeof block, MSG_NOSIGNAL) < 0)
			return;
}

static void
serve_endless_lines(int fd, const struct presented *p)
{
	(void)p;
	for (int i = 0; i < 100000; i++)
		if (send(fd, "220-and so on\r\n", 15, MSG_NOSIGNAL) < 0)
			return;
}

static void
serve_slow_drip(int fd, const struct presented *p)
{
	(void)p;
	for (int i = 0; i < 200 && send(fd, i < 4 ? &"220 "[i] : "x", 1, MSG_NOSIGNAL) == 1; i++)
		poll(NULL, 0, 20);
}

static void
serve_554(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "554 5.7.1 not you\r\n");
	hear(fd);
	say(fd, "221 bye\r\n");
}

static void
serve_421(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "421 4.3.2 too busy\r\n");
}

static void
serve_helo_only(int fd, const struct presented *p)
{
	(void)p;
	say(fd, "220 old.test.example\r\n");
	hear(fd);
	say(fd, "502 5.5.2 unknown\r\n");
	hear(fd);
	say(fd, "250 old.test.example\r\n");
	hear(fd);
}

static void
up_to_starttls(int fd)
{
	say(fd, "220 mx1.test.example ESMTP\r\n");
	hear(fd);
	say(fd, "250-mx1.test.example\r\n250 STARTTLS\r\n");
	hear(fd);
}

static void
serve_refusal(int fd, const struct presented *p)
{
	(void)p;
	up_to_starttls(fd);
	say(fd, "454 4.7.0 no certificate\r\n");
	hear(fd);
}

static void
serve_bad_handshake(int fd, const struct presented *p)
{
	(void)p;
	up_to_starttls(fd);
	say(fd, "220 go\r\n");
	char hello[1];
	(void)!recv(fd, hello, 1, 0);
	say(fd, "this is no TLS record\r\n");
	hear(fd);
}

static void
serve_no_handshake(int fd, const struct presented *p)
{
	(void)p;
	up_to_starttls(fd);
	say(fd, "220 go\r\n");
	serve_silence(fd, p);
	poll(NULL, 0, 2000);
}

static void
serve_closed_handshake(int fd, const struct presented *p)
{
	(void)p;
	up_to_starttls(fd);
	say(fd, "220 go\r\n");
	char hello[4096];
	(void)!recv(fd, hello, sizeof hello, 0);
}

static int
check_sni(SSL *ssl, int *alert, void *arg)
{
	(void)alert;
	const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	return sni != NULL && strcmp(sni, arg) == 0 ? SSL_TLSEXT_ERR_OK :
						      SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *
server_context(const struct presented *p)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, p->max_version);
	X509 *leaf = make_leaf(p);
	SSL_CTX_use_certificate(ctx, leaf);
	SSL_CTX_use_PrivateKey(ctx, leaf_key);
	X509_free(leaf);
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
serve_tls(int fd, const struct presented *p)
{
	up_to_starttls(fd);
	say(fd, "220 2.0.0 go\r\n");
	talk_tls(fd, p);
}

static void
serve_injection(int fd, const struct presented *p)
{
	up_to_starttls(fd);
	say(fd, "220 2.0.0 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n");
	talk_tls(fd, p);
}

typedef void serve_fn(int fd, const struct presented *p);

static int
listen_on_free_port(int backlog, uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_storage bound;
	socklen_t len = sizeof bound;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof sin), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&bound, &len), 0);
	memcpy(&sin, &bound, sizeof sin);
	*port = ntohs(sin.sin_port);
	return fd;
}

static pid_t
start_server(serve_fn *serve, const struct presented *p, uint16_t *port)
{
	int fd = listen_on_free_port(1, port);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		close(fd);
		return pid;
	}
	alarm(20);
	int peer = accept(fd, NULL, NULL);
	serve(peer, p);
	close(peer);
	_exit(0);
}

static void
stop_server(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Running a probe to its end. */

struct outcome {
	struct arena arena;
	struct smtp_dialogue *dialogue;
	int calls;
};

static void
on_done(void *arg, const struct smtp_dialogue *dialogue)
{
	struct outcome *o = arg;
	o->calls++;
	o->dialogue = smtp_dialogue_copy(&o->arena, dialogue);
}

static void
probe(struct outcome *o, const char *address, uint16_t port, const char *our_name, uint64_t time_us)
{
	struct endpoint server = { .port = port };
	assert_true(ip_parse(address, &server.ip));
	memset(o, 0, sizeof *o);
	arena_init(&o->arena);
	struct loop *loop = loop_new();
	smtp_probe_start(loop, &server, our_name, loop_now_us() + time_us, on_done, o);
	assert_int_equal(o->calls, 0);
	loop_run(loop);
	loop_free(loop);
	assert_int_equal(o->calls, 1);
	assert_true(endpoint_equal(&o->dialogue->server, &server));
}

static void
assert_words(const struct smtp_dialogue *d, enum smtp_status status, enum smtp_tls tls)
{
	if (d->status != status || d->tls != tls)
		print_message("error: %s; tls_error: %s\n", d->error, d->tls_error);
	assert_string_equal(enumtab_name(&smtp_status_names, (int)d->status),
	    enumtab_name(&smtp_status_names, (int)status));
	assert_string_equal(enumtab_name(&smtp_tls_names, (int)d->tls),
	    enumtab_name(&smtp_tls_names, (int)tls));
}

static void
assert_part(const char *text, const char *part)
{
	if (part == NULL)
		assert_string_equal(text, "");
	else if (strstr(text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static const struct row {
	const char *name;
	serve_fn *serve;
	uint64_t time_us;
	enum smtp_status status;
	enum smtp_tls tls;
	int banner_code, ehlo_code;
	const char *ehlo_name;
	const char *error, *tls_error;
} rows[] = {
	{ "plain", serve_plain, LONG_US, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 250,
	    "mx1.test.example", NULL, NULL },
	{ "silence", serve_silence, SHORT_US, SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, 0, "",
	    "the time was up (waiting for the greeting)", NULL },
	{ "early close", serve_early_close, LONG_US, SMTP_BROKEN, SMTP_TLS_UNKNOWN, 0, 0, "",
	    "closed by the server", NULL },
	{ "garbage", serve_garbage, LONG_US, SMTP_BROKEN, SMTP_TLS_UNKNOWN, 0, 0, "",
	    "not an SMTP reply: \"SSH-2.0-OpenSSH_9.2", NULL },
	{ "10 MB without a line end", serve_endless_banner, LONG_US, SMTP_BROKEN, SMTP_TLS_UNKNOWN,
	    0, 0, "", "a line without end", NULL },
	{ "endless lines", serve_endless_lines, LONG_US, SMTP_BROKEN, SMTP_TLS_UNKNOWN, 0, 0, "",
	    "too many lines", NULL },
	{ "slow drip", serve_slow_drip, SHORT_US, SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, 0, "",
	    "the time was up", NULL },
	{ "greeting 554", serve_554, LONG_US, SMTP_TALKED, SMTP_TLS_UNKNOWN, 554, 0, "", NULL,
	    NULL },
	{ "greeting 421", serve_421, LONG_US, SMTP_TALKED, SMTP_TLS_UNKNOWN, 421, 0, "", NULL,
	    NULL },
	{ "HELO only", serve_helo_only, LONG_US, SMTP_TALKED, SMTP_TLS_NOT_OFFERED, 220, 502,
	    "old.test.example", NULL, NULL },
	{ "STARTTLS refused", serve_refusal, LONG_US, SMTP_TALKED, SMTP_TLS_REFUSED, 220, 250,
	    "mx1.test.example", NULL, "454 4.7.0 no certificate" },
	{ "handshake fails", serve_bad_handshake, LONG_US, SMTP_TALKED, SMTP_TLS_FAILED, 220, 250,
	    "mx1.test.example", NULL, "wrong version number" },
	{ "handshake unanswered", serve_no_handshake, SHORT_US, SMTP_TALKED, SMTP_TLS_UNKNOWN, 220,
	    250, "mx1.test.example", NULL, "the time was up (waiting for the TLS handshake)" },
	{ "closed in the handshake", serve_closed_handshake, LONG_US, SMTP_TALKED, SMTP_TLS_FAILED,
	    220, 250, "mx1.test.example", NULL,
	    "closed by the server (waiting for the TLS handshake)" },
};

static void
test_dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		ROW(row->name);
		uint16_t port;
		pid_t pid = start_server(row->serve, NULL, &port);
		struct outcome o;
		uint64_t before_us = loop_now_us();
		probe(&o, "127.0.0.1", port, "us.example", row->time_us);
		uint64_t took_us = loop_now_us() - before_us;
		stop_server(pid);
		assert_words(o.dialogue, row->status, row->tls);
		assert_int_equal(o.dialogue->banner_code, row->banner_code);
		assert_int_equal(o.dialogue->ehlo_code, row->ehlo_code);
		assert_string_equal(o.dialogue->ehlo_name, row->ehlo_name);
		assert_part(o.dialogue->error, row->error);
		assert_part(o.dialogue->tls_error, row->tls_error);
		/* half of the long time is generous for loopback, and far from a missed deadline */
		assert_true(took_us < (row->time_us == LONG_US ? LONG_US / 2 : 10 * SHORT_US));
		arena_fini(&o.arena);
	}
}

static void
test_closed_port(void **state)
{
	(void)state;
	uint16_t port;
	close(listen_on_free_port(1, &port));
	struct outcome o;
	probe(&o, "127.0.0.1", port, NULL, LONG_US);
	assert_words(o.dialogue, SMTP_CLOSED, SMTP_TLS_UNKNOWN);
	assert_part(o.dialogue->error, "refused");
	arena_fini(&o.arena);
}

/* A listener with a full queue drops what comes: to the client it looks like a packet filter. */
static void
test_filtered_port(void **state)
{
	(void)state;
	uint16_t port;
	int fd = listen_on_free_port(0, &port);
	struct endpoint server = { .port = port };
	assert_true(ip_parse("127.0.0.1", &server.ip));
	int fill[4];
	for (size_t i = 0; i < N_ELEMENTS(fill); i++) {
		fill[i] = endpoint_connect(&server, SOCK_STREAM);
		assert_true(fill[i] >= 0);
	}
	poll(NULL, 0, 50);
	struct outcome o;
	probe(&o, "127.0.0.1", port, NULL, SHORT_US);
	assert_words(o.dialogue, SMTP_FILTERED, SMTP_TLS_UNKNOWN);
	assert_part(o.dialogue->error, "no answer to the connection");
	assert_true(o.dialogue->time_us >= SHORT_US - 5000);
	for (size_t i = 0; i < N_ELEMENTS(fill); i++)
		close(fill[i]);
	close(fd);
	arena_fini(&o.arena);
}

/* No TCP to a broadcast address: the kernel says so itself, with or without a network. */
static void
test_unreachable(void **state)
{
	(void)state;
	struct outcome o;
	probe(&o, "255.255.255.255", 25, NULL, LONG_US);
	assert_words(o.dialogue, SMTP_UNREACHABLE, SMTP_TLS_UNKNOWN);
	assert_part(o.dialogue->error, "nreachable");
	arena_fini(&o.arena);
}

static void
test_own_name(void **state)
{
	(void)state;
	static const char *const given[] = { "us.example", NULL };
	for (size_t i = 0; i < N_ELEMENTS(given); i++) {
		uint16_t port;
		pid_t pid = start_server(serve_mirror, NULL, &port);
		struct outcome o;
		probe(&o, "127.0.0.1", port, given[i], LONG_US);
		stop_server(pid);
		assert_words(o.dialogue, SMTP_TALKED, SMTP_TLS_NOT_OFFERED);
		if (given[i] != NULL)
			assert_string_equal(o.dialogue->ehlo_name, given[i]);
		else if (strcmp(o.dialogue->ehlo_name, "[127.0.0.1]") != 0)
			assert_non_null(strchr(o.dialogue->ehlo_name, '.'));
		arena_fini(&o.arena);
	}
}

static void
test_capabilities(void **state)
{
	(void)state;
	uint16_t port;
	pid_t pid = start_server(serve_plain, NULL, &port);
	struct outcome o;
	probe(&o, "127.0.0.1", port, NULL, LONG_US);
	stop_server(pid);
	assert_string_equal(o.dialogue->banner, "mx1.test.example ESMTP");
	assert_string_equal(o.dialogue->banner_name, "mx1.test.example");
	assert_int_equal(o.dialogue->n_capabilities, 2);
	assert_string_equal(o.dialogue->capabilities[0], "SIZE 1000");
	assert_string_equal(o.dialogue->capabilities[1], "8BITMIME");
	assert_true(o.dialogue->time_us > 0);
	arena_fini(&o.arena);
}

static const struct tls_row {
	const char *name;
	struct presented presented;
	serve_fn *serve;
	enum smtp_tls tls;
	const char *version; /* NULL: any */
	size_t n_names;
	const char *first_name;
	bool chain_good, self_signed;
	const char *chain_error;
	unsigned notes;
} tls_rows[] = {
	{ "good", { "DNS:mx1.test.example,DNS:*.test.example", "mx1", -1, 30, .wants_sni = NULL },
	    serve_tls, SMTP_TLS_DONE, "TLSv1.3", 2, "mx1.test.example", true, false, NULL, 0 },
	{ "common name only", { NULL, "mx1.test.example", -1, 30, .wants_sni = NULL }, serve_tls,
	    SMTP_TLS_DONE, NULL, 1, "mx1.test.example", true, false, NULL, 0 },
	{ "address in the certificate is no name",
	    { "IP:127.0.0.1", "x.example", -1, 30, .wants_sni = NULL }, serve_tls, SMTP_TLS_DONE,
	    NULL, 1, "x.example", true, false, NULL, 0 },
	{ "expired, chain good but for that", { "DNS:a.example", "a", -30, -1, .wants_sni = NULL },
	    serve_tls, SMTP_TLS_DONE, NULL, 1, "a.example", true, false, NULL, 0 },
	{ "not yet valid", { "DNS:a.example", "a", 1, 30, .wants_sni = NULL }, serve_tls,
	    SMTP_TLS_DONE, NULL, 1, "a.example", true, false, NULL, 0 },
	{ "self-signed", { "DNS:a.example", "a", -1, 30, .self_signed = true }, serve_tls,
	    SMTP_TLS_DONE, NULL, 1, "a.example", false, true, "self", 0 },
	{ "unknown issuer", { "DNS:a.example", "a", -1, 30, .unknown_issuer = true }, serve_tls,
	    SMTP_TLS_DONE, NULL, 1, "a.example", false, false, "issuer", 0 },
	{ "expired and self-signed", { "DNS:a.example", "a", -9, -1, .self_signed = true },
	    serve_tls, SMTP_TLS_DONE, NULL, 1, "a.example", false, true, "self", 0 },
	{ "TLS 1.2", { "DNS:a.example", "a", -1, 30, .max_version = TLS1_2_VERSION }, serve_tls,
	    SMTP_TLS_DONE, "TLSv1.2", 1, "a.example", true, false, NULL, 0 },
	{ "TLS 1.0", { "DNS:a.example", "a", -1, 30, .max_version = TLS1_VERSION }, serve_tls,
	    SMTP_TLS_DONE, "TLSv1", 1, "a.example", true, false, NULL, 0 },
	{ "server name is sent", { "DNS:a.example", "a", -1, 30, .wants_sni = "mx1.test.example" },
	    serve_tls, SMTP_TLS_DONE, NULL, 1, "a.example", true, false, NULL, 0 },
	{ "server wants another name", { "DNS:a.example", "a", -1, 30, .wants_sni = "b.example" },
	    serve_tls, SMTP_TLS_FAILED, NULL, 0, NULL, false, false, NULL, 0 },
	{ "injected command", { "DNS:a.example", "a", -1, 30, .wants_sni = NULL }, serve_injection,
	    SMTP_TLS_DONE, NULL, 1, "a.example", true, false, NULL, SMTP_NOTE_INJECTED },
};

static void
check_cert(const struct tls_row *row, const struct smtp_dialogue *d)
{
	assert_string_equal(d->cert.names[0], row->first_name);
	assert_int_equal(d->cert.not_before_s, start_s + row->presented.from_days * DAY_S);
	assert_int_equal(d->cert.not_after_s, start_s + row->presented.to_days * DAY_S);
	assert_non_null(strstr(d->cert.issuer,
	    row->self_signed                  ? "CN = a" :
		row->presented.unknown_issuer ? "Nobody's CA" :
						"Test CA"));
	assert_true(d->tls_cipher[0] != '\0');
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
		pid_t pid = start_server(row->serve, &row->presented, &port);
		struct outcome o;
		probe(&o, "127.0.0.1", port, NULL, LONG_US);
		stop_server(pid);
		const struct smtp_dialogue *d = o.dialogue;
		assert_words(d, SMTP_TALKED, row->tls);
		assert_int_equal(d->notes, row->notes);
		assert_int_equal(d->cert.n_names, row->n_names);
		assert_int_equal(d->cert.chain_good, row->chain_good);
		assert_int_equal(d->cert.self_signed, row->self_signed);
		assert_part(d->cert.chain_error, row->chain_error);
		assert_int_equal(d->tls_error[0] != '\0', row->tls == SMTP_TLS_FAILED);
		if (row->tls == SMTP_TLS_DONE)
			check_cert(row, d);
		arena_fini(&o.arena);
	}
}

static void
test_cancel(void **state)
{
	(void)state;
	uint16_t port;
	pid_t pid = start_server(serve_silence, NULL, &port);
	struct endpoint server = { .port = port };
	assert_true(ip_parse("127.0.0.1", &server.ip));
	struct outcome o = { .calls = 0 };
	struct loop *loop = loop_new();
	struct smtp_probe *p = smtp_probe_start(loop, &server, NULL, loop_now_us() + LONG_US,
	    on_done, &o);
	smtp_probe_cancel(p);
	loop_run(loop);
	loop_free(loop);
	stop_server(pid);
	assert_int_equal(o.calls, 0);
}

static int
set_up(void **state)
{
	(void)state;
	start_s = (int64_t)time(NULL);
	ca_key = EVP_EC_gen("P-256");
	leaf_key = EVP_EC_gen("P-256");
	ca = new_cert("Test CA", -90, 90, ca_key);
	extend(ca, NID_basic_constraints, "critical,CA:TRUE");
	sign(ca, X509_get_subject_name(ca), ca_key);
	int fd = mkstemp(ca_path);
	FILE *out = fdopen(fd, "w");
	if (out == NULL || PEM_write_X509(out, ca) != 1 || fclose(out) != 0)
		return -1;
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
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_closed_port),
		cmocka_unit_test(test_filtered_port),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_own_name),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_cancel),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
