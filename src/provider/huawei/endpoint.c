/* The addresses of the services: from the user, the environment, or the cloud's naming. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "provider/huawei/huawei_priv.h"

enum { PATH_TEXT_MAX = 1024, REGIONS_MAX = 256 * 1024 };

/* The names of services for --endpoint. */
static const struct {
	const char *name;
	enum huawei_service service;
} option_names[] = {
	{ "iam", HUAWEI_IAM },
	{ "eip", HUAWEI_EIP },
	{ "vpc", HUAWEI_EIP },
	{ "dns", HUAWEI_DNS },
	{ "metadata", HUAWEI_METADATA },
};

/*
 * Clouds that differ from https://SERVICE.REGION.CLOUD.  Open Telekom Cloud serves PTR records of
 * all regions in one place; Huawei's European regions have a domain of their own.
 */
static const struct {
	const char *cloud;
	const char *dns_region;
} one_dns_region[] = {
	{ "otc.t-systems.com", "eu-de" },
};

static const char *
cloud_of(const struct huawei *h)
{
	const struct provider_options *o = h->session->options;
	const char *env = provider_variable(o, "HW_CLOUD");
	if (o->cloud != NULL && o->cloud[0] != '\0')
		return o->cloud;
	if (env[0] != '\0')
		return env;
	return strncmp(h->region, "eu-west-1", 9) == 0 && strlen(h->region) == 11 ?
	    "myhuaweicloud.eu" :
	    "myhuaweicloud.com";
}

/* "https://" is put before a bare host; "/v3" and "/" at the end are our paths' business. */
static enum err_code
set_url(struct huawei *h, enum huawei_service service, const char *url, const char *from,
    struct err *err)
{
	char *out = h->endpoints[service];
	h->usual[service] = false;
	const char *scheme = strstr(url, "://") != NULL ? "" : "https://";
	size_t len = strcspn(url, ","); /* the vendor's variables may list several */
	int n = snprintf(out, HUAWEI_URL_MAX, "%s%.*s", scheme, (int)len, url);
	if (n < 0 || n >= HUAWEI_URL_MAX || strpbrk(out, "?# \t") != NULL)
		return err_set(err, ERR_CONFIG, "%s is not the URL of a service", from);
	size_t used = strlen(out);
	while (used > 0 && out[used - 1] == '/')
		out[--used] = '\0';
	if (service == HUAWEI_IAM && used > 3 && strcmp(out + used - 3, "/v3") == 0)
		out[used - 3] = '\0';
	return ERR_NONE;
}

static enum err_code
set_dns(struct huawei *h, const char *url, const char *from, struct err *err)
{
	h->dns_is_fixed = true;
	return set_url(h, HUAWEI_DNS, url, from, err);
}

static enum err_code
set_service(struct huawei *h, enum huawei_service service, const char *url, const char *from,
    struct err *err)
{
	return service == HUAWEI_DNS ? set_dns(h, url, from, err) :
				       set_url(h, service, url, from, err);
}

static void
set_usual(struct huawei *h)
{
	const char *cloud = cloud_of(h), *dns_region = h->region;
	for (size_t i = 0; i < sizeof one_dns_region / sizeof one_dns_region[0]; i++)
		if (strcmp(cloud, one_dns_region[i].cloud) == 0)
			dns_region = one_dns_region[i].dns_region;
	snprintf(h->endpoints[HUAWEI_IAM], HUAWEI_URL_MAX, "https://iam.%s.%s", h->region, cloud);
	snprintf(h->endpoints[HUAWEI_EIP], HUAWEI_URL_MAX, "https://vpc.%s.%s", h->region, cloud);
	snprintf(h->endpoints[HUAWEI_DNS], HUAWEI_URL_MAX, "https://dns.%s.%s", dns_region, cloud);
	snprintf(h->endpoints[HUAWEI_DNS_GLOBAL], HUAWEI_URL_MAX, "https://dns.%s", cloud);
	h->usual[HUAWEI_IAM] = h->usual[HUAWEI_DNS] = true;
}

bool
huawei_go_global(struct huawei *h, enum huawei_service service, char old[HUAWEI_URL_MAX])
{
	if (!h->usual[service])
		return false;
	snprintf(old, HUAWEI_URL_MAX, "%s", h->endpoints[service]);
	snprintf(h->endpoints[service], HUAWEI_URL_MAX, "https://%s.%s",
	    service == HUAWEI_IAM ? "iam" : "dns", cloud_of(h));
	h->usual[service] = false;
	return true;
}

