/* The libcurl carrier against a server that does what no good server does. */
#include "test.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "http/http.h"
#include "http/url_priv.h"
#include "smtp_server.h"

enum { DAY_S = 86400, TIMEOUT_MS = 400, REQUEST_MAX = 65536 };

/* --- the server -------------------------------------------------------------------------- */

enum manner {
	ANSWER,       /* the text, then close */
	ECHO,         /* the request as the body of the reply; the connection stays */
	SILENT,       /* reads, and says nothing */
	DEAF,         /* does not even read */
	CLOSE,        /* reads and closes */
	SLAM,         /* closes at once, without reading: the client sees a reset */
	ENDLESS,      /* a body without end */
	ENDLESS_HEAD, /* headers without end */
	TRICKLE,      /* a byte now and then, for longer than anyone waits */
};

struct script {
	enum manner manner;
	const char *text;
};

static ssize_t
hear(int fd, char *out, size_t size)
{
	size_t n = 0;
	out[0] = '\0';
	while (n < size - 1) {
		const char *end = strstr(out, "\r\n\r\n");
		const char *length = strcasestr(out, "\r\nContent-Length:");
		size_t body = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
		if (end != NULL && n >= (size_t)(end + 4 - out) + body)
			break;
		ssize_t got = recv(fd, out + n, size - 1 - n, 0);
		if (got <= 0)
			return 0;
		n += (size_t)got;
		out[n] = '\0';
	}
	return (ssize_t)n;
}

static void
echo(int fd)
{
	static char request[REQUEST_MAX];
	char head[128];
	ssize_t n;
	while ((n = hear(fd, request, sizeof request)) > 0) {
		snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zd\r\n\r\n", n);
		server_say(fd, head);
		server_say(fd, request);
	}
}

static void
repeat(int fd, const char *head, const char *piece, useconds_t pause_us)
{
	server_say(fd, head);
	while (send(fd, piece, strlen(piece), MSG_NOSIGNAL) > 0)
		usleep(pause_us);
}

