/* Error codes: what they mean, and what to do next. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/provider_priv.h"

enum { SKEW_WORTH_TELLING_S = 5 * 60 };

#define RIGHTS \
	"needed are dns:ptr:set, dns:ptr:get, dns:ptr:list (or dns:ptr:create, update, " \
	"delete), vpc:*:get* and vpc:*:list*"

/*
 * Codes of the DNS service ("DNS."), of the gateway before it ("APIGW." or, older, "APIG.") and of
 * the EIP service ("VPC.").  Some come with several HTTP statuses: the code says more.
 */
static const struct {
	const char *code;
	enum err_code class;
	const char *meaning;
	const char *advice;
} codes[] = {
	{ "DNS.0000", ERR_TEMP, "the DNS service has a temporary fault", "try again later" },
	{ "DNS.0001", ERR_TEMP, "the DNS service has a temporary fault", "try again later" },
	{ "DNS.0002", ERR_INTERNAL, "the request body is not accepted", "please report this" },
	{ "DNS.0003", ERR_TEMP, "the DNS service has a temporary fault", "try again later" },
	{ "DNS.0005", ERR_NOPERM, "the token is not valid", "get a new token, or use AK and SK" },
	{ "DNS.0006", ERR_TEMP, "the listing was interrupted", "try again" },
	{ "DNS.0007", ERR_TEMP, "the listing changed while it was read", "try again" },
	{ "DNS.0012", ERR_TEMP, "the DNS service could not ask the EIP service",
	    "try again later" },
	{ "DNS.0013", ERR_NOPERM, "the key has no permission", RIGHTS },
	{ "DNS.0014", ERR_TEMP, "too many requests", "try again later" },
	{ "DNS.0015", ERR_TEMP, "the DNS service could not ask IAM", "try again later" },
	{ "DNS.0016", ERR_TEMP, "the record already exists", "it is read again" },
	{ "DNS.0017", ERR_TEMP, "the listing was interrupted", "try again" },
	{ "DNS.0021", ERR_TEMP, "another change is in progress", "try again" },
	{ "DNS.0030", ERR_NOPERM, "the key has no permission", RIGHTS },
	{ "DNS.0031", ERR_NOPERM, "the key has no permission, or the project is frozen", RIGHTS },
	{ "DNS.0036", ERR_TEMP, "the DNS service could not ask the network service", "try again" },
	{ "DNS.0037", ERR_DATA, "this region does not support it", "use one name for the address" },
	{ "DNS.0041", ERR_CONFIG, "the project id is wrong", "give it with --project" },
	{ "DNS.0043", ERR_INTERNAL, "a parameter is unknown here", "please report this" },
	{ "DNS.0044", ERR_INTERNAL, "a parameter is null", "please report this" },
	{ "DNS.0209", ERR_TEMP, "the zone is being changed", "try again" },
	{ "DNS.0213", ERR_NOPERM, "the zone takes no changes",
	    "look at its status in the console" },
	{ "DNS.0302", ERR_DATA, "the zone was not found", "the zone may be at another endpoint" },
	{ "DNS.0303", ERR_DATA, "the TTL of the record set is refused", "give another --ttl" },
	{ "DNS.0304", ERR_DATA, "the name of the record set is refused", "" },
	{ "DNS.0305", ERR_DATA, "the description is refused", "at most 255 characters" },
	{ "DNS.0307", ERR_DATA, "the type of the record set is refused", "" },
	{ "DNS.0308", ERR_DATA, "a value of the record set is refused", "" },
	{ "DNS.0310", ERR_CONFIG, "the project id is wrong", "give it with --project" },
	{ "DNS.0311", ERR_CONFIG, "the account id is wrong", "check HW_DOMAIN_ID" },
	{ "DNS.0312", ERR_TEMP, "a record set conflicts (a CNAME allows no other record beside it)",
	    "look at the records of this name" },
	{ "DNS.0313", ERR_TEMP, "the record set is gone", "it is read again" },
	{ "DNS.0314", ERR_TEMP, "the record set is being changed", "try again" },
	{ "DNS.0317", ERR_NOPERM, "the record set belongs to the service", "it cannot be deleted" },
	{ "DNS.0318", ERR_NOPERM, "the record set belongs to the service", "it cannot be changed" },
	{ "DNS.0319", ERR_DATA, "the TTL is out of range", "1 to 2147483647 seconds" },
	{ "DNS.0320", ERR_DATA, "the name of the zone has too many labels", "" },
	{ "DNS.0321", ERR_DATA, "the name of the record set has too many labels",
	    "use a name that is nearer to the zone" },
	{ "DNS.0324", ERR_NOPERM, "too many record sets have this name and type",
	    "remove one of them" },
	{ "DNS.0328", ERR_TEMP, "the record set conflicts with another",
	    "look at the records of this name" },
	{ "DNS.0335", ERR_TEMP, "a record set conflicts (a CNAME allows no other record beside it)",
	    "look at the records of this name" },
	{ "DNS.0403", ERR_NOPERM, "the quota of record sets is used up",
	    "remove one, or ask for a higher quota" },
	{ "DNS.0405", ERR_NOPERM, "the quota of PTR records is used up",
	    "unset one that is not needed (mailready ptr list), or ask for a higher quota" },
	{ "DNS.0501", ERR_INTERNAL, "the id of the PTR record is refused", "please report this" },
	{ "DNS.0502", ERR_DATA, "the EIP was not found in this project and region",
	    "check --region and --project" },
	{ "DNS.0503", ERR_TEMP, "the PTR record is still being changed", "try again" },
	{ "DNS.0504", ERR_INTERNAL, "the id of the EIP is refused", "please report this" },
	{ "DNS.0505", ERR_DATA, "the domain name is refused", "it must be a plain host name" },
	{ "DNS.0506", ERR_DATA, "the TTL is refused", "1 to 2147483647 seconds" },
	{ "DNS.0507", ERR_DATA, "no PTR record is set", "" },
	{ "DNS.0508", ERR_DATA, "the description is refused", "at most 255 characters" },
	{ "DNS.0601", ERR_CONFIG, "the region is refused", "give another --region" },
	{ "DNS.0602", ERR_DATA, "the address is refused", "" },
	{ "DNS.0603", ERR_INTERNAL, "the request body is not accepted", "please report this" },
	{ "DNS.1001", ERR_DATA, "too many tags", "at most 20 (in older regions 10)" },
	{ "DNS.1003", ERR_DATA, "a tag is refused", "letters, digits and _ . : = + - @" },
	{ "APIGW.0101", ERR_CONFIG, "this endpoint does not have this API",
	    "check --region, --cloud and --endpoint" },
	{ "APIGW.0201", ERR_DATA, "the gateway refuses the request", "" },
	{ "APIGW.0301", ERR_NOPERM, "the key or token is refused",
	    "check the credentials; there is no second attempt, because repeated failures lock a "
	    "key" },
	{ "APIGW.0303", ERR_NOPERM, "the date of the signature is too far off",
	    "correct this computer's clock" },
	{ "APIGW.0308", ERR_TEMP, "too many requests", "try again later" },
};

