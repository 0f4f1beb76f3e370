/* The SMTP port: does it answer as receivers and senders expect? */
#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/name.h"
#include "checks/registry.h"
#include "checks/smtp_priv.h"
#include "dns/answer.h"
#include "views/ehlo.h"
#include "views/names.h"
#include "views/smtp.h"
#include "views/world.h"

static void
wants(const struct target *t, struct facts *f)
{
	smtp_want(t, f);
	if (smtp_left_out(t, f) != NULL)
		return;
	/* the certificate is compared with the PTR names, too */
	char reverse_name[IP_REVERSE_MAX];
	world_want(t, f, ip_reverse_name(&t->ip, reverse_name), DNS_PTR);
}

/* It stands where everybody sees it: without -v there are no remedies of what is unknown. */
#define LONGER " (--timeout 60 waits longer)"

/* Dialogues that did not come about: one row a status. */
struct no_dialogue {
	enum smtp_status status;
	enum smtp_rule rule;
	enum verdict verdict;
	const char *text;
	const char *remedy; /* follows "For ADDRESS: " */
};

static const struct no_dialogue no_dialogues[] = {
	/* an answer: nobody listens, and who only sends needs nobody */
	{ SMTP_CLOSED, SMTP_PORT_CLOSED, VERDICT_INFO, "the SMTP port refused the connection",
	    "nothing to do when it only sends. When it should receive mail: start the mail server "
	    "and make it listen on this port of its public address." },
	{ SMTP_FILTERED, SMTP_PORT_FILTERED, VERDICT_TEMPERROR,
	    "the SMTP port did not answer the connection",
	    "nothing to do when it only sends. Many networks block outgoing port 25: try from "
	    "another network before you change anything. When it should receive mail: make its "
	    "firewall or security group accept this port." },
	{ SMTP_UNREACHABLE, SMTP_PORT_UNREACHABLE, VERDICT_TEMPERROR,
	    "the address could not be reached from here",
	    "try from a machine that has a route to it; an IPv6 address needs IPv6 on this "
	    "machine." },
	{ SMTP_SILENT, SMTP_PORT_SILENT, VERDICT_TEMPERROR,
	    "the server did not answer in time" LONGER,
	    "try again with a longer time limit, because servers may delay their greeting on "
	    "purpose. If this port expects TLS from the first byte, as port 465 does, "
	    "name the port where mail is received." },
	{ SMTP_PENDING, SMTP_NOT_FINISHED, VERDICT_TEMPERROR,
	    "the dialogue was not finished in time" LONGER, "try again with a longer time limit." },
	{ SMTP_NOT_ASKED, SMTP_NOT_FINISHED, VERDICT_TEMPERROR, "the SMTP port was not asked",
	    "run the check again, online and with the SMTP dialogue." },
	{ SMTP_BROKEN, SMTP_PROTOCOL_BROKEN, VERDICT_WARN,
	    "the program on the SMTP port does not speak SMTP",
	    "find out which program listens on this port, and check proxies and firewalls in front "
	    "of it; the log of the mail server usually says why it ended the connection." },
};

static void
judge_closed_mx(const struct smtp_case *c)
{
	struct finding *f = smtp_find(c, SMTP_MX_CLOSED, VERDICT_WARN,
	    "the MX record of %s names this server, and its SMTP port refused the connection",
	    c->target->names.mx_of);
	finding_remedy(c->out, f,
	    "Start the mail server of %s and make it listen on this port of %s, or remove the MX "
	    "record.",
	    c->server, c->target->address);
}

static void
judge_no_dialogue(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	if (d->status == SMTP_CLOSED && c->target->names.mx_of != NULL) {
		judge_closed_mx(c);
		return;
	}
	for (size_t i = 0; i < sizeof no_dialogues / sizeof no_dialogues[0]; i++) {
		const struct no_dialogue *row = &no_dialogues[i];
		if (row->status != d->status)
			continue;
		const char *greets = d->banner[0] == '\0' ?
		    "" :
		    arena_printf(c->out->arena, "; it begins its greeting with \"%s\"", d->banner);
		struct finding *f = smtp_find(c, row->rule, row->verdict, "%s%s%s%s", row->text,
		    d->error[0] != '\0' ? ": " : "", d->error, greets);
		finding_remedy(c->out, f, "For %s: %s", c->target->address, row->remedy);
	}
}

static void
judge_greeting(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	enum verdict verdict = d->banner_code < 500 ? VERDICT_TEMPERROR : VERDICT_WARN;
	struct finding *f = smtp_find(c, SMTP_GREETING_REFUSED, verdict,
	    "the server greets with a refusal: %d %s", d->banner_code, d->banner);
	finding_remedy(c->out, f,
	    "When %s should receive mail: find out in its log why it refused, and whether it also "
	    "refuses other machines.",
	    c->target->address);
}

