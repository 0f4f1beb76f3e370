/*
 * Providers with a token and an HTTP API in JSON: one client, and for the simple ones one table.
 * A row says where the API keeps what, in the API's own words: paths and bodies are written as its
 * documentation shows them, with {ip} and the like in the places of values.  There are no conditions
 * and no loops in a row; an API that needs them is code on top of the client, as powerdns.c is.
 */
#ifndef MAILREADY_PROVIDER_REST_REST_PRIV_H
#define MAILREADY_PROVIDER_REST_REST_PRIV_H

#include "provider/provider_priv.h"
#include "provider/rest/vendor_file_priv.h"

enum {
	REST_VARIABLES_MAX = 3,
	REST_TIMEOUT_MS = 30 * 1000,
	REST_PAGES_MAX = 200,
	REST_ABSENT = 404
};

/* A call that changes something; body NULL: none, "{...}": JSON, all else: a form. */
struct rest_write {
	const char *method, *path, *body;
};

/* One kind of object that holds addresses: a primary IP, a server. */
struct rest_kind {
	const char *word;   /* in the id of a place: letters, digits, - and _ */
	const char *title;  /* "primary IP" */
	const char *plural; /* NULL: the title with an s */
	uint8_t family;     /* 4 or 6; 0: both */
	const char *find;   /* path that lists the objects, or the one with the address */
	const char *list; /* the list in its reply, "" is all of it; NULL: it is about one object */
	const char *id;   /* of an object; NULL: the address is the key */
	const char *address; /* of an object: an address, or a network "2001:db8::/64" */
	const char *bits;    /* of an object: the length of the network, where address lacks it */
	const char *get;     /* path that reads the record */
	const char *object;  /* the object in its reply; NULL: the reply itself */
	bool same;           /* it has the members of find's objects: its address is compared */
	const char *absent;  /* in the words of a 404: it is ours, and has no record; NULL */
	const char *names;   /* the name, or a list of names of single addresses */
	const char *entry_ip, *entry_name; /* in such a list */
	/* path that lists all of them with their names, and the list in its reply; NULL: there is
	 * none, or another kind has it */
	const char *all, *all_list;
	struct rest_write set, unset;
};

/* The placeholders, and what stands for them: NULL in none of these texts. */
struct rest_values {
	const char *ip;       /* {ip}: RFC 5952 */
	const char *full;     /* {full}: the same with all its digits */
	const char *id;       /* {id} */
	const char *area;     /* {area}: one of the row's areas */
	const char *name;     /* {name}: without final dot */
	const char *action;   /* {action} */
	const char *dashed;   /* {dashed}: 192-0-2-1 */
	const char *network;  /* {network}: 192-0-2 */
	const char *reversed; /* {reversed}: 1.2.0.192 */
};

struct rest_api {
	const char *service; /* the word of --endpoint */
	const char *base;    /* "https://api.example.com"; NULL: the user says it */
	const char *version; /* what the base may end in and the paths begin with: "/v1"; "" */
	const char *token_variables[REST_VARIABLES_MAX];
	const struct rest_file *file; /* of the vendor's tool, where none of them is set; NULL */
	const char *base_variables[REST_VARIABLES_MAX];
	/* Of the user whose password the token is, for HTTP Basic (RFC 7617); all NULL: there is none. */
	const char *user_variables[REST_VARIABLES_MAX];
	const char *header, *scheme; /* "Authorization", "Bearer " */
	/* Adds the headers itself, where they are more than a token; NULL. */
	enum err_code (
	    *authorize)(struct provider_session *s, struct http_request *r, struct err *err);
	const char *account;                   /* what a token belongs to: "project", "account" */
	const char *rights;                    /* what the token needs: a sentence for 403 */
	const char *words[REST_VARIABLES_MAX]; /* where an error's text is: "error.message" */
	const char
	    *busy; /* part of an error that means too many requests, whatever its status; NULL */
	/* Parts of the errors by which the API says that it does not see the name's address yet. */
	const char *unseen[REST_VARIABLES_MAX];
	uint32_t unseen_s; /* how long it is usually waited for, in seconds */
	/* What a list says of its next page, a number or a text, and the parameter that asks for it.
	 * Without next, pages are numbers: a reply says how many there are, or a list shorter than
	 * page_size is the last. */
	const char *next, *page, *pages;
	size_t page_size;
	const char *const
	    *areas; /* to be asked one by one, NULL at the end; NULL: there are none */
	const char *area_variable; /* names the only one to ask; NULL */
	const struct rest_kind *kinds;
	size_t n_kinds;
	const char *note; /* to be known after each change: a sentence; NULL */
	/* Names that it gives itself, NULL at the end; "*" at the beginning is any text; NULL. */
	const char *const *defaults;
	/* Changes that go on after the reply: the id in it, the path that tells more, the state. */
	const char *action, *action_path, *action_state, *action_error;
};

struct rest {
	const struct rest_api *api;
	const char *base;   /* in the session's arena, without final slash and version */
	const char *source; /* the variable or file of the token, for messages */
	const char *secret; /* what is in it: "token", "password" */
	char *token;        /* as the header has it after the scheme; wiped; NULL with authorize */
	void *own;          /* of the provider whose authorize it is */
	const char *action; /* of the last put of any kind; "" */
	bool in_words;      /* the last refusal was in the API's own words, not a gateway's */
};