/* The SDK's names of services, in its variables and files. */
static const struct {
	const char *word;
	enum huawei_service service;
} words[] = { { "IAM", HUAWEI_IAM }, { "EIP", HUAWEI_EIP }, { "DNS", HUAWEI_DNS } };

static enum err_code
set_from_regions(struct huawei *h, const char *path, const struct buf *text, struct err *err)
{
	char url[HUAWEI_URL_MAX];
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (huawei_regions_find(path, text->data, text->len, words[i].word, h->region, url,
			err) != ERR_NONE)
			return err->code;
		if (url[0] != '\0' && set_service(h, words[i].service, url, path, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

/* ~/.huaweicloud/regions.yaml; a file that is named must be there. */
static enum err_code
set_from_file(struct huawei *h, struct err *err)
{
	const struct provider_options *o = h->session->options;
	const char *named = provider_variable(o, "HUAWEICLOUD_SDK_REGIONS_FILE");
	const char *home = provider_variable(o, "HOME");
	bool is_named = named[0] != '\0';
	char path[PATH_TEXT_MAX];
	struct buf text;
	if (!is_named && home[0] == '\0')
		return ERR_NONE;
	snprintf(path, sizeof path, "%s%s", is_named ? named : home,
	    is_named ? "" : "/.huaweicloud/regions.yaml");
	buf_init(&text, REGIONS_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_NONE)
		code = set_from_regions(h, path, &text, err);
	else
		code = code == ERR_NOINPUT && !is_named ? ERR_NONE : (err->code = ERR_CONFIG);
	buf_fini(&text);
	return code;
}

/* HUAWEICLOUD_SDK_REGION_DNS_CN_NORTH_4 */
static enum err_code
set_from_environment(struct huawei *h, struct err *err)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		char name[128];
		snprintf(name, sizeof name, "HUAWEICLOUD_SDK_REGION_%s_%s", words[i].word,
		    h->region);
		for (char *p = name; *p != '\0'; p++)
			*p = (char)(*p == '-' ? '_' : toupper((unsigned char)*p));
		const char *url = provider_variable(h->session->options, name);
		if (url[0] != '\0' && set_service(h, words[i].service, url, name, err) != ERR_NONE)
			return err->code;
	}
	const char *iam = creds_get(&h->creds, CREDS_IAM_ENDPOINT);
	return iam[0] != '\0' ? set_url(h, HUAWEI_IAM, iam, "the IAM endpoint", err) : ERR_NONE;
}

/* "URL" is for all services but the metadata service, "SERVICE=URL" for one. */
static enum err_code
set_from_option(struct huawei *h, const char *text, struct err *err)
{
	const char *equals = strchr(text, '='), *scheme = strstr(text, "://");
	if (equals == NULL || (scheme != NULL && scheme < equals)) {
		for (int i = HUAWEI_IAM; i <= HUAWEI_DNS; i++)
			if (set_service(h, (enum huawei_service)i, text, "--endpoint", err) !=
			    ERR_NONE)
				return err->code;
		return ERR_NONE;
	}
	size_t len = (size_t)(equals - text);
	for (size_t i = 0; i < sizeof option_names / sizeof option_names[0]; i++)
		if (strlen(option_names[i].name) == len &&
		    memcmp(option_names[i].name, text, len) == 0)
			return set_service(h, option_names[i].service, equals + 1, "--endpoint",
			    err);
	return err_set(err, ERR_USAGE,
	    "--endpoint %s: the services of Huawei Cloud are iam, eip, dns and metadata", text);
}

enum err_code
huawei_endpoints(struct huawei *h, struct err *err)
{
	const struct provider_options *o = h->session->options;
	snprintf(h->endpoints[HUAWEI_METADATA], HUAWEI_URL_MAX, "http://169.254.169.254");
	h->dns = HUAWEI_DNS;
	if (h->region[0] != '\0') {
		set_usual(h);
		if (set_from_file(h, err) != ERR_NONE || set_from_environment(h, err) != ERR_NONE)
			return err->code;
	}
	for (size_t i = 0; i < o->n_endpoints; i++)
		if (set_from_option(h, o->endpoints[i], err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}