static void
serve(int fd, const void *arg)
{
	const struct script *s = arg;
	static char request[REQUEST_MAX];
	static char much[32768];
	if (s->manner == ECHO)
		echo(fd);
	if (s->manner == DEAF || s->manner == SLAM) {
		if (s->manner == DEAF)
			sleep(5);
		return;
	}
	hear(fd, request, sizeof request);
	memset(much, 'x', sizeof much - 1);
	if (s->manner == ANSWER)
		server_say(fd, s->text);
	else if (s->manner == SILENT)
		sleep(5);
	else if (s->manner == ENDLESS)
		repeat(fd, "HTTP/1.1 200 OK\r\n\r\n", much, 0);
	else if (s->manner == ENDLESS_HEAD)
		repeat(fd, "HTTP/1.1 200 OK\r\n", "A: b\r\n", 0);
	else if (s->manner == TRICKLE)
		repeat(fd, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", "x", 50000);
	shutdown(fd, SHUT_WR);
	recv(fd, request, sizeof request, 0);
}

/* --- one exchange ------------------------------------------------------------------------ */

struct exchange {
	struct http_client *client;
	struct http_request request;
	struct http_reply reply;
	struct arena arena;
	struct err err;
	enum err_code code;
};

static void
exchange_init(struct exchange *x, const char *ca_file)
{
	*x = (struct exchange){ .request = { .method = "GET", .timeout_ms = TIMEOUT_MS } };
	x->client = http_client_new(ca_file);
	arena_init(&x->arena);
}

static void
exchange_fini(struct exchange *x)
{
	http_client_free(x->client);
	arena_fini(&x->arena);
}

static void
exchange_do(struct exchange *x, const char *scheme, uint16_t port)
{
	x->request.url = arena_printf(&x->arena, "%s://127.0.0.1:%u/p/a:b?q=1", scheme, port);
	x->code = http_send(x->client, &x->request, &x->arena, &x->reply, &x->err);
}

static void
expect(const struct exchange *x, enum err_code code, const char *part)
{
	if (x->code != code)
		fail_msg("code %d instead of %d: %s", (int)x->code, (int)code, x->err.text);
	if (strstr(x->err.text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", x->err.text, part);
}

/* --- replies and faults ------------------------------------------------------------------ */

static const struct {
	const char *name;
	struct script script;
	enum err_code code;
	const char *part; /* of the error, or of the body */
	int status;
	int maybe_sent, over;
} rows[] = {
	{ "a reply", .script = { ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" },
	    .code = ERR_NONE, .part = "ok", .status = 200, .maybe_sent = 1 },
	{ "404 is a reply", .script = { ANSWER, "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno" },
	    .code = ERR_NONE, .part = "no", .status = 404, .maybe_sent = 1 },
	{ "500 is a reply", .script = { ANSWER, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" },
	    .code = ERR_NONE, .part = "", .status = 500, .maybe_sent = 1 },
	{ "a redirect is not followed",
	    .script = { ANSWER,
		"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" },
	    .code = ERR_NONE, .part = "", .status = 302, .maybe_sent = 1 },
	{ "100 first",
	    .script = { ANSWER,
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 1\r\n\r\n1" },
	    .code = ERR_NONE, .part = "1", .status = 201, .maybe_sent = 1 },
	{ "chunks",
	    .script = { ANSWER,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" },
	    .code = ERR_NONE, .part = "ok", .status = 200, .maybe_sent = 1 },
	{ "body up to the end", .script = { ANSWER, "HTTP/1.0 200 OK\r\n\r\nall" },
	    .code = ERR_NONE, .part = "all", .status = 200, .maybe_sent = 1 },
	{ "cut in the body",
	    .script = { ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf" },
	    .code = ERR_TEMP, .part = "cut off", .maybe_sent = 1 },
	{ "cut in a chunk",
	    .script = { ANSWER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok" },
	    .code = ERR_TEMP, .part = "cut", .maybe_sent = 1 },
	{ "cut in the head", .script = { ANSWER, "HTTP/1.1 200 OK\r\nConten" }, .code = ERR_TEMP,
	    .part = "127.0.0.1", .maybe_sent = 1 },
	{ "no HTTP", .script = { ANSWER, "220 mail.example ESMTP\r\n" }, .code = ERR_UNAVAILABLE,
	    .part = "does not speak HTTP", .maybe_sent = 1 },
	{ "garbage", .script = { ANSWER, "\x01\x02\xff\xfe\r\n\r\n" }, .code = ERR_UNAVAILABLE,
	    .part = "does not speak HTTP", .maybe_sent = 1 },
	{ "closed without a word", .script = { CLOSE, "" }, .code = ERR_TEMP,
	    .part = "closed without a reply", .maybe_sent = 1 },
	{ "slammed", .script = { SLAM, "" }, .code = ERR_TEMP, .part = "connection was",
	    .maybe_sent = 1 },
	{ "silence", .script = { SILENT, "" }, .code = ERR_TEMP, .part = "no reply in time",
	    .maybe_sent = 1 },
	{ "deaf", .script = { DEAF, "" }, .code = ERR_TEMP, .part = "no reply in time",
	    .maybe_sent = 1 },
	{ "a trickle", .script = { TRICKLE, "" }, .code = ERR_TEMP, .part = "no reply in time",
	    .maybe_sent = 1 },
	{ "an endless body", .script = { ENDLESS, "" }, .code = ERR_TEMP,
	    .part = "over the limit of 4194304 bytes", .maybe_sent = 1, .over = 1 },
	{ "endless headers", .script = { ENDLESS_HEAD, "" }, .code = ERR_TEMP, .part = "127.0.0.1",
	    .maybe_sent = 1 },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct exchange x;
		uint16_t port;
		ROW(rows[i].name);
		pid_t pid = server_start(serve, &rows[i].script, &port);
		exchange_init(&x, NULL);
		exchange_do(&x, "http", port);
		server_stop(pid);
		expect(&x, rows[i].code, rows[i].code == ERR_NONE ? "" : rows[i].part);
		assert_int_equal(x.reply.status, rows[i].status);
		assert_int_equal(x.reply.maybe_sent, rows[i].maybe_sent);
		assert_int_equal(x.reply.over, rows[i].over);
		if (rows[i].code == ERR_NONE)
			assert_string_equal(x.reply.body, rows[i].part);
		assert_non_null(x.reply.date);
		exchange_fini(&x);
	}
}

static void
test_headers(void **state)
{
	(void)state;
	static const struct script script = { ANSWER,
		"HTTP/1.1 201 Made\r\nDATE: Thu, 15 Jan 2026 08:09:14 GMT\r\nretry-after:  7 \r\n"
		"X-Openstack-Request-Id: req-1\r\nX-Request-Id: second\r\nX-Subject-Token: "
		"t0ken\r\n"
		"Content-Length: 6\r\n\r\nsecret" };
	struct exchange x;
	uint16_t port;
	pid_t pid = server_start(serve, &script, &port);
	exchange_init(&x, NULL);
	exchange_do(&x, "http", port);
	server_stop(pid);
	expect(&x, ERR_NONE, "");
	assert_string_equal(x.reply.date, "Thu, 15 Jan 2026 08:09:14 GMT");
	assert_string_equal(x.reply.retry_after, "7");
	assert_string_equal(x.reply.request_id, "req-1");
	const char *token = x.reply.subject_token, *body = x.reply.body;
	assert_string_equal(token, "t0ken");
	assert_int_equal(x.reply.body_len, 6);
	http_reply_wipe(&x.reply);
	assert_memory_equal(token, "\0\0\0\0\0", 5);
	assert_memory_equal(body, "\0\0\0\0\0\0", 6);
	assert_string_equal(x.reply.body, "");
	exchange_fini(&x);
}

/* --- what is sent ------------------------------------------------------------------------ */

static const struct {
	const char *name;
	const char *method;
	const char *body;
	const char *tail; /* of what is sent, after the headers that all have */
} requests[] = {
	{ "a read", "GET", NULL, "\r\n" },
	{ "a write", "PATCH", "{\"a\":1}", "Content-Length: 7\r\n\r\n{\"a\":1}" },
	{ "a write without a body", "PUT", NULL, "Content-Length: 0\r\n\r\n" },
	{ "a removal", "DELETE", NULL, "\r\n" },
};

static void
test_requests(void **state)
{
	(void)state;
	static const struct script script = { ECHO, "" };
	for (size_t i = 0; i < N_ELEMENTS(requests); i++) {
		struct exchange x;
		uint16_t port;
		char sent[512];
		ROW(requests[i].name);
		pid_t pid = server_start(serve, &script, &port);
		exchange_init(&x, NULL);
		x.request.method = requests[i].method;
		x.request.body = requests[i].body;
		x.request.body_len = requests[i].body != NULL ? strlen(requests[i].body) : 0;
		http_header(&x.request, "X-Test", "a b");
		exchange_do(&x, "http", port);
		server_stop(pid);
		expect(&x, ERR_NONE, "");
		snprintf(sent, sizeof sent,
		    "%s /p/a:b?q=1 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
		    "User-Agent: mailready/" MAILREADY_VERSION
		    "\r\nAccept: */*\r\nX-Test: a b\r\n%s",
		    requests[i].method, port, requests[i].tail);
		assert_string_equal(x.reply.body, sent);
		exchange_fini(&x);
	}
}

static void
test_bad_header(void **state)
{
	(void)state;
	struct exchange x;
	exchange_init(&x, NULL);
	http_header(&x.request, "X-Test", "a\r\nX-Other: b");
	exchange_do(&x, "http", 1);
	expect(&x, ERR_CONFIG, "line break");
	assert_false(x.reply.maybe_sent);
	exchange_fini(&x);
}

/* Answers the first request of each connection, and only counts the second. */
static void
answer_once(int fd, int counter)
{
	static char request[REQUEST_MAX];
	alarm(20);
	if (hear(fd, request, sizeof request) > 0) {
		(void)!write(counter, "1", 1);
		server_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	}
	if (hear(fd, request, sizeof request) > 0)
		(void)!write(counter, "2", 1);
	_exit(0);
}

static void
serve_once_each(int listener, int counter)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		if (fork() == 0)
			answer_once(fd, counter);
		close(fd);
	}
}

static size_t
send_twice(const char *method, enum err_code *second, char seen[16])
{
	struct exchange x;
	uint16_t port;
	int counter[2];
	assert_int_equal(pipe(counter), 0);
	int listener = server_listen(4, &port);
	pid_t pid = fork();
	if (pid == 0) {
		alarm(20);
		serve_once_each(listener, counter[1]);
	}
	close(listener);
	exchange_init(&x, NULL);
	x.request.method = method;
	exchange_do(&x, "http", port);
	expect(&x, ERR_NONE, "");
	exchange_do(&x, "http", port);
	*second = x.code;
	ssize_t n = read(counter[0], seen, 15);
	server_stop(pid);
	close(counter[0]);
	close(counter[1]);
	exchange_fini(&x);
	seen[n > 0 ? n : 0] = '\0';
	return (size_t)n;
}

/* libcurl repeats a request by itself when a kept connection fails: never a write. */
static void
test_kept_connection(void **state)
{
	(void)state;
	enum err_code second;
	char seen[16];
	send_twice("PATCH", &second, seen);
	assert_int_equal(second, ERR_NONE);
	assert_string_equal(seen, "11");
	send_twice("GET", &second, seen);
	assert_int_equal(second, ERR_NONE);
	assert_string_equal(seen, "121");
}

/* --- no connection ----------------------------------------------------------------------- */

static void
test_refused(void **state)
{
	(void)state;
	struct exchange x;
	uint16_t port;
	close(server_listen(1, &port));
	exchange_init(&x, NULL);
	exchange_do(&x, "http", port);
	expect(&x, ERR_UNAVAILABLE, "no connection");
	assert_false(x.reply.maybe_sent);
	x.request.url = "https://no-such-name.invalid/";
	x.code = http_send(x.client, &x.request, &x.arena, &x.reply, &x.err);
	expect(&x, ERR_UNAVAILABLE, "https://no-such-name.invalid: ");
	assert_false(x.reply.maybe_sent);
	exchange_fini(&x);
}

static const struct {
	const char *url;
	const char *origin; /* NULL: refused */
	bool direct;
} urls[] = {
	{ "https://dns.example.com/v2/x?y=z", "https://dns.example.com", false },
	{ "HTTPS://dns.example.com:8443", "https://dns.example.com:8443", false },
	{ "https://127.0.0.1/", "https://127.0.0.1", true },
	{ "http://127.0.0.1:80/", "http://127.0.0.1:80", true },
	{ "http://127.255.1.2", "http://127.255.1.2", true },
	{ "http://[::1]:8080/", "http://[::1]:8080", true },
	{ "http://169.254.169.254/latest", "http://169.254.169.254", true },
	{ "http://169.254.169.253/latest", NULL, false },
	{ "http://localhost/", NULL, false },
	{ "http://dns.example.com/", NULL, false },
	{ "http://127.0.0.1.example.com/", NULL, false },
	{ "http://127.1/", NULL, false },
	{ "http://2130706433/", NULL, false },
	{ "http://0x7f.0.0.1/", NULL, false },
	{ "http://127.0.0.1@example.com/", NULL, false },
	{ "https://user:pass@example.com/", NULL, false },
	{ "http://127.0.0.1\\@example.com/", NULL, false },
	{ "http://[::1", NULL, false },
	{ "http://[::2]/", NULL, false },
	{ "http://10.0.0.1/", NULL, false },
	{ "https://", NULL, false },
	{ "https:///path", NULL, false },
	{ "https://ex ample.com/", NULL, false },
	{ "https://example.com/\r\nHost: x", NULL, false },
	{ "https://ex\xc3\xa4mple.com/", NULL, false },
	{ "ftp://127.0.0.1/", NULL, false },
	{ "file:///etc/passwd", NULL, false },
	{ "//127.0.0.1/", NULL, false },
	{ "", NULL, false },
};

static void
test_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(urls); i++) {
		struct url_view view;
		struct err err;
		ROW(urls[i].url);
		enum err_code code = url_view(urls[i].url, &view, &err);
		assert_int_equal(code, urls[i].origin != NULL ? ERR_NONE : ERR_CONFIG);
		if (urls[i].origin != NULL) {
			assert_string_equal(view.origin, urls[i].origin);
			assert_int_equal(view.direct, urls[i].direct);
		}
	}
}

/* A proxy of the environment does not stand before loopback, nor see what is meant for it. */
static void
test_no_proxy_for_loopback(void **state)
{
	(void)state;
	static const struct script script = { ECHO, "" };
	static const char *const names[] = { "http_proxy", "https_proxy", "all_proxy",
		"ALL_PROXY" };
	struct exchange x;
	uint16_t port;
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		setenv(names[i], "http://127.0.0.1:1", 1);
	pid_t pid = server_start(serve, &script, &port);
	exchange_init(&x, NULL);
	exchange_do(&x, "http", port);
	expect(&x, ERR_NONE, "");
	server_stop(pid);
	x.request.url = "https://no-such-name.invalid/";
	x.code = http_send(x.client, &x.request, &x.arena, &x.reply, &x.err);
	expect(&x, ERR_UNAVAILABLE, "127.0.0.1 port 1");
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		unsetenv(names[i]);
	exchange_fini(&x);
}

static const struct {
	const char *name, *answer;
	enum err_code code;
	const char *part;
} proxies[] = {
	{ "it requires a login",
	    "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=x\r\n"
	    "Content-Length: 0\r\n\r\n",
	    ERR_CONFIG, "the proxy requires a login" },
	{ "it refuses the destination", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
	    ERR_UNAVAILABLE, "the proxy does not connect to it (HTTP 403)" },
	{ "its own fault", "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", ERR_TEMP,
	    "the proxy does not connect to it (HTTP 502)" },
};

/* What a proxy does is not the server's doing, and nothing has reached the server. */
static void
test_proxy_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(proxies); i++) {
		const struct script script = { ANSWER, proxies[i].answer };
		struct exchange x;
		uint16_t port;
		ROW(proxies[i].name);
		pid_t pid = server_start(serve, &script, &port);
		exchange_init(&x, NULL);
		setenv("https_proxy",
		    arena_printf(&x.arena, "http://me:hunter2two@127.0.0.1:%u", port), 1);
		x.request.method = "POST";
		x.request.url = "https://no-such-name.invalid/";
		x.code = http_send(x.client, &x.request, &x.arena, &x.reply, &x.err);
		expect(&x, proxies[i].code, proxies[i].part);
		assert_int_equal(x.reply.maybe_sent, 0);
		server_stop(pid);
		exchange_fini(&x);
	}
	unsetenv("https_proxy");
}

static const struct {
	const char *name, *url;
	enum err_code code;
	const char *password;
} proxy_urls[] = {
	{ "a sharp in the password", "http://me:hun#ter2two@127.0.0.1:3128", ERR_CONFIG,
	    "hun#ter2two" },
	{ "a slash and a percent sign", "http://me:hun/ter%2two@127.0.0.1:3128", ERR_CONFIG,
	    "ter%2two" },
	{ "a space", "http://me:hun ter2two@127.0.0.1:3128", ERR_CONFIG, "ter2two" },
	{ "an unknown scheme", "foo://me:hunter2two@127.0.0.1:3128", ERR_CONFIG, "hunter2two" },
	{ "no scheme", "me:hunter2two@no-such-proxy.invalid:1", ERR_UNAVAILABLE, "hunter2two" },
};

static void
test_proxy_password_is_not_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(proxy_urls); i++) {
		struct exchange x;
		ROW(proxy_urls[i].name);
		exchange_init(&x, NULL);
		setenv("https_proxy", proxy_urls[i].url, 1);
		x.request.url = "https://no-such-name.invalid/";
		x.code = http_send(x.client, &x.request, &x.arena, &x.reply, &x.err);
		expect(&x, proxy_urls[i].code, "proxy");
		assert_null(strstr(x.err.text, proxy_urls[i].password));
		/* and whoever repeats it later */
		err_set(&x.err, ERR_TEMP, "it says %s", proxy_urls[i].url);
		assert_null(strstr(x.err.text, proxy_urls[i].password));
		exchange_fini(&x);
	}
	unsetenv("https_proxy");
}

