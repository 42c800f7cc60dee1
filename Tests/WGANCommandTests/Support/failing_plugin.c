// A plugin that hands everything on to another, PLUGIN, but for one fault:
// EXECUTIONS=n: the n-th execution and all after it give an error;
// NO_MEMORY: no program can be compiled, for lack of memory;
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

// An error of our own, with its words and code.
static void *no_memory(void *block) {
    (void)block;
    return table;
}

static function destroy, message, code;

static void *destroyed(void *block) { return ((void **)block)[2] == table ? NULL : destroy(block); }

static void *told(void *block) {
    if (((void **)block)[2] != table) return message(block);
    ((const char **)block)[3] = "Out of memory while trying to allocate 99 bytes.";
    ((size_t *)block)[4] = 48;
    return NULL;
}

static void *numbered(void *block) {
    if (((void **)block)[2] != table) return code(block);
    ((int *)block)[6] = 8;
    return NULL;
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
#ifdef NO_MEMORY
    destroy = functions()[0], message = functions()[1], code = functions()[2];
    functions()[0] = destroyed, functions()[1] = told, functions()[2] = numbered;
    functions()[20] = no_memory;
#else
    (void)no_memory, (void)destroyed, (void)told, (void)numbered;
#endif
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
