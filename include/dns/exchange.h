/*
 * One message to one server over TCP (RFC 7766) and its reply, blocking: for signed updates and
 * the reading back after them, where a datagram that is sent twice would do harm.
 */
#ifndef MAILREADY_DNS_EXCHANGE_H
#define MAILREADY_DNS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/endpoint.h"

struct buf;

/*
 * Fills reply with what the server answers.  timeout_ms is for everything together.
 * ERR_UNAVAILABLE: no connection; ERR_TEMP: no whole reply in time, or the connection was cut;
 * maybe_sent then says whether the server may have got the message.
 */
enum err_code dns_exchange(const struct endpoint *server, const struct buf *message,
    uint32_t timeout_ms, struct buf *reply, bool *maybe_sent, struct err *err) MUST_CHECK;

#endif
