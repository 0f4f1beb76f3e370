/* A check without a target: of this machine, as the mail server that it is. */
#include "cli/check_here.h"

#include <string.h>

#include "base/safe.h"
#include "base/terminal.h"
#include "cli/identities.h"
#include "gather/here.h"

struct looking {
	struct settings *settings;
	struct here here;
	const char *ehlo;
	const char *shown[HERE_FAMILIES];  /* the addresses to check: "203.0.113.25 (by routing)" */
	const char *hidden[HERE_FAMILIES]; /* those that receivers do not see: "... (private)" */
	size_t n_shown, n_hidden;
};

static bool
is_wanted(const struct settings *s, const struct ip *ip)
{
	return s->ipv4 == s->ipv6 || (ip->family == 4 ? s->ipv4 : s->ipv6);
}

static void
add_address(struct looking *l, struct target_spec *specs, const struct here_address *address)
{
	struct settings *s = l->settings;
	const struct ip_range *special = ip_special(&address->ip);
	char text[IP_TEXT_MAX];

	ip_format(&address->ip, text);
	if (special != NULL && !s->run.look.policy.allow_special) {
		l->hidden[l->n_hidden++] = arena_printf(&s->arena, "%s (%s)", text, special->kind);
		return;
	}
	l->shown[l->n_shown++] = arena_printf(&s->arena, "%s (%s)", text,
	    address->bound ? "set in the mail server" : "by routing");
	specs[s->run.in.n_specs++] = (struct target_spec){ .first = address->ip,
		.last = address->ip,
		.names = { .host = "",
		    .ehlo = l->ehlo,
		    .domain = s->domain != NULL ? s->domain : "" } };
	identities_put(s, &specs[s->run.in.n_specs - 1].names);
}

static const char *
about_ehlo(const struct looking *l)
{
	struct arena *a = &l->settings->arena;
	const struct here *here = &l->here;

	if (l->settings->helo != NULL)
		return arena_printf(a, "EHLO name %s, as given", safe_text(a, l->ehlo));
	if (here->mailer[0] == '\0')
		return "no mail server found that could say its EHLO name (--helo NAME gives it)";
	if (here->trouble[0] != '\0')
		return arena_printf(a,
		    "%s could not be asked for its EHLO name (--helo NAME gives it): %s",
		    here->mailer, here->trouble);
	return arena_printf(a, "EHLO name %s (%s, from %s)",
	    l->ehlo[0] != '\0' ? safe_text(a, l->ehlo) : "unknown", here->mailer, here->asked);
}

static void
say(const struct looking *l)
{
	struct settings *s = l->settings;

	if (!s->run.out.render.quiet)
		terminal_say(stderr, "mailready: this machine: %s; %s",
		    safe_names(&s->arena, l->shown, l->n_shown, 0), about_ehlo(l));
	if (l->n_hidden > 0)
		terminal_say(stderr,
		    "mailready: this machine also sends from %s; the public address that receivers "
		    "see is not known here: give it to check it",
		    safe_names(&s->arena, l->hidden, l->n_hidden, 0));
}

static enum err_code
refuse(const struct looking *l, struct err *err)
{
	if (l->n_hidden == 0)
		return err_set(err, ERR_CONFIG,
		    "no route to the Internet from here, so this machine's public address is not "
		    "known; expected an address, a block, a range or a name to check");
	return err_set(err, ERR_CONFIG,
	    "this machine sends from %s; the public address that receivers see is not known here: "
	    "give it, as in mailready ADDRESS --helo %s",
	    safe_names(&l->settings->arena, l->hidden, l->n_hidden, 0),
	    l->ehlo[0] != '\0' ? l->ehlo : "NAME");
}

enum err_code
check_here(struct settings *s, size_t *n_hidden, struct err *err)
{
	struct target_spec *specs = arena_array(&s->arena, HERE_FAMILIES, sizeof *specs);
	struct looking l = { .settings = s };

	here_look("", &s->arena, &l.here);
	l.ehlo = s->helo != NULL ? s->helo : l.here.ehlo;
	s->run.in.specs = specs;
	*n_hidden = 0;
	for (size_t i = 0; i < l.here.n; i++) {
		const struct here_address *address = &l.here.addresses[i];
		if (!is_wanted(s, &address->ip))
			continue;
		size_t before = s->run.in.n_specs;
		add_address(&l, specs, address);
		*n_hidden += s->run.in.n_specs == before;
	}
	if (s->run.in.n_specs == 0)
		return refuse(&l, err);
	say(&l);
	return ERR_NONE;
}