/* For what has no code, or one we do not know. */
static const struct {
	int first, last;
	enum err_code class;
	const char *meaning;
	const char *advice;
} statuses[] = {
	{ 300, 399, ERR_CONFIG, "the endpoint redirects; redirects are not followed",
	    "give the correct address with --endpoint" },
	{ 401, 401, ERR_NOPERM, "the key or token is refused",
	    "check the credentials; there is no second attempt, because repeated failures lock a "
	    "key" },
	{ 403, 403, ERR_NOPERM, "the key has no permission", RIGHTS },
	{ 404, 404, ERR_DATA, "it was not found", "check --region, --project and --endpoint" },
	{ 407, 407, ERR_CONFIG, "the proxy requires a login", "check https_proxy" },
	{ 408, 408, ERR_TEMP, "the request took too long", "try again" },
	{ 409, 409, ERR_TEMP, "another change is in progress", "try again" },
	{ 429, 429, ERR_TEMP, "too many requests", "try again later" },
	{ 400, 499, ERR_DATA, "the request is refused", "" },
	{ 500, 599, ERR_TEMP, "the service has a temporary fault", "try again later" },
};

/* The gateway repeats the whole request that it could not verify, headers and all. */
static void
take_message(const char *message, struct huawei_answer *out)
{
	const char *echo = strstr(message, "canonicalRequest");
	size_t len = echo != NULL ? (size_t)(echo - message) : strlen(message);
	while (echo != NULL && len > 0 && strchr(" ,;:", message[len - 1]) != NULL)
		len--;
	snprintf(out->message, sizeof out->message, "%.*s", (int)len, message);
}