static bool
fell_back_to_helo(const struct smtp_dialogue *d)
{
	return d->ehlo_code == 500 || d->ehlo_code == 502;
}

static void
judge_our_name(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	struct finding *f = smtp_find(c, SMTP_OUR_NAME, VERDICT_TEMPERROR,
	    "the server refused the name that we said in EHLO, %s (--ehlo-as NAME says another): "
	    "%s",
	    d->our_name, d->error);
	finding_remedy(c->out, f,
	    "Say a name that resolves to the address of the machine that you check from: "
	    "`mailready %s --ehlo-as NAME`",
	    c->target->address);
}

static void
judge_mask(const struct smtp_case *c)
{
	const char *mask = smtp_mask(c->dialogue);
	if (mask == NULL)
		return;
	bool hides_tls = c->dialogue->tls == SMTP_TLS_NOT_OFFERED;
	struct finding *f = smtp_find(c, SMTP_MASKED, VERDICT_WARN,
	    "a firewall with SMTP inspection writes over what the server says%s: \"%s\"",
	    hides_tls ? ", and lets no STARTTLS through" : "", mask);
	finding_remedy(c->out, f,
	    "Turn off SMTP inspection in the firewall in front of %s (Cisco ASA: no inspect esmtp; "
	    "PIX: no fixup protocol smtp 25).",
	    c->server);
}

static void
judge_ehlo(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	struct finding *f;
	if (d->ehlo_code == 250)
		return;
	if (smtp_refuses_our_name(d)) {
		judge_our_name(c);
		return;
	}
	if (fell_back_to_helo(d) && d->error[0] == '\0')
		f = smtp_find(c, SMTP_HELO_ONLY, VERDICT_WARN,
		    "the server knows only HELO: it answered EHLO with %d", d->ehlo_code);
	else
		f = smtp_find(c, SMTP_EHLO_REFUSED,
		    d->error[0] == '4' ? VERDICT_TEMPERROR : VERDICT_WARN,
		    "the server refused %s%s%s: %s",
		    fell_back_to_helo(d) ? "EHLO and HELO" : "EHLO",
		    d->our_name[0] != '\0' ? " " : "", d->our_name, d->error);
	finding_remedy(c->out, f,
	    "Allow EHLO on %s, and turn off SMTP inspection (\"fixup\") in firewalls in front of "
	    "it.",
	    c->server);
}

static void
judge_notes(const struct smtp_case *c)
{
	unsigned notes = c->dialogue->notes;
	struct finding *f;
	if (notes & SMTP_NOTE_BARE_LF) {
		f = smtp_find(c, SMTP_LINE_ENDS, VERDICT_INFO,
		    "the server ends lines with only LF instead of CR and LF");
		finding_remedy(c->out, f,
		    "Update the SMTP software of %s, or the device that rewrites its replies.",
		    c->server);
	}
	if (notes & SMTP_NOTE_MIXED_CODES) {
		f = smtp_find(c, SMTP_MIXED_CODES, VERDICT_INFO,
		    "the lines of one reply have different codes");
		finding_remedy(c->out, f, "Correct the reply text in the configuration of %s.",
		    c->server);
	}
	if (notes & SMTP_NOTE_INJECTED) {
		f = smtp_find(c, SMTP_STARTTLS_INJECTION, VERDICT_WARN,
		    "plain text came after the reply to STARTTLS; it was dropped");
		finding_remedy(c->out, f,
		    "Update the SMTP software of %s. If it is current, find out which device "
		    "changes the connection on the way.",
		    c->server);
	}
}

/* TLS that was not reached: one row a state. */
static const struct no_tls {
	enum smtp_tls tls;
	enum smtp_rule rule;
	enum verdict verdict;
	const char *text;
	const char *remedy; /* follows "For SERVER: " */
} no_tls[] = {
	{ SMTP_TLS_NOT_OFFERED, SMTP_STARTTLS_MISSING, VERDICT_WARN,
	    "the server does not offer STARTTLS",
	    "get a certificate and turn on opportunistic TLS for receiving and for sending (in "
	    "Postfix: smtpd_tls_chain_files, and smtpd_tls_security_level and "
	    "smtp_tls_security_level = may)." },
	{ SMTP_TLS_REFUSED, SMTP_STARTTLS_REFUSED, VERDICT_WARN,
	    "the server offers STARTTLS but refuses the command",
	    "see the log of the mail server: a key or certificate that cannot be read is the "
	    "usual cause." },
	{ SMTP_TLS_FAILED, SMTP_TLS_HANDSHAKE, VERDICT_WARN,
	    "the server offers STARTTLS but the handshake fails",
	    "see the log of the mail server for the TLS error: certificate and key that do not "
	    "belong together, and protocol or cipher lists with nothing in common, are the usual "
	    "causes." },
	{ SMTP_TLS_UNKNOWN, SMTP_TLS_NOT_KNOWN, VERDICT_TEMPERROR,
	    "the server offers STARTTLS, but the rest is unknown" LONGER,
	    "try again with a longer time limit." },
};

