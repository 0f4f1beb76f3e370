/* The DNS as a run sees it. */
#include "run/world.h"

#include <string.h>

#include "base/buf.h"
#include "base/terminal.h"
#include "dns/planned.h"
#include "net/loop.h"

#define RESOLVED_CONF "/run/systemd/resolve/resolv.conf"

enum { SERVERS_TEXT_MAX = DNS_UPSTREAMS_MAX * (ENDPOINT_TEXT_MAX + 1) };

static enum err_code
read_upstreams(struct dns_world *w, const struct run_look *look, struct err *err)
{
	w->config = (struct dns_stub_config){ .offline = look->policy.offline,
		.qps_max = look->qps,
		.window_max = look->window,
		.upstreams = w->resolv_conf.servers,
		.n_upstreams = look->n_resolvers };
	if (look->n_resolvers > 0 || look->policy.offline) {
		memcpy(w->resolv_conf.servers, look->resolvers, sizeof look->resolvers);
		return ERR_NONE;
	}
	if (dns_read_resolv_conf("/etc/resolv.conf", &w->resolv_conf, err) != ERR_NONE)
		return err->code;
	/* programs of this machine see its own names through the stub; receivers do not */
	w->by_resolved = dns_pass_by_resolved(RESOLVED_CONF, &w->resolv_conf);
	w->config.n_upstreams = w->resolv_conf.n;
	w->config.over_tcp = w->resolv_conf.use_vc;
	return ERR_NONE;
}

static void
show_remarks(const struct planned *p, FILE *errors)
{
	size_t n;
	const char *const *remarks = planned_remarks(p, &n);
	for (size_t i = 0; i < n; i++)
		terminal_say(errors, "mailready: %s", remarks[i]);
}

enum err_code
world_open(struct dns_world *w, const struct run_look *look, FILE *errors, struct err *err)
{
	*w = (struct dns_world){ .planned = NULL };
	if (read_upstreams(w, look, err) != ERR_NONE)
		return err->code;
	if (look->planned != NULL &&
	    planned_read_file(look->planned, look->origin, &w->planned, err) != ERR_NONE)
		return err->code;
	if (w->planned != NULL)
		show_remarks(w->planned, errors);
	w->config.planned = w->planned;
	w->loop = loop_new();
	w->stub = dns_stub_new(w->loop, &w->config);
	return ERR_NONE;
}

void
world_remark(const struct dns_world *w, FILE *errors)
{
	char server[ENDPOINT_TEXT_MAX];
	struct buf servers;

	if (!w->by_resolved)
		return;
	buf_init(&servers, SERVERS_TEXT_MAX);
	for (size_t i = 0; i < w->config.n_upstreams; i++)
		buf_printf(&servers, " %s", endpoint_format(&w->config.upstreams[i], server));
	terminal_say(errors,
	    "mailready: asking the servers of systemd-resolved (" RESOLVED_CONF
	    "), not its stub:%s",
	    servers.data);
	buf_fini(&servers);
}

void
world_close(struct dns_world *w)
{
	if (w->loop != NULL) {
		dns_stub_free(w->stub);
		loop_free(w->loop);
	}
	planned_free(w->planned);
}

static void
gathered(void *arg)
{
	loop_stop(arg);
}

void
world_gather(struct dns_world *w, struct gather_job *job)
{
	job->done = gathered;
	job->arg = w->loop;
	(void)gather_start(w->loop, w->stub, job);
	loop_run(w->loop);
}
