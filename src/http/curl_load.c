/* Loads libcurl when it is first needed. */
#include "http/curl_priv.h"

#include <dlfcn.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

/* The name that libcurl has had since 2006; it stays for as long as its interface does. */
static const char library[] = "libcurl.so.4";

static struct curl_api api;

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	{ "curl_global_init_mem", offsetof(struct curl_api, global_init_mem) },
	{ "curl_easy_init", offsetof(struct curl_api, easy_init) },
	{ "curl_easy_cleanup", offsetof(struct curl_api, easy_cleanup) },
	{ "curl_easy_reset", offsetof(struct curl_api, easy_reset) },
	{ "curl_easy_setopt", offsetof(struct curl_api, setopt) },
	{ "curl_easy_getinfo", offsetof(struct curl_api, getinfo) },
	{ "curl_easy_perform", offsetof(struct curl_api, perform) },
	{ "curl_easy_strerror", offsetof(struct curl_api, easy_strerror) },
	{ "curl_slist_append", offsetof(struct curl_api, slist_append) },
	{ "curl_slist_free_all", offsetof(struct curl_api, slist_free_all) },
};

/* memcpy, because ISO C knows no conversion from what dlsym() returns to a function (POSIX does). */
static bool
fill(void *handle)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		void *symbol = dlsym(handle, functions[i].name);
		if (symbol == NULL)
			return false;
		memcpy((char *)&api + functions[i].offset, &symbol, sizeof symbol);
	}
	return true;
}

/* realloc() would leave a copy where the block was before. */
static void *
grow(void *old, size_t size)
{
	void *p = malloc(size);
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	if (p == NULL)
		return NULL;
	memcpy(p, old != NULL ? old : "", had < size ? had : size);
	secret_free(old);
	return p;
}

static bool
start(void)
{
	return api.global_init_mem(CURL_GLOBAL_DEFAULT, malloc, secret_free, grow, strdup,
		   calloc) == CURLE_OK;
}

const struct curl_api *
curl_load(struct err *err)
{
	static bool loaded;
	if (loaded)
		return &api;
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		err_set(err, ERR_UNAVAILABLE, "%s cannot be loaded (Debian: install libcurl4): %s",
		    library, dlerror());
		return NULL;
	}
	if (!fill(handle) || !start()) {
		err_set(err, ERR_UNAVAILABLE, "%s is not usable", library);
		return NULL;
	}
	loaded = true;
	return &api;
}

CURLcode
curl_run(const struct curl_api *of, CURL *easy)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigaction(SIGPIPE, &ignore, &before);
	CURLcode rc = of->perform(easy);
	sigaction(SIGPIPE, &before, NULL);
	return rc;
}