/* --- TLS --------------------------------------------------------------------------------- */

struct tls_script {
	const char *names; /* subjectAltName */
	int from_days, to_days;
	int max_version; /* 0: any */
};

static EVP_PKEY *key;
static char ca_path[] = "/tmp/mailready-test-ca-XXXXXX";

/* Its own issuer: in the CA file it is trusted, out of it it is not. */
static X509 *
make_certificate(const struct tls_script *s)
{
	static long serial = 1;
	X509 *x = X509_new();
	X509V3_CTX ctx;
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(x), (long)s->from_days * DAY_S);
	X509_gmtime_adj(X509_getm_notAfter(x), (long)s->to_days * DAY_S);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
	    (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, s->names);
	assert_non_null(ext);
	X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static void
write_pem(X509 *x)
{
	FILE *f = fopen(ca_path, "w");
	assert_non_null(f);
	PEM_write_X509(f, x);
	fclose(f);
}

struct tls_server {
	const struct tls_script *script;
	X509 *certificate;
};

static void
serve_tls(int fd, const void *arg)
{
	const struct tls_server *s = arg;
	static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char request[4096];
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, s->script->max_version);
	SSL_CTX_use_certificate(ctx, s->certificate);
	SSL_CTX_use_PrivateKey(ctx, key);
	SSL *ssl = SSL_new(ctx);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof request) > 0)
		SSL_write(ssl, reply, sizeof reply - 1);
	SSL_shutdown(ssl);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
}

