// A plugin that hands everything on to another, PLUGIN, but for one fault:
// EXECUTIONS=n: the n-th execution and all after it give an error;
// OLD: the interface's version is another; SMALL: its table is too short; NO_CLIENT: no client.
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

typedef void *(*function)(void *);

static char table[2048];
static function execute;

static function *functions(void) { return (function *)(table + 40); }

// A block that is too small is refused by the plugin: an error object of its own making.
static void *failure(void *block) {
    (void)block;
    size_t empty[16] = {0};
    return execute(empty);
}

static int executions;

static void *counted(void *block) {
#ifdef EXECUTIONS
    if (++executions >= EXECUTIONS) return failure(block);
#endif
    return execute(block);
}

const void *GetPjrtApi(void) {
    const void *(*get)(void) =
        (const void *(*)(void))dlsym(dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL), "GetPjrtApi");
    const void *api = get();
    size_t size = *(const size_t *)api;
    memcpy(table, api, size < sizeof table ? size : sizeof table);
    execute = functions()[55];
    functions()[55] = counted;
#ifdef OLD
    *(int *)(table + 32) = 1;
#endif
#ifdef SMALL
    *(size_t *)table = 400;
#endif
#ifdef NO_CLIENT
    functions()[10] = failure;
#endif
    return table;
}
