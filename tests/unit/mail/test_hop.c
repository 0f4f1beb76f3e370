/* Which hop of a message its receiver judged, whatever the sender wrote below it. */
#include "mail/hop.h"

#include "base/arena.h"
#include "test.h"

#define OUTSIDE \
	"Received: from mail.example.com (mail.example.com [203.0.113.25]) by mx.example.net " \
	"with " \
	"ESMTPS; x\n"
#define LOCAL "Received: from localhost (localhost [127.0.0.1]) by mx.example.net with ESMTP; x\n"
#define PRIVATE "Received: from mx (mx [10.0.0.5]) by store.example.net with ESMTPS; x\n"
#define STORE "Received: from mx by store.example.net with LMTP id 1; x\n"
#define RELAY \
	"Received: from mx2 (mx2.example.net [198.51.100.7]) by in.example.net with ESMTP; x\n"
#define FORGED \
	"Received: from bank.example (bank.example [192.0.2.66]) by mx.example.net with ESMTP; " \
	"x\n"
#define MICROSOFT \
	"Received: from AM9.eurprd02.prod.outlook.com (2603:10a6:20b:5a0::12) by " \
	"VI1.eurprd02.prod.outlook.com (2603:10a6:800::1) with Microsoft SMTP Server id 1; x\n"
#define RESULT(id) "Authentication-Results: " id "; spf=pass\n"
#define REST "From: joe@example.com\n\nbody\n"

static const struct {
	const char *name, *text, *trust; /* one address; "" */
	enum hop_status status;
	const char *address;
	size_t number, n_received, n_below;
	const char *results; /* servers, "+" for a certain one */
} rows[] = {
	{ "one", OUTSIDE REST, "", HOP_FOUND, "203.0.113.25", 1, 1, 0, "" },
	{ "a filter above", LOCAL OUTSIDE REST, "", HOP_FOUND, "203.0.113.25", 2, 2, 0, "" },
	{ "a store, a private network, and a filter", STORE PRIVATE LOCAL OUTSIDE FORGED REST, "",
	    HOP_FOUND, "203.0.113.25", 4, 5, 1, "" },
	{ "what is below is not believed, however it looks", OUTSIDE LOCAL PRIVATE FORGED REST, "",
	    HOP_FOUND, "203.0.113.25", 1, 4, 3, "" },
	{ "a public relay is outside", RELAY OUTSIDE REST, "", HOP_FOUND, "198.51.100.7", 1, 2, 1,
	    "" },
	{ "and inside when it is trusted", RELAY OUTSIDE FORGED REST, "198.51.100.7", HOP_FOUND,
	    "203.0.113.25", 2, 3, 1, "" },
	{ "Microsoft hands on over public addresses", MICROSOFT OUTSIDE REST, "", HOP_FOUND,
	    "203.0.113.25", 2, 2, 0, "" },
	{ "not when others are trusted", MICROSOFT OUTSIDE REST, "198.51.100.7", HOP_FOUND,
	    "2603:10a6:20b:5a0::12", 1, 2, 1, "" },
	{ "no address", "Received: from mail.example.com by mx.example.net with ESMTP; x\n" REST,
	    "", HOP_NO_ADDRESS, "", 1, 1, 0, "" },
	{ "inside alone", LOCAL PRIVATE REST, "", HOP_INSIDE, "", 0, 2, 0, "" },
	{ "no field", REST, "", HOP_NO_FIELD, "", 0, 0, 0, "" },
	{ "results above", RESULT("mx.example.net") OUTSIDE REST, "", HOP_FOUND, "203.0.113.25", 1,
	    1, 0, "+mx.example.net " },
	{ "results at once below", OUTSIDE RESULT("mx.example.net") RESULT("in.example.net") REST,
	    "", HOP_FOUND, "203.0.113.25", 1, 1, 0, "mx.example.net in.example.net " },
	{ "results of others", OUTSIDE RESULT("mx.bank.example") REST, "", HOP_FOUND,
	    "203.0.113.25", 1, 1, 0, "" },
	{ "results further down", OUTSIDE FORGED RESULT("mx.example.net") REST, "", HOP_FOUND,
	    "203.0.113.25", 1, 2, 1, "" },
};

static const char *
servers(struct arena *a, const struct hop *h)
{
	const char *text = "";
	for (size_t i = 0; i < h->n_results; i++)
		text = arena_printf(a, "%s%s%s ", text, h->results[i].certain ? "+" : "",
		    h->results[i].results.server);
	return text;
}

static void
test_hops(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct err err;
		struct message m;
		struct hop h;
		struct hop_range own;
		char text[IP_TEXT_MAX] = "";
		bool trust = rows[i].trust[0] != '\0';
		ROW(rows[i].name);
		arena_init(&a);
		struct message_reader *r = message_begin(&a);
		assert_int_equal(message_add(r, rows[i].text, strlen(rows[i].text), &err),
		    ERR_NONE);
		assert_int_equal(message_end(r, &m, &err), ERR_NONE);
		assert_true(!trust || ip_parse(rows[i].trust, &own.first));
		own.last = own.first;
		hop_find(&a, &m, &own, trust, &h);
		assert_int_equal(h.status, rows[i].status);
		if (h.status == HOP_FOUND)
			ip_format(&h.received.address, text);
		assert_string_equal(text, rows[i].address);
		assert_int_equal(h.number, rows[i].number);
		assert_int_equal(h.n_received, rows[i].n_received);
		assert_int_equal(h.n_below, rows[i].n_below);
		assert_string_equal(servers(&a, &h), rows[i].results);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