enum trust { TRUSTED, BY_REQUEST, SYSTEM, OTHER, NO_FILE, NO_PEM };

static const struct {
	const char *name;
	struct tls_script script;
	enum trust trust;
	enum err_code code;
	const char *part;
} tls_rows[] = {
	{ "trusted", { "IP:127.0.0.1", -1, 30, 0 }, TRUSTED, ERR_NONE, "" },
	{ "trusted by the request", { "IP:127.0.0.1", -1, 30, 0 }, BY_REQUEST, ERR_NONE, "" },
	{ "TLS 1.2", { "IP:127.0.0.1", -1, 30, TLS1_2_VERSION }, TRUSTED, ERR_NONE, "" },
	{ "TLS 1.1", { "IP:127.0.0.1", -1, 30, TLS1_1_VERSION }, TRUSTED, ERR_UNAVAILABLE,
	    "the TLS handshake failed" },
	{ "unknown to the system", { "IP:127.0.0.1", -1, 30, 0 }, SYSTEM, ERR_NOPERM,
	    "its certificate is not trusted" },
	{ "another authority", { "IP:127.0.0.1", -1, 30, 0 }, OTHER, ERR_NOPERM, "not trusted" },
	{ "another name", { "DNS:other.example", -1, 30, 0 }, TRUSTED, ERR_NOPERM, "not trusted" },
	{ "another address", { "IP:127.0.0.2", -1, 30, 0 }, TRUSTED, ERR_NOPERM, "not trusted" },
	{ "expired", { "IP:127.0.0.1", -30, -1, 0 }, TRUSTED, ERR_NOPERM, "expired" },
	{ "not yet valid", { "IP:127.0.0.1", 1, 30, 0 }, TRUSTED, ERR_NOPERM, "not yet valid" },
	{ "no CA file", { "IP:127.0.0.1", -1, 30, 0 }, NO_FILE, ERR_CONFIG, "/nonexistent/ca.pem" },
	{ "not a CA file", { "IP:127.0.0.1", -1, 30, 0 }, NO_PEM, ERR_CONFIG,
	    "trusted certificates" },
};

