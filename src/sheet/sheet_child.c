/*
 * The child that reads one file: it has the file, a socket to its parent, and nothing else. Once
 * it has looked at the first byte it can open no file, start no program, reach no network; time
 * and memory end where its limits are. Whatever a file makes of the libraries that read it, they
 * have nothing to do harm with.
 */
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "sheet/sheet_wire.h"

enum { CPU_SECONDS = 20, MEMORY_BYTES = 1 << 30, ARENA_BYTES = 512 << 20 };

/* --- giving up everything --- */

#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 }; /* its shadow takes more address space than there is memory */
#else
enum { IS_SANITIZED = 0 };
#endif

static bool limit(int what, rlim_t most)
{
    const struct rlimit limits = {.rlim_cur = most, .rlim_max = most};
    return setrlimit((__rlimit_resource_t)what, &limits) == 0;
}

/* Calls without which a C program cannot compute. Any other fails; those that would open, start or
 * connect are among them. */
static bool allow_calls(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(read),          SCMP_SYS(write),      SCMP_SYS(close),        SCMP_SYS(munmap),
        SCMP_SYS(mremap),        SCMP_SYS(madvise),    SCMP_SYS(brk),          SCMP_SYS(futex),
        SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),  SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),
        SCMP_SYS(sigaltstack),   SCMP_SYS(exit_group),
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    /* Memory, but none that could be run. */
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

bool sheet__give_up_everything(void)
{
    if (close_range(SHEET__WIRE_FILE + 1, ~0U, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return false;
    if (!limit(RLIMIT_CPU, CPU_SECONDS) || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0) ||
        !limit(RLIMIT_NOFILE, 0) || (!IS_SANITIZED && !limit(RLIMIT_AS, MEMORY_BYTES)))
        return false;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool is_loaded = filter != NULL && allow_calls(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_loaded;
}

/* --- the socket --- */

static bool read_all(void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = read(SHEET__WIRE_SOCKET, (char *)bytes + done, length - done);
        if (count <= 0 && !(count < 0 && errno == EINTR))
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool write_all(const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = write(SHEET__WIRE_SOCKET, (const char *)bytes + done, length - done);
        if (count < 0 && errno != EINTR)
            return false;
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool answer(struct sheet__wire_answer head, const struct buffer *body)
{
    head.bytes = (uint32_t)body->length;
    return write_all(&head, sizeof head) && write_all(body->bytes, body->length);
}

/* --- what is answered --- */

static bool answer_worksheets(const struct sheet *sheet, struct buffer *body)
{
    body->length = 0;
    for (int i = 0; i < sheet_count(sheet); i++) {
        const char *name = sheet_name(sheet, i);
        struct sheet__wire_worksheet worksheet = {.is_hidden = sheet_is_hidden(sheet, i),
                                                  .name_bytes = (uint32_t)strlen(name)};
        buffer_add_n(body, &worksheet, sizeof worksheet);
        buffer_add_n(body, name, worksheet.name_bytes);
    }
    return answer((struct sheet__wire_answer){.step = SHEET_ROW, .is_1904 = sheet_is_1904(sheet)},
                  body);
}

static void add_row(struct buffer *body, const struct sheet_row *row)
{
    struct sheet__wire_row head = {
        .number = row->number, .is_hidden = row->is_hidden, .count = (uint32_t)row->count};
    buffer_add_n(body, &head, sizeof head);
    for (size_t i = 0; i < row->count; i++) {
        const struct sheet_cell *cell = &row->cells[i];
        struct sheet__wire_cell wire = {.column = cell->column,
                                        .kind = (uint8_t)cell->kind,
                                        .is_date = cell->is_date,
                                        .is_merged_copy = cell->is_merged_copy,
                                        .text_bytes = (uint32_t)strlen(cell->text)};
        buffer_add_n(body, &wire, sizeof wire);
        buffer_add_n(body, cell->text, wire.text_bytes + 1);
    }
}

static bool answer_rows(struct sheet *sheet, struct buffer *body)
{
    body->length = 0;
    struct sheet_row row;
    enum sheet_step step = SHEET_ROW;
    while (step == SHEET_ROW && body->length < SHEET__WIRE_BATCH_BYTES) {
        step = sheet_next(sheet, &row);
        if (step == SHEET_ROW)
            add_row(body, &row);
    }
    return answer((struct sheet__wire_answer){.step = (int32_t)step,
                                              .refusal = (int32_t)sheet_refusal_of(sheet),
                                              .row_number = sheet_row_number(sheet)},
                  body);
}

static bool answer_selection(struct sheet *sheet, int i, struct buffer *body)
{
    body->length = 0;
    bool is_selected = i < sheet_count(sheet) && sheet_select(sheet, i);
    return answer((struct sheet__wire_answer){.step = is_selected ? SHEET_ROW : SHEET_BAD,
                                              .refusal = (int32_t)sheet_refusal_of(sheet)},
                  body);
}

static void serve(struct arena *arena, struct bytes file, const struct sheet_limits *limits)
{
    struct buffer body = buffer_new(arena, SHEET__WIRE_BATCH_BYTES * 2);
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open(arena, file, limits, &refusal);
    if (sheet == NULL) {
        answer((struct sheet__wire_answer){.step = SHEET_BAD, .refusal = (int32_t)refusal}, &body);
        return;
    }
    bool is_heard = answer_worksheets(sheet, &body);
    struct sheet__wire_command command;
    while (is_heard && read_all(&command, sizeof command))
        is_heard = command.select >= 0 ? answer_selection(sheet, command.select, &body)
                                       : answer_rows(sheet, &body);
}

/* A fault ends the child; that it did not answer says enough. */
static int serve_guarded(struct bytes file, const struct sheet_limits *limits)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct guard guard;
    if (GUARDED(arena, &guard) != FAULT_NONE)
        return 1;
    serve(arena, file, limits);
    guard_leave(arena, &guard);
    return 0;
}

int sheet_child_main(void)
{
    struct sheet__wire_start start;
    if (!read_all(&start, sizeof start))
        return 1;
    struct bytes file = {.length = start.file_bytes};
    if (file.length > 0)
        file.data = mmap(NULL, file.length, PROT_READ, MAP_PRIVATE, SHEET__WIRE_FILE, 0);
    if (file.data == MAP_FAILED || !sheet__give_up_everything())
        return 1;
    _exit(serve_guarded(file, &start.limits)); /* the process is the cleaning */
}
