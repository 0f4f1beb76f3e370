/* What every transfer of libcurl is told: limits, TLS, and how it failed. */
#include "http/curl_job_priv.h"

#include <stddef.h>
#include <unistd.h>

enum { CONNECT_TIMEOUT_MS = 10 * 1000 };

/* All other codes are ERR_TEMP, in libcurl's words alone. */
static const struct {
	CURLcode rc;
	enum err_code code;
	const char *what;
	bool of_protocol; /* the protocol's name follows */
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_UNAVAILABLE, "its name does not resolve", false },
	{ CURLE_COULDNT_CONNECT, ERR_UNAVAILABLE, "no connection", false },
	{ CURLE_USE_SSL_FAILED, ERR_UNAVAILABLE,
	    "it does not offer STARTTLS, and nothing is sent without TLS", false },
	{ CURLE_SSL_CONNECT_ERROR, ERR_UNAVAILABLE, "the TLS handshake failed", false },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_NOPERM,
	    "its certificate is not trusted (--ca-file, or ca-file in the configuration, names an "
	    "authority of your own)",
	    false },
	{ CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, "the file of trusted certificates is unusable",
	    false },
	{ CURLE_UNSUPPORTED_PROTOCOL, ERR_UNAVAILABLE, "the server does not speak ", true },
	{ CURLE_WEIRD_SERVER_REPLY, ERR_UNAVAILABLE, "the server does not speak ", true },
	{ CURLE_GOT_NOTHING, ERR_TEMP, "the connection was closed without a reply", false },
	{ CURLE_PARTIAL_FILE, ERR_TEMP, "the reply was cut off", false },
	{ CURLE_RECV_ERROR, ERR_TEMP, "the connection was cut", false },
	{ CURLE_SEND_ERROR, ERR_TEMP, "the connection was cut", false },
};

void
curl_job_long(struct curl_job *j, CURLoption option, long value)
{
	j->broken |= j->api->setopt(j->easy, option, value) != CURLE_OK;
}

void
curl_job_text(struct curl_job *j, CURLoption option, const char *value)
{
	j->broken |= j->api->setopt(j->easy, option, value) != CURLE_OK;
}

void
curl_job_basics(struct curl_job *j, uint32_t timeout_ms)
{
	long ms = timeout_ms > 0 ? (long)timeout_ms : CONNECT_TIMEOUT_MS;
	j->broken |= j->api->setopt(j->easy, CURLOPT_ERRORBUFFER, j->reason) != CURLE_OK;
	curl_job_long(j, CURLOPT_NOSIGNAL, 1);
	curl_job_long(j, CURLOPT_TIMEOUT_MS, ms);
	curl_job_long(j, CURLOPT_CONNECTTIMEOUT_MS,
	    ms < CONNECT_TIMEOUT_MS ? ms : CONNECT_TIMEOUT_MS);
}

void
curl_job_tls(struct curl_job *j, const char *ca_file)
{
	curl_job_long(j, CURLOPT_SSL_VERIFYPEER, 1);
	curl_job_long(j, CURLOPT_SSL_VERIFYHOST, 2);
	curl_job_long(j, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (ca_file == NULL)
		return;
	curl_job_text(j, CURLOPT_CAINFO, ca_file);
	curl_job_text(j, CURLOPT_CAPATH, NULL);
}

enum err_code
curl_job_check_ca(const char *ca_file, struct err *err)
{
	if (ca_file == NULL || access(ca_file, R_OK) == 0)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG, "%s: the file of trusted certificates cannot be read",
	    ca_file);
}

enum err_code
curl_job_explain(const struct curl_job *j, CURLcode rc, const char *origin, const char *protocol,
    struct err *err)
{
	const char *detail = j->reason[0] != '\0' ? j->reason : j->api->easy_strerror(rc);
	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
		if (failures[i].rc == rc)
			return err_set(err, failures[i].code, "%s: %s%s: %s", origin,
			    failures[i].what, failures[i].of_protocol ? protocol : "", detail);
	return err_set(err, ERR_TEMP, "%s: %s", origin, detail);
}
