/* What is known of a message as JSON, and back: for dumps of facts. */
#ifndef MAILREADY_MAIL_MESSAGE_JSON_H
#define MAILREADY_MAIL_MESSAGE_JSON_H

#include <jansson.h>

#include "base/json.h"
#include "mail/message.h"

struct arena;

/* A new reference. */
json_t *message_json(const struct message *m);

/* In the arena.  Untrusted: errors go to r. */
const struct message *message_load(struct json_reader *r, const json_t *object, struct arena *a);

#endif