static void
judge_no_tls(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	for (size_t i = 0; i < sizeof no_tls / sizeof no_tls[0]; i++) {
		if (no_tls[i].tls != d->tls)
			continue;
		struct finding *f = smtp_find(c, no_tls[i].rule, no_tls[i].verdict, "%s%s%s",
		    no_tls[i].text, d->tls_error[0] != '\0' ? ": " : "", d->tls_error);
		finding_remedy(c->out, f, "For %s: %s", c->server, no_tls[i].remedy);
	}
}

static bool
is_old_version(const char *version)
{
	static const char *const old[] = { "SSLv2", "SSLv3", "TLSv1", "TLSv1.1" };
	for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
		if (strcmp(version, old[i]) == 0)
			return true;
	return false;
}

static void
judge_tls(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	struct finding *f;
	if (is_old_version(d->tls_version)) {
		f = smtp_find(c, SMTP_TLS_OLD, VERDICT_WARN,
		    "the server speaks at most %s, though TLS 1.2 was offered", d->tls_version);
		finding_remedy(c->out, f, "Update the TLS library of %s and allow TLS 1.2 and 1.3.",
		    c->server);
	}
	if (d->tls_weak) {
		f = smtp_find(c, SMTP_TLS_WEAK, VERDICT_WARN,
		    "clients at security level 2 refuse the key exchange with %s", d->tls_exchange);
		finding_remedy(c->out, f,
		    "Give %s DH parameters of 2048 bits or more (Postfix: "
		    "smtpd_tls_dh1024_param_file = auto; Exim: tls_dhparam = default), and let it "
		    "offer ECDHE.",
		    c->server);
	}
	if (d->error[0] != '\0') {
		f = smtp_find(c, SMTP_TLS_DIALOGUE, VERDICT_WARN,
		    "the dialogue did not continue after the TLS handshake: %s", d->error);
		finding_remedy(c->out, f, "See in the log of %s what happened after STARTTLS.",
		    c->server);
	}
	smtp_judge_cert(c);
}

/* After a refused EHLO there is nothing more: TLS could not be reached. */
static void
judge_dialogue(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	judge_ehlo(c);
	judge_notes(c);
	judge_mask(c);
	bool hidden = d->tls == SMTP_TLS_NOT_OFFERED && smtp_mask(d) != NULL;
	if (d->tls == SMTP_TLS_DONE)
		judge_tls(c);
	else if (d->ehlo_code == 250 && !hidden)
		judge_no_tls(c);
}

static bool
all_good(const struct findings *out, size_t from)
{
	for (size_t i = from; i < out->n; i++)
		if (out->list[i]->verdict != VERDICT_INFO && out->list[i]->verdict != VERDICT_SKIP)
			return false;
	return true;
}

static const char *
as_name(const struct smtp_case *c, const char *name)
{
	return name[0] != '\0' ? arena_printf(c->out->arena, "as %s", name) : "without a name";
}

static void
say_ready(const struct smtp_case *c)
{
	const struct smtp_dialogue *d = c->dialogue;
	struct arena *a = c->out->arena;
	smtp_find(c, SMTP_READY, VERDICT_PASS,
	    "greets %s, answers EHLO %s, and STARTTLS with %s; the certificate for %s is valid "
	    "until %s",
	    as_name(c, ehlo_name_in_greeting(d)), as_name(c, ehlo_name_in_reply(d)), d->tls_version,
	    names_shown(d->cert.names, d->cert.n_names, a), smtp_day(c, d->cert.not_after_s));
}

static void
judge_facts(const struct smtp_case *c)
{
	size_t before = c->out->n;
	if (c->dialogue->status != SMTP_TALKED) {
		judge_no_dialogue(c);
	} else if (c->dialogue->banner_code != 220) {
		judge_greeting(c);
	} else {
		judge_dialogue(c);
		if (all_good(c->out, before))
			say_ready(c);
	}
}

static void
judge(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct smtp_view *v = known_smtp(k);
	struct smtp_case c = {
		.known = k,
		.target = t,
		.out = out,
		.dialogue = v->dialogue,
		.fact = v->fact,
		.subject = arena_printf(out->arena, "%s port %u", t->address, t->policy->smtp_port),
		.name = v->name,
		.server = v->name[0] != '\0' ? v->name : t->address,
	};
	if (v->left_out != NULL)
		smtp_find(&c, SMTP_SKIPPED, VERDICT_SKIP, "not checked: %s", v->left_out);
	else
		judge_facts(&c);
}

const struct check check_smtp = {
	.id = "smtp",
	.title = "SMTP dialogue",
	.spec = "RFC 5321, RFC 3207",
	.rules = smtp_rules,
	.n_rules = SMTP_RULES,
	.wants = wants,
	.judge = judge,
};
