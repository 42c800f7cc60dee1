#include "CCurl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

typedef struct transfer {
    ccurl_receiver receive;
    void *context;
    int64_t first;
    bool stopped;
    long stall_seconds;
    // When patience ends, in seconds of a clock that is never set back.
    time_t deadline;
} transfer;

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

// "Content-Range: bytes 100-199/200"; every answer of a chain of redirections begins anew.
static size_t read_header(char *line, size_t size, size_t count, void *context) {
    transfer *state = context;
    static const char name[] = "content-range: bytes ";
    size_t length = size * count;
    if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0) {
        state->first = 0;
    } else if (length > sizeof name && strncasecmp(line, name, sizeof name - 1) == 0) {
        char digits[24] = {0};
        size_t rest = length - (sizeof name - 1);
        memcpy(digits, line + sizeof name - 1, rest < 23 ? rest : 23);
        char *end = NULL;
        long long first = strtoll(digits, &end, 10);
        state->first = end == digits || first < 0 ? -1 : first;
    }
    return length;
}

static size_t read_body(char *bytes, size_t size, size_t count, void *context) {
    transfer *state = context;
    size_t length = size * count;
    state->deadline = now() + state->stall_seconds;
    if (!state->receive(state->context, state->first, (const uint8_t *)bytes, length)) {
        state->stopped = true;
        return length + 1;
    }
    return length;
}

// libcurl's own limit looks at the average of some seconds, which long forgets a stop. Called at
// least once a second.
static int check_patience(
    void *context, curl_off_t total, curl_off_t received, curl_off_t to_send, curl_off_t sent) {
    (void)total;
    (void)received;
    (void)to_send;
    (void)sent;
    const transfer *state = context;
    return now() > state->deadline;
}

static void restrict_protocols(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

// Where this system keeps the certificates that it trusts; NULL for where the library was built to
// look, which is a place of the system that built it.
static const char *certificate_file(void) {
    const char *chosen = getenv("SSL_CERT_FILE");
    if (chosen && *chosen) return chosen;
#ifdef __linux__
    static const char *const places[] = {
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], R_OK) == 0) return places[i];
    }
#endif
    return NULL;
}

static void configure(CURL *curl, const ccurl_request *request, transfer *state, char *message) {
    char range[32];
    restrict_protocols(curl);
    const char *certificates = certificate_file();
    if (certificates) curl_easy_setopt(curl, CURLOPT_CAINFO, certificates);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "swift-wgan");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, request->connect_seconds);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_patience);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, state);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, state);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, read_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, state);
    if (request->first > 0) {
        // Not CURLOPT_RESUME_FROM, with which a server that sends everything is an error.
        snprintf(range, sizeof range, "%lld-", (long long)request->first);
        curl_easy_setopt(curl, CURLOPT_RANGE, range);
    }
}

static ccurl_outcome outcome(CURLcode code, const transfer *state) {
    if (state->stopped) {
        return ccurl_stopped;
    }
    switch (code) {
    case CURLE_OK: return ccurl_done;
    case CURLE_HTTP_RETURNED_ERROR: return ccurl_status;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return ccurl_unreachable;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return ccurl_untrusted;
    default: return ccurl_broken;
    }
}

ccurl_result ccurl_fetch(const ccurl_request *request, ccurl_receiver receive, void *context) {
    ccurl_result result = {.outcome = ccurl_broken};
    transfer state = {
        .receive = receive,
        .context = context,
        .stall_seconds = request->stall_seconds,
        .deadline = now() + request->connect_seconds + request->stall_seconds,
    };
    char message[CURL_ERROR_SIZE] = {0};
    pthread_once(&once, start);
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        snprintf(result.message, sizeof result.message, "libcurl could not start");
        return result;
    }
    configure(curl, request, &state, message);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result.status);
    result.outcome = outcome(code, &state);
    if (code == CURLE_ABORTED_BY_CALLBACK && !state.stopped) {
        snprintf(message, sizeof message, "nothing came for %ld s", request->stall_seconds);
    }
    snprintf(
        result.message, sizeof result.message, "%.255s",
        message[0] != '\0' ? message : curl_easy_strerror(code));
    curl_easy_cleanup(curl);
    return result;
}