struct rest_call {
	const char *method, *path; /* from the version on, encoded */
	json_t *body;              /* released by the call; NULL: none */
	const char *form;          /* a form in the place of a body, encoded; NULL */
	const char *absent;        /* as in a kind: such a 404 is a reply without a body */
	const char *what;          /* for errors: "the PTR record of ..." */
	/* Bytes of the reply's body, beyond which it is ERR_DATA; 0: HTTP_BODY_MAX, beyond which it is
	 * ERR_TEMP. */
	size_t body_max;
};

/* ---- token.c */

bool rest_configured(const struct rest_api *api, const struct provider_options *o);
enum err_code rest_open(struct provider_session *s, struct err *err);

/* The one area that the user names, "" without one, and by which option or variable. */
const char *rest_area(const struct rest_api *api, const struct provider_options *o,
    const char **from);

/* The state of a session whose credentials are known; token is taken, whatever is returned.  base gives way
 * to --endpoint. */
enum err_code rest_begin(struct provider_session *s, const char *base, const char *source,
    char *token, struct err *err) MUST_CHECK;
void rest_close(struct provider_session *s);

/* ---- call.c */

/*
 * ERR_NONE for a 2xx, and for a 404 that says what the call has in absent; *json is the body, the caller's
 * to release, NULL for an empty one and for that 404.  *status is 0 without a reply; for all else, err says
 * what it means in the API's own words.
 */
enum err_code rest_call(struct provider_session *s, const struct rest_call *call, int *status,
    json_t **json, struct err *err) MUST_CHECK;

/* What the action that the last put began says of itself; what: for errors, "the change of ...". */
enum err_code rest_action_poll(struct provider_session *s, const char *what,
    enum provider_state *state, struct err *err) MUST_CHECK;

/* ---- text.c */

/* The texts of an address and its place, in a; of the rest, "". */
void rest_values_of(struct arena *a, const struct ip *ip, struct rest_values *out);

/* The text with every {word} replaced, in a; url: what is put in is encoded. */
const char *rest_fill(struct arena *a, const char *text, const struct rest_values *values,
    bool url);

/* A body of one level, as the API's documentation shows it; a new reference. */
json_t *rest_fill_json(struct arena *a, const char *text, const struct rest_values *values);

/* The member at "error.message" or "errors.0.reason"; NULL path: from itself; what is below null is null;
 * NULL: no such member. */
const json_t *rest_at(const json_t *from, const char *path);

/* A text or a whole number as text, in a; "" for all else. */
const char *rest_text(struct arena *a, const json_t *value);

/* The text at the path, in a; "" for null.  NULL: it is missing or is not a text, which err says (ERR_TEMP);
 * title: of the object. */
const char *rest_need_text(struct arena *a, const json_t *object, const char *path,
    const char *title, struct err *err) MUST_CHECK;

/* ---- list.c */

/* Gets NULL in the place of the one object that the API says is absent.  False: enough, or err is set. */
typedef bool rest_object_fn(void *arg, const json_t *object, struct err *err);

/* All objects of a list, page by page, or the reply's one object.  status: of the last reply.  ERR_TEMP: a
 * reply has another shape. */
enum err_code rest_each(struct provider_session *s, const struct rest_call *first, const char *list,
    rest_object_fn *fn, void *arg, int *status, struct err *err) MUST_CHECK;

/* Has the object the address?  "192.0.2.1", "2001:db8::/64", or a network whose length is another member.
 * False with err set: the object has another shape. */
bool rest_covers(struct provider_session *s, const struct rest_kind *kind, const json_t *object,
    const struct ip *ip, struct err *err);

/* An entry of the names of a kind: its address, and its name in the session's arena, "" without one.  False: err
 * says that it has another shape (ERR_TEMP). */
bool rest_entry(struct provider_session *s, const struct rest_kind *kind, const json_t *entry,
    struct ip *ip, const char **name, struct err *err) MUST_CHECK;

/* ---- table.c: the functions of a provider whose API is a row */

enum err_code rest_find(struct provider_session *s, const struct ip *ip, struct provider_place *out,
    struct err *err);
enum err_code rest_get(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, struct arena *a, struct provider_record *out, enum provider_state *state,
    struct err *err);
enum err_code rest_put(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, const struct provider_record *record, struct err *err);
enum err_code rest_poll(struct provider_session *s, const struct provider_place *place,
    const struct ip *ip, enum provider_state *state, struct err *err);

/* The areas to ask: the one that the user names, else all of the row; one empty where there are none. */
const char *const *rest_areas(struct provider_session *s);

/*
 * A list that is refused says nothing of the addresses, ERR_CONFIG: the area that the user names may not be
 * one.
 */
enum err_code rest_list_refused(struct provider_session *s, struct err *err);

/* Adds a name of the address of these values to a record, in a; "" adds nothing. */
enum err_code rest_take_name(struct provider_session *s, const struct rest_values *values,
    const char *text, struct arena *a, struct provider_record *out, struct err *err) MUST_CHECK;

/* ---- all.c */

/* What kinds with all have, each address once. */
enum err_code rest_list(struct provider_session *s, struct arena *a, struct provider_record **out,
    size_t *n, struct err *err);

/* ---- hetzner_dns.c: the forward records of a provider, see provider/provider.h */

enum err_code hetzner_forward_get(struct provider_session *s, const char *name,
    const struct ip *family_of, struct provider_set *out, struct err *err);
enum err_code hetzner_forward_put(struct provider_session *s, const char *name,
    const struct ip *family_of, const struct provider_set *new, struct err *err);
enum err_code hetzner_forward_poll(struct provider_session *s, const char *name,
    const struct ip *family_of, enum provider_state *state, struct err *err);

/* One name, no description, no tags. */
enum err_code rest_check_one(const struct provider_record *record, struct err *err);

#endif
