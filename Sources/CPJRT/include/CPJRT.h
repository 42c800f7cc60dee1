// The parts of XLA's C interface, PJRT, that this project calls: argument blocks and their numbers.
//
// Source: the interface of version 0.81 and later; its functions keep their order, and blocks only
// grow at their ends. A plugin refuses a block that is smaller than it knows, and takes a larger
// one.
#ifndef CPJRT_H
#define CPJRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The table of functions of a plugin.
typedef struct {
    size_t struct_size;
    void *extensions;
    /// Size, extensions, major and minor.
    size_t version_size;
    void *version_extensions;
    int32_t major, minor;
} pjrt_api;

/// Numbers of functions in the table, from its byte 40 on.
typedef enum {
    PJRT_ERROR_DESTROY = 0,
    PJRT_ERROR_MESSAGE = 1,
    PJRT_ERROR_CODE = 2,
    PJRT_PLUGIN_INITIALIZE = 3,
    PJRT_EVENT_DESTROY = 5,
    PJRT_EVENT_AWAIT = 8,
    PJRT_CLIENT_CREATE = 10,
    PJRT_CLIENT_PLATFORM_NAME = 12,
    PJRT_CLIENT_PLATFORM_VERSION = 14,
    PJRT_CLIENT_ADDRESSABLE_DEVICES = 16,
    PJRT_CLIENT_COMPILE = 20,
    PJRT_BUFFER_FROM_HOST = 22,
    PJRT_DESCRIPTION_KIND = 26,
    PJRT_DEVICE_DESCRIPTION = 29,
    PJRT_DEVICE_MEMORY = 34,
    PJRT_EXECUTABLE_DESTROY = 40,
    PJRT_EXECUTABLE_SERIALIZE = 49,
    PJRT_LOADED_DESTROY = 50,
    PJRT_LOADED_EXECUTABLE = 51,
    PJRT_LOADED_EXECUTE = 55,
    PJRT_DESERIALIZE = 56,
    PJRT_BUFFER_DESTROY = 58,
    PJRT_BUFFER_TO_HOST = 70,
} pjrt_function;

/// Bytes that a table must have at least: that of version 0.81's functions up to 92.
#define PJRT_SMALLEST_TABLE 776

/// The code of an error that tells of too little memory.
#define PJRT_RESOURCE_EXHAUSTED 8

/// Types of elements.
typedef enum { PJRT_S32 = 4, PJRT_U8 = 6, PJRT_U32 = 8, PJRT_F32 = 11 } pjrt_type;

/// Each block begins with its size, and with extensions that are not used here.
#define PJRT_BLOCK size_t struct_size; void *extensions

typedef struct { PJRT_BLOCK; } pjrt_head;
typedef struct { PJRT_BLOCK; void *object; } pjrt_object;
typedef struct { PJRT_BLOCK; void *object; const char *text; size_t count; } pjrt_text;
typedef struct { PJRT_BLOCK; void *object; void *result; } pjrt_part;
typedef struct { PJRT_BLOCK; void *object; int32_t code; } pjrt_code;
typedef struct { PJRT_BLOCK; void *object; void *const *items; size_t count; } pjrt_list;

/// A setting; one of bytes stands for true or false, as its kind says.
typedef struct {
    PJRT_BLOCK;
    const char *name;
    size_t name_count;
    /// 4: a bool.
    int32_t kind;
    union {
        bool truth;
        int64_t number;
    } value;
    size_t count;
} pjrt_setting;

typedef struct {
    PJRT_BLOCK;
    void *device;
    int64_t in_use, peak;
    bool has_peak;
    /// More of the like.
    int64_t rest[18];
} pjrt_memory;

typedef struct {
    PJRT_BLOCK;
    const pjrt_setting *options;
    size_t option_count;
    void *store[4];
    void *client;
    void *more[2];
} pjrt_client_create;

typedef struct {
    PJRT_BLOCK;
    const char *code;
    size_t code_size;
    const char *format;
    size_t format_size;
} pjrt_program;

typedef struct {
    PJRT_BLOCK;
    void *client;
    const pjrt_program *program;
    const char *options;
    size_t options_size;
    void *loaded;
} pjrt_compile;

typedef struct {
    PJRT_BLOCK;
    void *executable;
    const char *bytes;
    size_t count;
    /// What holds the bytes, and the function that ends its life.
    void *holder;
    void (*release)(void *holder);
} pjrt_serialize;

typedef struct {
    PJRT_BLOCK;
    void *client;
    const char *bytes;
    size_t count;
    void *loaded;
    const char *options;
    size_t options_size;
} pjrt_deserialize;

typedef struct {
    PJRT_BLOCK;
    void *client;
    const void *data;
    int32_t type;
    const int64_t *dimensions;
    size_t rank;
    const int64_t *strides;
    size_t stride_count;
    /// 0: the data is copied during the call.
    int32_t semantics;
    void *device, *memory, *layout;
    void *done;
    void *buffer;
} pjrt_from_host;

typedef struct {
    PJRT_BLOCK;
    void *send, *receive;
    size_t send_count, receive_count;
    int32_t launch;
    const int64_t *kept;
    size_t kept_count;
    void *context, *location;
    size_t task_count;
    void *tasks, *incarnations;
} pjrt_execute_options;

typedef struct {
    PJRT_BLOCK;
    void *loaded;
    const pjrt_execute_options *options;
    /// A row of buffers for each device.
    void *const *const *arguments;
    size_t devices, argument_count;
    /// Rows that the plugin fills.
    void **const *outputs;
    void **events;
    void *device;
} pjrt_execute;

typedef struct {
    PJRT_BLOCK;
    /// Numbers of axes, the one whose elements are neighbours first.
    const int64_t *minor_to_major;
    size_t rank;
    const void *tiles, *tile_sizes;
    size_t tile_count;
} pjrt_axes;

typedef struct {
    PJRT_BLOCK;
    pjrt_axes axes;
    /// 0: by the axes above.
    int32_t kind;
} pjrt_layout;

typedef struct {
    PJRT_BLOCK;
    void *buffer;
    const void *layout;
    void *target;
    size_t size;
    void *event;
} pjrt_to_host;

/// The table of a plugin's functions, or NULL with a reason that `free` takes.
///
/// The library stays open: plugins may not be closed.
const pjrt_api *cpjrt_open(const char *path, char **reason);

/// Calls a function of the table with a block; its error object or NULL.
void *cpjrt_call(const pjrt_api *api, pjrt_function function, void *block);

/// Calls one of the two functions that return nothing.
void cpjrt_call_void(const pjrt_api *api, pjrt_function function, void *block);

#endif
