#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A plain C face for the one thing that the package needs of libcurl: a file by HTTP or HTTPS.

/// What is to be fetched, and how patiently.
typedef struct ccurl_request {
    /// An http or https address; up to five redirections to others are followed.
    const char *url;
    /// The first byte wanted, counted from 0; a server may send from 0 all the same.
    int64_t first;
    /// Seconds to wait for a connection.
    long connect_seconds;
    /// Seconds without a byte after which the transfer is given up.
    long stall_seconds;
} ccurl_request;

/// How a transfer ended.
typedef enum ccurl_outcome {
    /// Everything that the server announced has come.
    ccurl_done,
    /// The receiver did not want to go on.
    ccurl_stopped,
    /// The server answered with a status of 400 or more.
    ccurl_status,
    /// No connection: no such host, no network, nobody listens.
    ccurl_unreachable,
    /// The server cannot prove who it is.
    ccurl_untrusted,
    /// The connection broke or stalled, or what came was not HTTP.
    ccurl_broken,
} ccurl_outcome;

/// What is known after a transfer.
typedef struct ccurl_result {
    ccurl_outcome outcome;
    /// The server's last status; 0 where there was none.
    long status;
    /// libcurl's words for what went wrong.
    char message[256];
} ccurl_result;

/// Receives a piece of a body. `first` is where the body begins in the file: 0, or what was asked
/// for, or whatever else the server says. Returns false to stop.
typedef bool (*ccurl_receiver)(
    void *context, int64_t first, const uint8_t *bytes, size_t length);

/// Fetches a file; bodies of statuses of 400 or more are not received. It may be called from any
/// thread, in several at a time.
ccurl_result ccurl_fetch(const ccurl_request *request, ccurl_receiver receive, void *context);

#endif