static const char *
ca_file_for(enum trust trust, const struct tls_script *script, X509 *certificate)
{
	if (trust == TRUSTED || trust == BY_REQUEST) {
		write_pem(certificate);
	} else if (trust == OTHER) {
		EVP_PKEY *before = key;
		key = EVP_EC_gen("P-256");
		X509 *other = make_certificate(script);
		write_pem(other);
		X509_free(other);
		EVP_PKEY_free(key);
		key = before;
	}
	return trust == SYSTEM ? NULL :
	    trust == NO_FILE   ? "/nonexistent/ca.pem" :
	    trust == NO_PEM    ? "Makefile" :
				 ca_path;
}

static void
test_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(tls_rows); i++) {
		struct exchange x;
		uint16_t port;
		ROW(tls_rows[i].name);
		struct tls_server server = { &tls_rows[i].script,
			make_certificate(&tls_rows[i].script) };
		const char *ca = ca_file_for(tls_rows[i].trust, server.script, server.certificate);
		pid_t pid = server_start(serve_tls, &server, &port);
		bool by_request = tls_rows[i].trust == BY_REQUEST;
		exchange_init(&x, by_request ? NULL : ca);
		x.request.ca_file = by_request ? ca : NULL;
		x.request.timeout_ms = 5000;
		exchange_do(&x, "https", port);
		server_stop(pid);
		expect(&x, tls_rows[i].code, tls_rows[i].part);
		assert_int_equal(x.reply.maybe_sent, tls_rows[i].code == ERR_NONE);
		exchange_fini(&x);
		X509_free(server.certificate);
	}
}

static void
test_tls_to_plain(void **state)
{
	(void)state;
	static const struct script script = { ANSWER,
		"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n" };
	struct exchange x;
	uint16_t port;
	pid_t pid = server_start(serve, &script, &port);
	exchange_init(&x, NULL);
	exchange_do(&x, "https", port);
	server_stop(pid);
	expect(&x, ERR_UNAVAILABLE, "no connection in time");
	assert_false(x.reply.maybe_sent);
	exchange_fini(&x);
}

static int
setup(void **state)
{
	(void)state;
	int fd = mkstemp(ca_path);
	assert_true(fd >= 0);
	close(fd);
	key = EVP_EC_gen("P-256");
	return key == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	return unlink(ca_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_bad_header),
		cmocka_unit_test(test_kept_connection),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_no_proxy_for_loopback),
		cmocka_unit_test(test_proxy_fails),
		cmocka_unit_test(test_proxy_password_is_not_shown),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_tls_to_plain),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