static bool
take_text(const json_t *object, const char *code_key, const char *message_key,
    struct huawei_answer *out)
{
	const json_t *code = json_object_get(object, code_key);
	const json_t *message = json_object_get(object, message_key);
	/* IAM repeats the HTTP status as its code */
	if (json_is_integer(code) && json_integer_value(code) != out->status)
		snprintf(out->code, sizeof out->code, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(code));
	else if (json_is_string(code))
		snprintf(out->code, sizeof out->code, "%s", json_string_value(code));
	if (json_is_string(message))
		take_message(json_string_value(message), out);
	return out->code[0] != '\0' || out->message[0] != '\0';
}

static bool
take_object(const json_t *object, struct huawei_answer *out)
{
	return take_text(object, "error_code", "error_msg", out) ||
	    take_text(object, "code", "message", out);
}

/* Older gateways call themselves APIG; tables are simpler with one name. */
static void
modernise(char code[40])
{
	char old[40];
	if (strncmp(code, "APIG.", 5) != 0)
		return;
	snprintf(old, sizeof old, "%s", code + 5);
	snprintf(code, 40, "APIGW.%.30s", old);
}

void
huawei_error_read(const char *body, size_t len, struct huawei_answer *out)
{
	struct err ignored;
	json_t *root = len > 0 ? json_read(body, len, &ignored) : NULL;
	if (root == NULL) {
		snprintf(out->message, sizeof out->message, "%.200s", body);
		return;
	}
	bool found = take_object(root, out);
	/* one object deeper: {"error": {...}}, {"badRequest": {...}} */
	for (void *at = json_object_iter(root); at != NULL && !found;
	     at = json_object_iter_next(root, at))
		found = take_object(json_object_iter_value(at), out);
	json_decref(root);
	modernise(out->code);
}

struct verdict {
	enum err_code class;
	const char *meaning;
	const char *advice;
};

static struct verdict
judge(const struct huawei_answer *answer)
{
	/* an answer of 401 stays one, whatever it says about itself: keys get locked */
	/* and a 504 is the gateway's about a service that did not answer it, under the code of a refusal */
	for (size_t i = 0; i < sizeof codes / sizeof codes[0] && answer->status != 504; i++)
		if (strcmp(codes[i].code, answer->code) == 0)
			return (
			    struct verdict){ answer->status == 401 ? ERR_NOPERM : codes[i].class,
				codes[i].meaning, codes[i].advice };
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (answer->status >= statuses[i].first && answer->status <= statuses[i].last)
			return (struct verdict){ statuses[i].class, statuses[i].meaning,
				statuses[i].advice };
	return (struct verdict){ ERR_TEMP, "it gave an unexpected answer", "" };
}

/* "; this computer's clock is 21 minutes ahead of the server's", rounded, or "". */
static const char *
skew(struct huawei *h, const struct huawei_answer *answer, const char *date, char out[128])
{
	int64_t server = provider_http_date(date), ours = provider_now_s(h->session);
	int64_t off = ours > server ? ours - server : server - ours;
	out[0] = '\0';
	if (answer->status == 401 && server > 0 && off >= SKEW_WORTH_TELLING_S)
		snprintf(out, 128,
		    "; this computer's clock is %lld minutes %s the server's: correct it",
		    (long long)(off + 30) / 60, ours > server ? "ahead of" : "behind");
	return out;
}

enum err_code
huawei_error(struct huawei *h, const char *what, const struct huawei_answer *answer,
    const char *date, struct err *err)
{
	struct verdict v = judge(answer);
	char clock[128], id[160] = "", said[400] = "";
	if (answer->request_id[0] != '\0')
		snprintf(id, sizeof id, ", request %.100s", answer->request_id);
	if (answer->message[0] != '\0')
		snprintf(said, sizeof said, "; it says \"%.300s\"", answer->message);
	return err_set(err, v.class, "%s: %s (HTTP %d%s%s%s)%s%s%s%s", what, v.meaning,
	    answer->status, answer->code[0] != '\0' ? ", " : "", answer->code, id,
	    v.advice[0] != '\0' ? ": " : "", v.advice, skew(h, answer, date, clock), said);
}
